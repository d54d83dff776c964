/* SPDX-License-Identifier: BSD-3-Clause */
/* landmark_se2_offset.c -- a point seen by a sensor on a pose of the plane: e = (a o)^-1 l - z, o the sensor's pose in the
 * frame of a. */
#define FGO_PARTIALS (FGO_SE2 + FGO_R2)
#include "row.h"
#include <fgopt/factors.h>
#include <fgopt/residual.h>

/* Predicts l = a o z. */
static int predict(const fgo_factor_class *self, const void *z, const double *const *x, int k, double *out)
{
    const fgo_landmark_se2_offset_measurement *m = z;
    (void)self;
    if (k != 1) return -1;
    vec2 l = se2_transform(se2_compose(se2_seed(x[0], -1), m->offset), (const double *)m->point.p);
    out[0] = l.x.a;
    out[1] = l.y.a;
    return 0;
}
#undef FGO_CLASS_FIELDS
#define FGO_CLASS_FIELDS .predict = predict, .gauge = FGO_GAUGE_RELATIVE,

FGO_RESIDUAL2(landmark_se2_offset, 2, fgo_landmark_se2_offset_measurement, se2, a, r2, l)
{
    vec2 p = se2_untransform(se2_compose(a, z->offset), l);
    r[0] = r_sub(p.x, z->point.p[0]);
    r[1] = r_sub(p.y, z->point.p[1]);
}

FGOI_ROW(landmark_se2_offset,
         (FGOI_MEMBER(LENGTH, fgo_landmark_se2_offset_measurement, point, "m", "sensor"),
          FGOI_KNOWN(SE2, fgo_landmark_se2_offset_measurement, offset, "m, rad", "a")),
         .formula = "(a o)^-1 l - z");
