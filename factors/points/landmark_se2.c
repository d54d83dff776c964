/* SPDX-License-Identifier: BSD-3-Clause */
/* landmark_se2.c -- a point seen in the frame of a pose of the plane: e = a^-1 l - z. */
#define FGO_PARTIALS (FGO_SE2 + FGO_R2)
#include "row.h"
#include <fgopt/factors.h>
#include <fgopt/residual.h>

/* Predicts l = a z, but no pose: one point leaves the rotation of a pose open. */
static int predict(const fgo_factor_class *self, const void *z, const double *const *x, int k, double *out)
{
    (void)self;
    if (k != 1) return -1;
    vec2 l = se2_transform(se2_seed(x[0], -1), (const double *)z);
    out[0] = l.x.a;
    out[1] = l.y.a;
    return 0;
}
#undef FGO_CLASS_FIELDS
#define FGO_CLASS_FIELDS .predict = predict, .gauge = FGO_GAUGE_RELATIVE,

FGO_RESIDUAL2(landmark_se2, 2, fgo_point2, se2, a, r2, l)
{
    vec2 p = se2_untransform(a, l);
    r[0] = r_sub(p.x, z->p[0]);
    r[1] = r_sub(p.y, z->p[1]);
}

FGOI_ROW(landmark_se2, (FGOI_WHOLE("point", LENGTH, fgo_point2, "m", "a")), .formula = "a^-1 l - z");
