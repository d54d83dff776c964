/* SPDX-License-Identifier: BSD-3-Clause */
/* landmark_se3_offset.c -- a point seen by a sensor on a pose: e = (a o)^-1 l - z, o the sensor's pose in the frame of a. */
#define FGO_PARTIALS (FGO_SE3 + FGO_R3)
#include "row.h"
#include <fgopt/factors.h>
#include <fgopt/residual.h>

/* Predicts l = a o z. */
static int predict(const fgo_factor_class *self, const void *z, const double *const *x, int k, double *out)
{
    const fgo_landmark_se3_offset_measurement *m = z;
    (void)self;
    if (k != 1) return -1;
    vec3 l = se3_transform(se3_compose(se3_seed(x[0], -1), m->offset), (const double *)m->point.p);
    out[0] = l.x.a;
    out[1] = l.y.a;
    out[2] = l.z.a;
    return 0;
}
#undef FGO_CLASS_FIELDS
#define FGO_CLASS_FIELDS .predict = predict, .gauge = FGO_GAUGE_RELATIVE,

FGO_RESIDUAL2(landmark_se3_offset, 3, fgo_landmark_se3_offset_measurement, se3, a, r3, l)
{
    vec3 p = se3_untransform(se3_compose(a, z->offset), l);
    r[0] = r_sub(p.x, z->point.p[0]);
    r[1] = r_sub(p.y, z->point.p[1]);
    r[2] = r_sub(p.z, z->point.p[2]);
}

FGOI_ROW(landmark_se3_offset,
         (FGOI_MEMBER(LENGTH, fgo_landmark_se3_offset_measurement, point, "m", "sensor"),
          FGOI_KNOWN(SE3, fgo_landmark_se3_offset_measurement, offset, "m, rad", "a")),
         .formula = "(a o)^-1 l - z");
