/* SPDX-License-Identifier: BSD-3-Clause */
/* nist_8.c -- the model of the NIST suite with eight parameters: Gauss1 to Gauss3. */
#define FGO_PARTIALS FGO_R8
#include "parameters.h"

/* a exp(-((x - centre) / width)^2) */
FGO_INLINE real bell(real a, real centre, real width, double x)
{
    return r_mul(a, r_exp(r_neg(r_square(r_div(r_sub(x, centre), width)))));
}

/* b1 exp(-b2 x) + b3 exp(-((x - b4) / b5)^2) + b6 exp(-((x - b7) / b8)^2) */
FGO_RESIDUAL1(nist_gauss, 1, observation, r8, b)
{
    const real bells = r_add(bell(b.x[2], b.x[3], b.x[4], z->x), bell(b.x[5], b.x[6], b.x[7], z->x));
    r[0] = r_sub(r_add(decay(b.x[0], b.x[1], z->x), bells), z->y);
}
