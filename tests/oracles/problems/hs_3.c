/* SPDX-License-Identifier: BSD-3-Clause */
/* hs_3.c -- Hock and Schittkowski 26 and 65, which have three variables. */
#define FGO_PARTIALS FGO_R3
#include "parameters.h"

FGO_RESIDUAL1(hs26, 2, fgo_none, p3, x)
{
    r[0] = r_sub(x.x[0], x.x[1]);
    r[1] = r_square(r_sub(x.x[1], x.x[2]));
}

FGO_RESIDUAL1(hs26_equal, 1, fgo_none, p3, x)
{
    const real product = r_mul(r_add(1.0, r_square(x.x[1])), x.x[0]);
    r[0] = r_sub(r_add(product, r_square(r_square(x.x[2]))), 3.0);
}

FGO_RESIDUAL1(hs65, 3, fgo_none, p3, x)
{
    r[0] = r_sub(x.x[0], x.x[1]);
    r[1] = r_div(r_sub(r_add(x.x[0], x.x[1]), 10.0), 3.0);
    r[2] = r_sub(x.x[2], 5.0);
}

FGO_RESIDUAL1(hs65_positive, 1, fgo_none, p3, x)
{
    r[0] = r_sub(48.0, r_add(r_add(r_square(x.x[0]), r_square(x.x[1])), r_square(x.x[2])));
}
