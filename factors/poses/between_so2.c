/* SPDX-License-Identifier: BSD-3-Clause */
/* between_so2.c -- relative rotation of two SO(2) variables: delta = z^-1 (a^-1 b), e = angle of delta. */
#define FGO_PARTIALS (FGO_SO2 + FGO_SO2)
#include "levels.h"
#include "row.h"

/* Predicts b = a z or a = b z^-1. */
static int predict(const fgo_factor_class *self, const void *z, const double *const *x, int k, double *out)
{
    so2 m = so2_seed(z, -1);
    (void)self;
    if (k == 1)
        so2_store(so2_compose(so2_seed(x[0], -1), m), out);
    else
        so2_store(so2_compose(so2_seed(x[1], -1), so2_inverse(m)), out);
    return 0;
}
#undef FGO_CLASS_FIELDS
#define FGO_CLASS_FIELDS .predict = predict, .gauge = FGO_GAUGE_RELATIVE,

FGO_RESIDUAL2(between_so2, 1, fgo_so2, so2, a, so2, b)
{
    so2 delta = so2_between(*z, so2_between(a, b));
    r[0] = so2_log(delta);
}

FGOI_ROW(between_so2, (FGOI_WHOLE("rotation", SO2, fgo_so2, "rad", "a")), .formula = "angle of z^-1 (a^-1 b)");
