/* SPDX-License-Identifier: BSD-3-Clause */
/* nist_5.c -- the models of the NIST suite with five parameters: Kirby2, MGH17. */
#define FGO_PARTIALS FGO_R5
#include "parameters.h"

/* (b1 + b2 x + b3 x^2) / (1 + b4 x + b5 x^2) */
FGO_RESIDUAL1(nist_kirby2, 1, observation, r5, b)
{
    const double x = z->x;
    const real over = r_add(b.x[0], r_mul(r_add(b.x[1], r_mul(b.x[2], x)), x));
    const real under = r_add(1.0, r_mul(r_add(b.x[3], r_mul(b.x[4], x)), x));
    r[0] = r_sub(r_div(over, under), z->y);
}

/* b1 + b2 exp(-b4 x) + b3 exp(-b5 x), which is also Osborne's first function (MGH 17) */
FGO_RESIDUAL1(nist_mgh17, 1, observation, r5, b)
{
    r[0] = r_sub(r_add(b.x[0], r_add(decay(b.x[1], b.x[3], z->x), decay(b.x[2], b.x[4], z->x))), z->y);
}
