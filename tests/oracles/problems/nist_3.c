/* SPDX-License-Identifier: BSD-3-Clause */
/* nist_3.c -- the models of the NIST suite with three parameters: Bennett5, Chwirut1 (and 2), Eckerle4, MGH10, Nelson,
 * Rat42. */
#define FGO_PARTIALS FGO_R3
#include "parameters.h"

/* b1 (b2 + x)^(-1 / b3) */
FGO_RESIDUAL1(nist_bennett5, 1, observation, p3, b)
{
    r[0] = r_sub(r_mul(b.x[0], r_pow(r_add(b.x[1], z->x), r_div(-1.0, b.x[2]))), z->y);
}

/* exp(-b1 x) / (b2 + b3 x) */
FGO_RESIDUAL1(nist_chwirut, 1, observation, p3, b)
{
    r[0] = r_sub(r_div(r_exp(r_mul(b.x[0], -z->x)), r_add(b.x[1], r_mul(b.x[2], z->x))), z->y);
}

/* b1 / b2 exp(-((x - b3) / b2)^2 / 2) */
FGO_RESIDUAL1(nist_eckerle4, 1, observation, p3, b)
{
    const real u = r_div(r_sub(z->x, b.x[2]), b.x[1]);
    r[0] = r_sub(r_mul(r_div(b.x[0], b.x[1]), r_exp(r_mul(r_square(u), -0.5))), z->y);
}

/* b1 exp(b2 / (x + b3)), which is also Meyer's function (MGH 10) */
FGO_RESIDUAL1(nist_mgh10, 1, observation, p3, b) { r[0] = r_sub(r_mul(b.x[0], r_exp(r_div(b.x[1], r_add(b.x[2], z->x)))), z->y); }

/* b1 - b2 x exp(-b3 x2), of the logarithm of the response */
FGO_RESIDUAL1(nist_nelson, 1, observation, p3, b)
{
    r[0] = r_sub(r_sub(b.x[0], decay(r_mul(b.x[1], z->x), b.x[2], z->second)), log(z->y));
}

/* b1 / (1 + exp(b2 - b3 x)) */
FGO_RESIDUAL1(nist_rat42, 1, observation, p3, b)
{
    r[0] = r_sub(r_div(b.x[0], r_add(1.0, r_exp(r_sub(b.x[1], r_mul(b.x[2], z->x))))), z->y);
}
