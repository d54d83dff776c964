/* SPDX-License-Identifier: BSD-3-Clause */
/* between_se2_offset.c -- relative pose of two sensors on two poses: delta = z^-1 ((a o_a)^-1 (b o_b)), o_a and o_b the
 * sensors' poses in the frames of a and b; e = (t, angle) of delta (g2o convention); or Log(delta). */
#define FGO_PARTIALS (FGO_SE2 + FGO_SE2)
#include "row.h"
#include <fgopt/factors.h>
#include <fgopt/residual.h>

/* Predicts b = a (o_a z o_b^-1) or a = b (o_a z o_b^-1)^-1. */
static int predict(const fgo_factor_class *self, const void *z, const double *const *x, int k, double *out)
{
    const fgo_between_se2_offset_measurement *m = z;
    const double *pose = (const double *)&m->pose, *from = (const double *)&m->offset[0], *to = (const double *)&m->offset[1];
    se2 step = se2_compose(se2_seed(from, -1), se2_compose(se2_seed(pose, -1), se2_inverse(se2_seed(to, -1))));
    (void)self;
    if (k == 1)
        se2_store(se2_compose(se2_seed(x[0], -1), step), out);
    else
        se2_store(se2_compose(se2_seed(x[1], -1), se2_inverse(step)), out);
    return 0;
}
#undef FGO_CLASS_FIELDS
#define FGO_CLASS_FIELDS .predict = predict, .gauge = FGO_GAUGE_RELATIVE,

FGO_INLINE se2 difference(const fgo_between_se2_offset_measurement *z, se2 a, se2 b)
{
    return se2_between(z->pose, se2_between(se2_compose(a, z->offset[0]), se2_compose(b, z->offset[1])));
}

FGO_RESIDUAL2(between_se2_offset, 3, fgo_between_se2_offset_measurement, se2, a, se2, b)
{
    se2 delta = difference(z, a, b);
    r[0] = delta.t.x;
    r[1] = delta.t.y;
    r[2] = so2_log(delta.R);
}

FGO_RESIDUAL2(between_se2_offset_log, 3, fgo_between_se2_offset_measurement, se2, a, se2, b) { se2_log(difference(z, a, b), r); }

FGOI_ROW(between_se2_offset,
         (FGOI_MEMBER(SE2, fgo_between_se2_offset_measurement, pose, "m, rad", "sensor of a"),
          FGOI_KNOWN(SE2, fgo_between_se2_offset_measurement, offset[0], "m, rad", "a"),
          FGOI_KNOWN(SE2, fgo_between_se2_offset_measurement, offset[1], "m, rad", "b")),
         .formula = "(t, angle) of z^-1 ((a o_a)^-1 (b o_b))", .log = &fgo_between_se2_offset_log);
