/* SPDX-License-Identifier: BSD-3-Clause */
/* prior_so2.c -- measured value of an SO(2) variable: delta = z^-1 x, e = angle of delta. */
#define FGO_PARTIALS FGO_SO2
#include "levels.h"
#include "row.h"
#include <string.h>

/* Predicts x = z. */
static int predict(const fgo_factor_class *self, const void *z, const double *const *x, int k, double *out)
{
    (void)self, (void)x, (void)k;
    memcpy(out, z, sizeof(fgo_so2));
    return 0;
}
#undef FGO_CLASS_FIELDS
#define FGO_CLASS_FIELDS .predict = predict, .gauge = FGO_GAUGE_ABSOLUTE,

FGO_RESIDUAL1(prior_so2, 1, fgo_so2, so2, x)
{
    so2 delta = so2_between(*z, x);
    r[0] = so2_log(delta);
}

FGOI_ROW(prior_so2, (FGOI_WHOLE("rotation", SO2, fgo_so2, "rad", "world")), .formula = "angle of z^-1 x");
