/* SPDX-License-Identifier: BSD-3-Clause */
/* nist_4.c -- the models of the NIST suite with four parameters: MGH09, Rat43, Roszman1. */
#define FGO_PARTIALS FGO_R4
#include "parameters.h"

/* b1 (x^2 + b2 x) / (x^2 + b3 x + b4), which is also Kowalik's and Osborne's function (MGH 15) */
FGO_RESIDUAL1(nist_mgh09, 1, observation, r4, b)
{
    const double xx = z->x * z->x;
    const real over = r_mul(b.x[0], r_add(r_mul(b.x[1], z->x), xx));
    r[0] = r_sub(r_div(over, r_add(r_add(r_mul(b.x[2], z->x), b.x[3]), xx)), z->y);
}

/* b1 (1 + exp(b2 - b3 x))^(-1 / b4) */
FGO_RESIDUAL1(nist_rat43, 1, observation, r4, b)
{
    const real u = r_add(1.0, r_exp(r_sub(b.x[1], r_mul(b.x[2], z->x))));
    r[0] = r_sub(r_mul(b.x[0], r_pow(u, r_div(-1.0, b.x[3]))), z->y);
}

/* b1 - b2 x - arctan(b3 / (x - b4)) / pi */
FGO_RESIDUAL1(nist_roszman1, 1, observation, r4, b)
{
    const real angle = r_atan(r_div(b.x[2], r_sub(z->x, b.x[3])));
    r[0] = r_sub(r_sub(r_sub(b.x[0], r_mul(b.x[1], z->x)), r_mul(angle, 1.0 / M_PI)), z->y);
}
