/* SPDX-License-Identifier: BSD-3-Clause */
/* mgh_11.c -- More, Garbow and Hillstrom 19, which has eleven parameters. */
#define FGO_PARTIALS 11
#include "parameters.h"

FGO_DEFINE_RN(11);

/* a exp(-rate (t - centre)^2) */
FGO_INLINE real bell(real a, real rate, real centre, double t)
{
    return r_mul(a, r_exp(r_neg(r_mul(rate, r_square(r_sub(t, centre))))));
}

/* y - x1 exp(-x5 t) - three bells */
FGO_RESIDUAL1(mgh_osborne2, 1, observation, r11, x)
{
    const double t = z->x;
    const real first = r_add(decay(x.x[0], x.x[4], t), bell(x.x[1], x.x[5], x.x[8], t));
    const real second = r_add(bell(x.x[2], x.x[6], x.x[9], t), bell(x.x[3], x.x[7], x.x[10], t));
    r[0] = r_sub(r_sub(z->y, first), second);
}
