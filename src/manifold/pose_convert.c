/* SPDX-License-Identifier: BSD-3-Clause */
/* pose_convert.c -- rotations and poses of space from and to matrices, Euler angles, quaternions, axis and angle. */
#define FGO_PARTIALS 1
#include "base/error.h"
#include "base/refuse.h"
#include "base/small_matrix.h"
#include "nearest_rotation.h"
#include "unit_length.h"
#include <fgopt/geometry.h>
#include <fgopt/pose.h>

/* ---- matrices ---- */

fgo_mat3 fgo_so3_to_matrix(fgo_so3 R) { return fgo_so3_matrix(R); }

/* Scales M by a power of two, so that no product of its entries overflows. Returns 1 if det M > 1e-12 |M|^3. */
static int scale_regular(fgo_mat3 *M)
{
    double *m = M->m, largest = 0.0, square = 0.0;
    for (int i = 0; i < 9; i++) largest = fmax(largest, fabs(m[i]));
    if (!(largest > 0.0)) return 0;
    const int exponent = ilogb(largest);
    for (int i = 0; i < 9; i++) m[i] = ldexp(m[i], -exponent), square += m[i] * m[i];
    return fgoi_determinant_3x3(m) > 1e-12 * square * sqrt(square);
}

fgo_status fgo_so3_from_matrix(fgo_mat3 M, fgo_so3 *out)
{
    fgo_so3 R;
    FGOI_REQUIRE(out);
    if (!fgoi_all_finite(M.m, 9)) return fgoi_fail(FGO_ERROR_ARGUMENT, "the matrix is not finite: no rotation");
    if (!scale_regular(&M) || fgoi_nearest_rotation(M.m, R.q))
        return fgoi_fail(FGO_ERROR_ARGUMENT, "the matrix is singular or a reflection: no rotation");
    *out = R;
    return FGO_OK;
}

fgo_mat4 fgo_se3_to_matrix(fgo_se3 T)
{
    const fgo_mat3 R = fgo_so3_matrix(fgo_se3_rotation(T));
    fgo_mat4 M = { { [15] = 1.0 } };
    for (int i = 0; i < 3; i++) {
        for (int j = 0; j < 3; j++) M.m[4 * i + j] = R.m[3 * i + j];
        M.m[4 * i + 3] = T.t[i];
    }
    return M;
}

fgo_status fgo_se3_from_matrix(fgo_mat4 M, fgo_se3 *out)
{
    const double *m = M.m;
    const fgo_r3 t = { m[3], m[7], m[11] };
    fgo_so3 R;
    FGOI_REQUIRE(out);
    if (!isfinite(t.x) || !isfinite(t.y) || !isfinite(t.z))
        return fgoi_fail(FGO_ERROR_ARGUMENT, "the translation is not finite: no pose");
    for (int j = 12; j < 16; j++)
        if (!(fabs(m[j] - (j == 15)) <= 1e-9))
            return fgoi_fail(FGO_ERROR_ARGUMENT, "the last row of a homogeneous matrix is 0 0 0 1");
    const fgo_status status = fgo_so3_from_matrix((fgo_mat3){ { m[0], m[1], m[2], m[4], m[5], m[6], m[8], m[9], m[10] } }, &R);
    if (!status) *out = fgo_se3_from_parts(t, R);
    return status;
}

/* ---- Euler angles ---- */

fgo_so3 fgo_so3_from_euler(fgo_euler angles)
{
    const double cr = cos(angles.roll / 2), sr = sin(angles.roll / 2);
    const double cp = cos(angles.pitch / 2), sp = sin(angles.pitch / 2);
    const double cy = cos(angles.yaw / 2), sy = sin(angles.yaw / 2);
    return (fgo_so3){ { sr * cp * cy - cr * sp * sy, cr * sp * cy + sr * cp * sy, cr * cp * sy - sr * sp * cy,
                        cr * cp * cy + sr * sp * sy } };
}

/* Computes the Euler angles of R. With half angles r, p, y the formulas of fgo_so3_from_euler give
 *      w + y = (cp + sp) cos(y - r)     z - x = (cp + sp) sin(y - r)
 *      w - y = (cp - sp) cos(y + r)     z + x = (cp - sp) sin(y + r)
 * so that sum and difference of the half angles come from one atan2 each. Near pitch = 90 degrees one of the two is
 * arbitrary, but then its pair is near zero and the rotation stays accurate, unlike by the entries of the matrix
 * (E. Bernardes and S. Viollet, "Quaternion to Euler angles conversion", PLOS ONE 2022). */
fgo_euler fgo_so3_to_euler(fgo_so3 R)
{
    const double x = R.q[0], y = R.q[1], z = R.q[2], w = R.q[3], locked = 0.5e-15; /* cos(pitch) is twice the pairs' ratio */
    const double plus = hypot(z - x, w + y), minus = hypot(z + x, w - y);
    double difference = atan2(z - x, w + y), sum = atan2(z + x, w - y);
    if (minus < locked * plus) sum = 0.0, difference = remainder(difference, M_PI);
    if (plus < locked * minus) difference = 0.0, sum = remainder(sum, M_PI);
    return (fgo_euler){ .roll = remainder(sum - difference, 2 * M_PI),
                        .pitch = 2 * atan2(plus - minus, plus + minus),
                        .yaw = remainder(sum + difference, 2 * M_PI) };
}

/* ---- quaternions ---- */

fgo_status fgo_so3_from_xyzw(fgo_xyzw q, fgo_so3 *out)
{
    FGOI_REQUIRE(out);
    return fgo_so3_normalize((fgo_so3){ { q.x, q.y, q.z, q.w } }, out);
}

fgo_status fgo_so3_from_wxyz(fgo_wxyz q, fgo_so3 *out)
{
    FGOI_REQUIRE(out);
    return fgo_so3_normalize((fgo_so3){ { q.x, q.y, q.z, q.w } }, out);
}

fgo_xyzw fgo_so3_to_xyzw(fgo_so3 R) { return (fgo_xyzw){ .x = R.q[0], .y = R.q[1], .z = R.q[2], .w = R.q[3] }; }
fgo_wxyz fgo_so3_to_wxyz(fgo_so3 R) { return (fgo_wxyz){ .w = R.q[3], .x = R.q[0], .y = R.q[1], .z = R.q[2] }; }

/* ---- axis and angle ---- */

fgo_status fgo_so3_from_axis_angle(fgo_axis_angle turn, fgo_so3 *out)
{
    double axis[3] = { turn.axis.x, turn.axis.y, turn.axis.z };
    const double half = 0.5 * turn.angle, s = sin(half);
    FGOI_REQUIRE(out);
    if (!isfinite(turn.angle)) return fgoi_fail(FGO_ERROR_ARGUMENT, "the angle is not finite: no rotation");
    if (fgoi_unit_length(axis, 3)) return fgoi_fail(FGO_ERROR_ARGUMENT, "the axis is zero or not finite: no rotation");
    *out = (fgo_so3){ { s * axis[0], s * axis[1], s * axis[2], cos(half) } };
    return FGO_OK;
}

fgo_axis_angle fgo_so3_to_axis_angle(fgo_so3 R)
{
    const fgo_so3 h = fgo_so3_hemisphere(R);
    double axis[3] = { h.q[0], h.q[1], h.q[2] };
    const double angle = fgo_so3_angle(R);
    if (angle == 0.0) return (fgo_axis_angle){ { 1.0, 0.0, 0.0 }, 0.0 };
    fgoi_unit_length(axis, 3);
    return (fgo_axis_angle){ { axis[0], axis[1], axis[2] }, angle };
}
