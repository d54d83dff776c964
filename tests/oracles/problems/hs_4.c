/* SPDX-License-Identifier: BSD-3-Clause */
/* hs_4.c -- Hock and Schittkowski 39, 40 and 71, which have four variables. */
#define FGO_PARTIALS FGO_R4
#include "parameters.h"

FGO_INLINE real product_of(const real *x) { return r_mul(r_mul(x[0], x[1]), r_mul(x[2], x[3])); }

FGO_RESIDUAL1(hs39, 1, fgo_none, r4, x) { r[0] = r_neg(x.x[0]); }

FGO_RESIDUAL1(hs39_equal, 2, fgo_none, r4, x)
{
    const real square = r_square(x.x[0]);
    r[0] = r_sub(r_sub(x.x[1], r_mul(square, x.x[0])), r_square(x.x[2]));
    r[1] = r_sub(r_sub(square, x.x[1]), r_square(x.x[3]));
}

FGO_RESIDUAL1(hs40, 1, fgo_none, r4, x) { r[0] = r_neg(product_of(x.x)); }

FGO_RESIDUAL1(hs40_equal, 3, fgo_none, r4, x)
{
    const real square = r_square(x.x[0]);
    r[0] = r_sub(r_add(r_mul(square, x.x[0]), r_square(x.x[1])), 1.0);
    r[1] = r_sub(r_mul(square, x.x[3]), x.x[2]);
    r[2] = r_sub(r_square(x.x[3]), x.x[1]);
}

FGO_RESIDUAL1(hs71, 1, fgo_none, r4, x)
{
    const real sum = r_add(r_add(x.x[0], x.x[1]), x.x[2]);
    r[0] = r_add(r_mul(r_mul(x.x[0], x.x[3]), sum), x.x[2]);
}

FGO_RESIDUAL1(hs71_equal, 1, fgo_none, r4, x)
{
    const real first = r_add(r_square(x.x[0]), r_square(x.x[1])), second = r_add(r_square(x.x[2]), r_square(x.x[3]));
    r[0] = r_sub(r_add(first, second), 40.0);
}

FGO_RESIDUAL1(hs71_positive, 1, fgo_none, r4, x) { r[0] = r_sub(product_of(x.x), 25.0); }
