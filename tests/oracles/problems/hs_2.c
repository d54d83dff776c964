/* SPDX-License-Identifier: BSD-3-Clause */
/* hs_2.c -- Hock and Schittkowski 6 and 7, which have two variables. */
#define FGO_PARTIALS FGO_R2
#include "parameters.h"

FGO_RESIDUAL1(hs6, 1, fgo_none, p2, x) { r[0] = r_sub(1.0, x.x[0]); }

FGO_RESIDUAL1(hs6_equal, 1, fgo_none, p2, x) { r[0] = r_mul(10.0, r_sub(x.x[1], r_square(x.x[0]))); }

FGO_RESIDUAL1(hs7, 1, fgo_none, p2, x) { r[0] = r_sub(r_log(r_add(1.0, r_square(x.x[0]))), x.x[1]); }

FGO_RESIDUAL1(hs7_equal, 1, fgo_none, p2, x)
{
    r[0] = r_sub(r_add(r_square(r_add(1.0, r_square(x.x[0]))), r_square(x.x[1])), 4.0);
}
