/* SPDX-License-Identifier: BSD-3-Clause */
/* direction.h -- how far the direction of a point is from a measured one, on the sphere: with u = p / |p| and the
 * measured unit vector d, e = angle(d, u) times the direction in which u lies from d, in the basis (b1, b2) of the
 * plane normal to d. This is the logarithm of the sphere at d; it is as smooth as u but where u = -d. */
#ifndef FGOI_FACTOR_DIRECTION_H
#define FGOI_FACTOR_DIRECTION_H
#include <fgopt/factors.h>
#include <fgopt/residual.h>

/* Computes an orthonormal frame u, b1, b2 whose first vector is u = d / |d|, without branches but for the sign: T. Duff et al.,
 * "Building an orthonormal basis, revisited", JCGT 6(1), 2017. d may have any length but 0. */
FGO_INLINE void fgoi_direction_frame(const double d[3], double u[3], double b1[3], double b2[3])
{
    const double length = sqrt(d[0] * d[0] + d[1] * d[1] + d[2] * d[2]);
    const double x = d[0] / length, y = d[1] / length, z = d[2] / length;
    const double sign = copysign(1.0, z), a = -1.0 / (sign + z), b = x * y * a;
    u[0] = x, u[1] = y, u[2] = z;
    b1[0] = 1.0 + sign * x * x * a, b1[1] = sign * b, b1[2] = -sign * x;
    b2[0] = b, b2[1] = sign + y * y * a, b2[2] = -y;
}

/* Computes atan(sqrt(x)) / sqrt(x), below x = 0.01 by its series, whose 9th term is below 1e-17 there. */
FGO_INLINE real fgoi_atan_ratio(real x)
{
    double value = 0.0, derivative = 0.0;
    if (x.a < 0.01) {
        for (int k = 8; k >= 0; k--) { /* sum of (-x)^k / (2 k + 1), and its derivative */
            derivative = -value - x.a * derivative;
            value = 1.0 / (2 * k + 1) - x.a * value;
        }
    } else {
        value = atan(sqrt(x.a)) / sqrt(x.a);
        derivative = (1.0 / (1.0 + x.a) - value) / (2.0 * x.a);
    }
    return r_chain(x, value, derivative);
}

/* Computes the error e of point p in the frame of the sensor, d being the measured direction. With c = d . p,
 * s = (b1 . p, b2 . p) and n = |p|, tan(angle / 2) = |s| / (n + c). */
FGO_INLINE void fgoi_direction_error(const double d[3], vec3 p, real r[2])
{
    double u[3], b1[3], b2[3];
    fgoi_direction_frame(d, u, b1, b2);
    const real c = v3_dot(u, p), s1 = v3_dot(b1, p), s2 = v3_dot(b2, p), n = v3_norm(p);
    const real square = r_add(r_mul(s1, s1), r_mul(s2, s2));
    real scale;
    if (c.a >= 0.0) {
        const real sum = r_add(n, c);
        scale = r_div(r_mul(2.0, fgoi_atan_ratio(r_div(square, r_mul(sum, sum)))), sum);
    } else {
        const real s = r_sqrt(square);
        scale = r_div(r_atan2(s, c), s);
    }
    r[0] = r_mul(scale, s1);
    r[1] = r_mul(scale, s2);
}
#endif
