/* SPDX-License-Identifier: BSD-3-Clause */
/* hs_7.c -- Hock and Schittkowski 100, which has seven variables. */
#define FGO_PARTIALS FGO_R7
#include "parameters.h"

FGO_INLINE real fourth(real x) { return r_square(r_square(x)); }
FGO_INLINE real add3(real a, real b, real c) { return r_add(r_add(a, b), c); }

/* weight (x - at)^2 */
FGO_INLINE real bowl(double weight, real x, double at) { return r_mul(weight, r_square(r_sub(x, at))); }

FGO_RESIDUAL1(hs100, 1, fgo_none, r7, x)
{
    const real *v = x.x, sixth = r_square(r_mul(r_square(v[4]), v[4]));
    const real bowls = add3(bowl(1.0, v[0], 10.0), bowl(5.0, v[1], 12.0), bowl(3.0, v[3], 11.0));
    const real powers = add3(fourth(v[2]), r_mul(10.0, sixth), r_add(r_mul(7.0, r_square(v[5])), fourth(v[6])));
    const real line = add3(r_mul(r_mul(4.0, v[5]), v[6]), r_mul(10.0, v[5]), r_mul(8.0, v[6]));
    r[0] = r_sub(r_add(bowls, powers), line);
}

FGO_RESIDUAL1(hs100_positive, 4, fgo_none, r7, x)
{
    const real *v = x.x, a = r_square(v[0]), b = r_square(v[1]), c = r_square(v[2]), d = r_square(v[3]);
    const real first = add3(r_mul(2.0, a), r_mul(3.0, r_square(b)), add3(v[2], r_mul(4.0, d), r_mul(5.0, v[4])));
    const real second = add3(r_mul(7.0, v[0]), r_mul(3.0, v[1]), add3(r_mul(10.0, c), v[3], r_neg(v[4])));
    const real third = add3(r_mul(23.0, v[0]), b, r_sub(r_mul(6.0, r_square(v[5])), r_mul(8.0, v[6])));
    const real fourth_one = add3(r_mul(4.0, a), b, r_sub(r_mul(2.0, c), r_mul(r_mul(3.0, v[0]), v[1])));
    r[0] = r_sub(127.0, first);
    r[1] = r_sub(282.0, second);
    r[2] = r_sub(196.0, third);
    r[3] = r_sub(r_sub(r_mul(11.0, v[6]), r_mul(5.0, v[5])), fourth_one);
}
