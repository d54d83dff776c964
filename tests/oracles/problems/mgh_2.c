/* SPDX-License-Identifier: BSD-3-Clause */
/* mgh_2.c -- More, Garbow and Hillstrom 1 to 6, which have two parameters. */
#define FGO_PARTIALS FGO_R2
#include "parameters.h"

FGO_RESIDUAL1(mgh_rosenbrock, 2, observation, p2, x)
{
    r[0] = r_mul(10.0, r_sub(x.x[1], r_square(x.x[0])));
    r[1] = r_sub(1.0, x.x[0]);
}

FGO_RESIDUAL1(mgh_freudenstein_roth, 2, observation, p2, x)
{
    const real b = x.x[1];
    r[0] = r_add(r_sub(x.x[0], 13.0), r_mul(r_sub(r_mul(r_sub(5.0, b), b), 2.0), b));
    r[1] = r_add(r_sub(x.x[0], 29.0), r_mul(r_sub(r_mul(r_add(b, 1.0), b), 14.0), b));
}

FGO_RESIDUAL1(mgh_powell_badly_scaled, 2, observation, p2, x)
{
    r[0] = r_sub(r_mul(1e4, r_mul(x.x[0], x.x[1])), 1.0);
    r[1] = r_sub(r_add(r_exp(r_neg(x.x[0])), r_exp(r_neg(x.x[1]))), 1.0001);
}

FGO_RESIDUAL1(mgh_brown_badly_scaled, 3, observation, p2, x)
{
    r[0] = r_sub(x.x[0], 1e6);
    r[1] = r_sub(x.x[1], 2e-6);
    r[2] = r_sub(r_mul(x.x[0], x.x[1]), 2.0);
}

FGO_RESIDUAL1(mgh_beale, 3, observation, p2, x)
{
    const real b = x.x[1], bb = r_square(b);
    r[0] = r_sub(1.5, r_mul(x.x[0], r_sub(1.0, b)));
    r[1] = r_sub(2.25, r_mul(x.x[0], r_sub(1.0, bb)));
    r[2] = r_sub(2.625, r_mul(x.x[0], r_sub(1.0, r_mul(bb, b))));
}

/* 2 + 2 i - exp(i x1) - exp(i x2), i = z->x */
FGO_RESIDUAL1(mgh_jennrich_sampson, 1, observation, p2, x)
{
    r[0] = r_sub(2.0 + 2.0 * z->x, r_add(r_exp(r_mul(z->x, x.x[0])), r_exp(r_mul(z->x, x.x[1]))));
}
