/* SPDX-License-Identifier: BSD-3-Clause */
/* prior_se2.c -- measured value of an SE(2) variable: delta = z^-1 x, e = (t, angle) of delta (g2o convention); or Log(delta). */
#define FGO_PARTIALS FGO_SE2
#include "levels.h"
#include "row.h"
#include <string.h>

/* Predicts x = z. */
static int predict(const fgo_factor_class *self, const void *z, const double *const *x, int k, double *out)
{
    (void)self, (void)x, (void)k;
    memcpy(out, z, sizeof(fgo_se2));
    return 0;
}
#undef FGO_CLASS_FIELDS
#define FGO_CLASS_FIELDS .predict = predict, .gauge = FGO_GAUGE_ABSOLUTE,

FGO_RESIDUAL1(prior_se2, 3, fgo_se2, se2, x)
{
    se2 delta = se2_between(*z, x);
    r[0] = delta.t.x;
    r[1] = delta.t.y;
    r[2] = so2_log(delta.R);
}

FGO_RESIDUAL1(prior_se2_log, 3, fgo_se2, se2, x) { se2_log(se2_between(*z, x), r); }

FGOI_ROW(prior_se2, (FGOI_WHOLE("pose", SE2, fgo_se2, "m, rad", "world")), .formula = "(t, angle) of z^-1 x",
         .log = &fgo_prior_se2_log);
