/* SPDX-License-Identifier: BSD-3-Clause */
/* nist_7.c -- the model of the NIST suite with seven parameters: Hahn1, Thurber. */
#define FGO_PARTIALS FGO_R7
#include "parameters.h"

/* (b1 + b2 x + b3 x^2 + b4 x^3) / (1 + b5 x + b6 x^2 + b7 x^3) */
FGO_RESIDUAL1(nist_cubics, 1, observation, r7, b)
{
    const double x = z->x;
    const real over = r_add(b.x[0], r_mul(r_add(b.x[1], r_mul(r_add(b.x[2], r_mul(b.x[3], x)), x)), x));
    const real under = r_add(1.0, r_mul(r_add(b.x[4], r_mul(r_add(b.x[5], r_mul(b.x[6], x)), x)), x));
    r[0] = r_sub(r_div(over, under), z->y);
}
