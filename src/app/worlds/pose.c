/* SPDX-License-Identifier: BSD-3-Clause */
/* pose.c -- planar and spatial poses for the generator, in arithmetic that is the same on every machine (random.h). */
#include "random.h"
#include "world.h"
#include <math.h>

static double wrap(double angle)
{
    const double pi = 3.14159265358979323846;
    angle -= 2.0 * pi * floor(angle / (2.0 * pi) + 0.5);
    return angle <= -pi ? angle + 2.0 * pi : angle;
}

void quaternion_axis(int axis, double angle, double q[4])
{
    q[0] = q[1] = q[2] = 0.0;
    portable_sincos(0.5 * angle, &q[axis], &q[3]);
}

void quaternion_multiply(const double a[4], const double b[4], double out[4])
{
    out[0] = a[3] * b[0] + a[0] * b[3] + a[1] * b[2] - a[2] * b[1];
    out[1] = a[3] * b[1] + a[1] * b[3] + a[2] * b[0] - a[0] * b[2];
    out[2] = a[3] * b[2] + a[2] * b[3] + a[0] * b[1] - a[1] * b[0];
    out[3] = a[3] * b[3] - a[0] * b[0] - a[1] * b[1] - a[2] * b[2];
    double scale = 1.0 / sqrt(out[0] * out[0] + out[1] * out[1] + out[2] * out[2] + out[3] * out[3]);
    if (out[3] < 0.0) scale = -scale; /* of the two quaternions of a rotation the one with qw >= 0 */
    for (int k = 0; k < 4; k++) out[k] *= scale;
}

/* Computes out = q v q^-1. */
static void rotate(const double q[4], const double v[3], double out[3])
{
    double t[3] = { 2.0 * (q[1] * v[2] - q[2] * v[1]), 2.0 * (q[2] * v[0] - q[0] * v[2]), 2.0 * (q[0] * v[1] - q[1] * v[0]) };
    out[0] = v[0] + q[3] * t[0] + q[1] * t[2] - q[2] * t[1];
    out[1] = v[1] + q[3] * t[1] + q[2] * t[0] - q[0] * t[2];
    out[2] = v[2] + q[3] * t[2] + q[0] * t[1] - q[1] * t[0];
}

static void compose_planar(const double *a, const double *b, double *out)
{
    double s, c;
    portable_sincos(a[2], &s, &c);
    out[0] = a[0] + c * b[0] - s * b[1];
    out[1] = a[1] + s * b[0] + c * b[1];
    out[2] = wrap(a[2] + b[2]);
}

static void compose_spatial(const double *a, const double *b, double *out)
{
    rotate(a + 3, b, out);
    for (int k = 0; k < 3; k++) out[k] += a[k];
    quaternion_multiply(a + 3, b + 3, out + 3);
}

void pose_compose(int stride, const double *a, const double *b, double *out)
{
    if (stride == WORLD_PLANAR)
        compose_planar(a, b, out);
    else
        compose_spatial(a, b, out);
}

void pose_between(int stride, const double *a, const double *b, double *out)
{
    double d[3] = { b[0] - a[0], b[1] - a[1], b[2] - a[2] };
    if (stride == WORLD_PLANAR) {
        double s, c;
        portable_sincos(a[2], &s, &c);
        out[0] = c * d[0] + s * d[1];
        out[1] = c * d[1] - s * d[0];
        out[2] = wrap(d[2]);
    } else {
        double inverse[4] = { -a[3], -a[4], -a[5], a[6] };
        rotate(inverse, d, out);
        quaternion_multiply(inverse, b + 3, out + 3);
    }
}

void pose_perturb(int stride, const double *a, const double *n, double *out)
{
    double step[WORLD_SPATIAL] = { n[0], n[1], n[2], 0.0, 0.0, 0.0, 1.0 };
    if (stride == WORLD_SPATIAL) {
        double angle = sqrt(n[3] * n[3] + n[4] * n[4] + n[5] * n[5]), s, c;
        portable_sincos(0.5 * angle, &s, &c);
        for (int k = 0; k < 3; k++) step[3 + k] = angle > 0.0 ? n[3 + k] * (s / angle) : 0.0;
        step[6] = c;
    }
    pose_compose(stride, a, step, out);
}
