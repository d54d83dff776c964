/* SPDX-License-Identifier: BSD-3-Clause */
/* mgh_3.c -- More, Garbow and Hillstrom 7, 8, 9, 11, 12, which have three parameters; 10 has the model MGH10 of the NIST suite. */
#define FGO_PARTIALS FGO_R3
#include "parameters.h"

/* The number of turns of (x, y), from -1/4 to 3/4; as atan2, but with its jump where x = 0, y < 0. */
FGO_INLINE real turns(real y, real x)
{
    const real angle = r_mul(r_atan(r_div(y, x)), 0.5 / M_PI);
    return r_gt(x, 0.0) ? angle : r_add(angle, 0.5);
}

FGO_RESIDUAL1(mgh_helical_valley, 3, observation, p3, x)
{
    r[0] = r_mul(10.0, r_sub(x.x[2], r_mul(10.0, turns(x.x[1], x.x[0]))));
    r[1] = r_mul(10.0, r_sub(r_hypot(x.x[0], x.x[1]), 1.0));
    r[2] = x.x[2];
}

/* y - x1 - u / (v x2 + w x3), u = i, v = 16 - i, w = min(u, v), i = z->x */
FGO_RESIDUAL1(mgh_bard, 1, observation, p3, x)
{
    const double u = z->x, v = 16.0 - u;
    r[0] = r_sub(r_sub(z->y, x.x[0]), r_div(u, r_add(r_mul(v, x.x[1]), r_mul(fmin(u, v), x.x[2]))));
}

/* x1 exp(-x2 (t - x3)^2 / 2) - y */
FGO_RESIDUAL1(mgh_gaussian, 1, observation, p3, x)
{
    const real square = r_square(r_sub(z->x, x.x[2]));
    r[0] = r_sub(r_mul(x.x[0], r_exp(r_mul(r_mul(x.x[1], -0.5), square))), z->y);
}

/* exp(-|v - x2|^x3 / x1) - t, v = 25 + (-50 log t)^(2/3). (The paper prints |v m i x2|, for which its minimizer is none.) */
FGO_RESIDUAL1(mgh_gulf, 1, observation, p3, x)
{
    const double v = 25.0 + pow(-50.0 * log(z->x), 2.0 / 3.0);
    r[0] = r_sub(r_exp(r_neg(r_div(r_pow(r_abs(r_sub(v, x.x[1])), x.x[2]), x.x[0]))), z->x);
}

/* exp(-t x1) - exp(-t x2) - x3 (exp(-t) - exp(-10 t)) */
FGO_RESIDUAL1(mgh_box, 1, observation, p3, x)
{
    const double t = z->x;
    const real difference = r_sub(r_exp(r_mul(-t, x.x[0])), r_exp(r_mul(-t, x.x[1])));
    r[0] = r_sub(difference, r_mul(x.x[2], exp(-t) - exp(-10.0 * t)));
}
