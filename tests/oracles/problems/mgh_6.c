/* SPDX-License-Identifier: BSD-3-Clause */
/* mgh_6.c -- More, Garbow and Hillstrom 18, which has six parameters; 17, with five, has the model MGH17 of the NIST suite. */
#define FGO_PARTIALS FGO_R6
#include "parameters.h"

/* x3 exp(-t x1) - x4 exp(-t x2) + x6 exp(-t x5) - y */
FGO_RESIDUAL1(mgh_biggs, 1, observation, r6, x)
{
    const real difference = r_sub(decay(x.x[2], x.x[0], z->x), decay(x.x[3], x.x[1], z->x));
    r[0] = r_sub(r_add(difference, decay(x.x[5], x.x[4], z->x)), z->y);
}
