/* SPDX-License-Identifier: BSD-3-Clause */
/* nist_6.c -- the model of the NIST suite with six parameters: Lanczos1 to Lanczos3. */
#define FGO_PARTIALS FGO_R6
#include "parameters.h"

/* b1 exp(-b2 x) + b3 exp(-b4 x) + b5 exp(-b6 x) */
FGO_RESIDUAL1(nist_lanczos, 1, observation, r6, b)
{
    const real first = decay(b.x[0], b.x[1], z->x), second = decay(b.x[2], b.x[3], z->x);
    r[0] = r_sub(r_add(r_add(first, second), decay(b.x[4], b.x[5], z->x)), z->y);
}
