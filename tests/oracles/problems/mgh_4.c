/* SPDX-License-Identifier: BSD-3-Clause */
/* mgh_4.c -- More, Garbow and Hillstrom 13, 14, 16, which have four parameters; 15 has the model MGH09 of the NIST suite. */
#define FGO_PARTIALS FGO_R4
#include "parameters.h"

FGO_RESIDUAL1(mgh_powell_singular, 4, observation, r4, x)
{
    r[0] = r_add(x.x[0], r_mul(10.0, x.x[1]));
    r[1] = r_mul(sqrt(5.0), r_sub(x.x[2], x.x[3]));
    r[2] = r_square(r_sub(x.x[1], r_mul(2.0, x.x[2])));
    r[3] = r_mul(sqrt(10.0), r_square(r_sub(x.x[0], x.x[3])));
}

FGO_RESIDUAL1(mgh_wood, 6, observation, r4, x)
{
    r[0] = r_mul(10.0, r_sub(x.x[1], r_square(x.x[0])));
    r[1] = r_sub(1.0, x.x[0]);
    r[2] = r_mul(sqrt(90.0), r_sub(x.x[3], r_square(x.x[2])));
    r[3] = r_sub(1.0, x.x[2]);
    r[4] = r_mul(sqrt(10.0), r_sub(r_add(x.x[1], x.x[3]), 2.0));
    r[5] = r_mul(1.0 / sqrt(10.0), r_sub(x.x[1], x.x[3]));
}

/* (x1 + t x2 - exp t)^2 + (x3 + x4 sin t - cos t)^2 */
FGO_RESIDUAL1(mgh_brown_dennis, 1, observation, r4, x)
{
    const double t = z->x;
    const real line = r_sub(r_add(x.x[0], r_mul(t, x.x[1])), exp(t));
    const real wave = r_sub(r_add(x.x[2], r_mul(sin(t), x.x[3])), cos(t));
    r[0] = r_add(r_square(line), r_square(wave));
}
