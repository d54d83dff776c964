/* SPDX-License-Identifier: BSD-3-Clause */
/* nist_9.c -- the model of the NIST suite with nine parameters: ENSO. */
#define FGO_PARTIALS FGO_R9
#include "parameters.h"

/* a cos(angle) + b sin(angle) */
FGO_INLINE real wave(real a, real b, real angle) { return r_add(r_mul(a, r_cos(angle)), r_mul(b, r_sin(angle))); }

/* b1 and a wave of 12 months, and two of the periods b4 and b7 */
FGO_RESIDUAL1(nist_enso, 1, observation, r9, b)
{
    const double turns = 2.0 * M_PI * z->x;
    const real year = wave(b.x[1], b.x[2], r_const(turns / 12.0));
    const real others = r_add(wave(b.x[4], b.x[5], r_div(turns, b.x[3])), wave(b.x[7], b.x[8], r_div(turns, b.x[6])));
    r[0] = r_sub(r_add(r_add(b.x[0], year), others), z->y);
}
