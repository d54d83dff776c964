/* SPDX-License-Identifier: BSD-3-Clause */
/* landmark_se3.c -- a point seen in the frame of a pose: e = a^-1 l - z. */
#define FGO_PARTIALS (FGO_SE3 + FGO_R3)
#include "row.h"
#include <fgopt/factors.h>
#include <fgopt/residual.h>

/* Predicts l = a z, but no pose: one point leaves the rotation of a pose open. */
static int predict(const fgo_factor_class *self, const void *z, const double *const *x, int k, double *out)
{
    (void)self;
    if (k != 1) return -1;
    vec3 l = se3_transform(se3_seed(x[0], -1), (const double *)z);
    out[0] = l.x.a;
    out[1] = l.y.a;
    out[2] = l.z.a;
    return 0;
}
#undef FGO_CLASS_FIELDS
#define FGO_CLASS_FIELDS .predict = predict, .gauge = FGO_GAUGE_RELATIVE,

FGO_RESIDUAL2(landmark_se3, 3, fgo_point3, se3, a, r3, l)
{
    vec3 p = se3_untransform(a, l);
    r[0] = r_sub(p.x, z->p[0]);
    r[1] = r_sub(p.y, z->p[1]);
    r[2] = r_sub(p.z, z->p[2]);
}

FGOI_ROW(landmark_se3, (FGOI_WHOLE("point", LENGTH, fgo_point3, "m", "a")), .formula = "a^-1 l - z");
