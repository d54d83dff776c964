/* SPDX-License-Identifier: BSD-3-Clause */
/* nist_2.c -- the models of the NIST suite with two parameters: Misra1a (BoxBOD has the same) to Misra1d, DanWood. */
#define FGO_PARTIALS FGO_R2
#include "parameters.h"

/* b1 (1 - exp(-b2 x)) */
FGO_RESIDUAL1(nist_misra1a, 1, observation, p2, b) { r[0] = r_sub(r_sub(b.x[0], decay(b.x[0], b.x[1], z->x)), z->y); }

/* b1 (1 - (1 + b2 x / 2)^-2) */
FGO_RESIDUAL1(nist_misra1b, 1, observation, p2, b)
{
    const real u = r_add(1.0, r_mul(b.x[1], z->x / 2.0));
    r[0] = r_sub(r_mul(b.x[0], r_sub(1.0, r_div(1.0, r_square(u)))), z->y);
}

/* b1 (1 - (1 + 2 b2 x)^-0.5) */
FGO_RESIDUAL1(nist_misra1c, 1, observation, p2, b)
{
    const real u = r_add(1.0, r_mul(b.x[1], 2.0 * z->x));
    r[0] = r_sub(r_mul(b.x[0], r_sub(1.0, r_pow(u, -0.5))), z->y);
}

/* b1 b2 x / (1 + b2 x) */
FGO_RESIDUAL1(nist_misra1d, 1, observation, p2, b)
{
    const real u = r_mul(b.x[1], z->x);
    r[0] = r_sub(r_mul(b.x[0], r_div(u, r_add(1.0, u))), z->y);
}

/* b1 x^b2 */
FGO_RESIDUAL1(nist_danwood, 1, observation, p2, b) { r[0] = r_sub(r_mul(b.x[0], r_pow(z->x, b.x[1])), z->y); }
