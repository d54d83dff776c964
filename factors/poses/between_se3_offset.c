/* SPDX-License-Identifier: BSD-3-Clause */
/* between_se3_offset.c -- relative pose of two sensors on two poses: delta = z^-1 ((a o_a)^-1 (b o_b)), o_a and o_b the
 * sensors' poses in the frames of a and b; e = (t, q_xyz) of delta, q_w >= 0 (g2o convention); or Log(delta). */
#define FGO_PARTIALS (FGO_SE3 + FGO_SE3)
#include "row.h"
#include <fgopt/factors.h>
#include <fgopt/residual.h>

/* Predicts b = a (o_a z o_b^-1) or a = b (o_a z o_b^-1)^-1. */
static int predict(const fgo_factor_class *self, const void *z, const double *const *x, int k, double *out)
{
    const fgo_between_se3_offset_measurement *m = z;
    const double *pose = (const double *)&m->pose, *from = (const double *)&m->offset[0], *to = (const double *)&m->offset[1];
    se3 step = se3_compose(se3_seed(from, -1), se3_compose(se3_seed(pose, -1), se3_inverse(se3_seed(to, -1))));
    (void)self;
    if (k == 1)
        se3_store(se3_compose(se3_seed(x[0], -1), step), out);
    else
        se3_store(se3_compose(se3_seed(x[1], -1), se3_inverse(step)), out);
    return 0;
}
#undef FGO_CLASS_FIELDS
#define FGO_CLASS_FIELDS .predict = predict, .gauge = FGO_GAUGE_RELATIVE,

FGO_INLINE se3 difference(const fgo_between_se3_offset_measurement *z, se3 a, se3 b)
{
    return se3_between(z->pose, se3_between(se3_compose(a, z->offset[0]), se3_compose(b, z->offset[1])));
}

FGO_RESIDUAL2(between_se3_offset, 6, fgo_between_se3_offset_measurement, se3, a, se3, b)
{
    se3 delta = difference(z, a, b);
    vec3 q = so3_vector_part(delta.R);
    r[0] = delta.t.x;
    r[1] = delta.t.y;
    r[2] = delta.t.z;
    r[3] = q.x;
    r[4] = q.y;
    r[5] = q.z;
}

FGO_RESIDUAL2(between_se3_offset_log, 6, fgo_between_se3_offset_measurement, se3, a, se3, b) { se3_log(difference(z, a, b), r); }

FGOI_ROW(between_se3_offset,
         (FGOI_MEMBER(SE3, fgo_between_se3_offset_measurement, pose, "m, rad", "sensor of a"),
          FGOI_KNOWN(SE3, fgo_between_se3_offset_measurement, offset[0], "m, rad", "a"),
          FGOI_KNOWN(SE3, fgo_between_se3_offset_measurement, offset[1], "m, rad", "b")),
         .formula = "(t, q_xyz) of z^-1 ((a o_a)^-1 (b o_b)), q_w >= 0", .log = &fgo_between_se3_offset_log);
