/* SPDX-License-Identifier: BSD-3-Clause */
/* poses.c -- poses between their forms in files and fgopt's storage (manifold.h). Euler angles are TORO's: the rotation
 * is Rz(yaw) Ry(pitch) Rx(roll), radians. Quaternions are qx qy qz qw. */
#include "tags.h"
#include <fgopt/pose.h>
#include <math.h>
#include <string.h>

const unsigned char fgoi_columns_xyz[] = { FGOI_COLUMN_X, FGOI_COLUMN_Y, FGOI_COLUMN_Z };
const unsigned char fgoi_columns_xyt[] = { FGOI_COLUMN_X, FGOI_COLUMN_Y, FGOI_COLUMN_THETA };
const unsigned char fgoi_columns_euler[] = { FGOI_COLUMN_X,    FGOI_COLUMN_Y,     FGOI_COLUMN_Z,
                                             FGOI_COLUMN_ROLL, FGOI_COLUMN_PITCH, FGOI_COLUMN_YAW };
const unsigned char fgoi_columns_camera[] = { FGOI_COLUMN_X,  FGOI_COLUMN_Y,  FGOI_COLUMN_Z,  FGOI_COLUMN_QX,
                                              FGOI_COLUMN_QY, FGOI_COLUMN_QZ, FGOI_COLUMN_QW, FGOI_COLUMN_FX,
                                              FGOI_COLUMN_FY, FGOI_COLUMN_CX, FGOI_COLUMN_CY }; /* a pose, then more */
const unsigned char fgoi_columns_angle_range[] = { FGOI_COLUMN_THETA, FGOI_COLUMN_RANGE };

const char *fgoi_decode_xyt(const double *number, double *value, int *bad)
{
    (void)bad;
    value[0] = number[0];
    value[1] = number[1];
    value[2] = cos(number[2]);
    value[3] = sin(number[2]);
    return NULL;
}

void fgoi_encode_xyt(const double *value, double *number)
{
    number[0] = value[0];
    number[1] = value[1];
    number[2] = atan2(value[3], value[2]);
}

const char *fgoi_decode_quaternion(const double *number, double *value, int *bad)
{
    const double *q = number + 3;
    double largest = fmax(fmax(fabs(q[0]), fabs(q[1])), fmax(fabs(q[2]), fabs(q[3]))), squares = 0.0;
    if (largest == 0.0) {
        *bad = 3;
        return "the quaternion is zero, which is no rotation; the identity is 0 0 0 1";
    }
    memcpy(value, number, 3 * sizeof *value);
    /* divided by the largest first, so that squares of very large or small numbers neither overflow nor vanish */
    for (int i = 0; i < 4; i++) squares += (q[i] / largest) * (q[i] / largest);
    for (int i = 0; i < 4; i++) value[3 + i] = q[i] / largest / sqrt(squares);
    return NULL;
}

void fgoi_encode_quaternion(const double *value, double *number) { memcpy(number, value, 7 * sizeof *value); }

const char *fgoi_decode_euler(const double *number, double *value, int *bad)
{
    (void)bad;
    const fgo_so3 R = fgo_so3_from_euler((fgo_euler){ .roll = number[3], .pitch = number[4], .yaw = number[5] });
    memcpy(value, number, 3 * sizeof *value);
    memcpy(value + 3, R.q, sizeof R.q);
    return NULL;
}

void fgoi_encode_euler(const double *value, double *number)
{
    const fgo_euler angles = fgo_so3_to_euler((fgo_so3){ { value[3], value[4], value[5], value[6] } });
    memcpy(number, value, 3 * sizeof *number);
    number[3] = angles.roll;
    number[4] = angles.pitch;
    number[5] = angles.yaw;
}

static const char *decode_copy(const double *number, double *value, int n)
{
    memcpy(value, number, (size_t)n * sizeof *value);
    return NULL;
}

const char *fgoi_decode_xy(const double *number, double *value, int *bad)
{
    (void)bad;
    return decode_copy(number, value, 2);
}
void fgoi_encode_xy(const double *value, double *number) { memcpy(number, value, 2 * sizeof *number); }

const char *fgoi_decode_xyz(const double *number, double *value, int *bad)
{
    (void)bad;
    return decode_copy(number, value, 3);
}
void fgoi_encode_xyz(const double *value, double *number) { memcpy(number, value, 3 * sizeof *number); }

const char *fgoi_decode_angle(const double *number, double *value, int *bad)
{
    (void)bad;
    value[0] = cos(number[0]);
    value[1] = sin(number[0]);
    return NULL;
}
void fgoi_encode_angle(const double *value, double *number) { number[0] = atan2(value[1], value[0]); }

const char *fgoi_decode_bearing_range(const double *number, double *value, int *bad)
{
    fgoi_decode_angle(number, value, bad);
    value[2] = number[1];
    if (number[1] >= 0.0) return NULL;
    *bad = 1;
    return "a range is not negative";
}

void fgoi_encode_bearing_range(const double *value, double *number)
{
    fgoi_encode_angle(value, number);
    number[1] = value[2];
}

const char *fgoi_decode_camera(const double *number, double *value, int *bad)
{
    const char *why = fgoi_decode_quaternion(number, value, bad);
    memcpy(value + 7, number + 7, 4 * sizeof *value);
    for (int i = 7; i < 9 && !why; i++) {
        if (number[i] != 0.0) continue;
        *bad = i;
        why = "the focal length is zero";
    }
    return why;
}

void fgoi_encode_camera(const double *value, double *number) { memcpy(number, value, 11 * sizeof *number); }
