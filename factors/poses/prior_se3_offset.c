/* SPDX-License-Identifier: BSD-3-Clause */
/* prior_se3_offset.c -- measured pose of a sensor on a pose, in the world frame: delta = z^-1 (x o), o the sensor's pose in
 * the frame of x; e = (t, q_xyz) of delta, q_w >= 0 (g2o convention); or Log(delta). */
#define FGO_PARTIALS FGO_SE3
#include "row.h"
#include <fgopt/factors.h>
#include <fgopt/residual.h>

/* Predicts x = z o^-1. */
static int predict(const fgo_factor_class *self, const void *z, const double *const *x, int k, double *out)
{
    const fgo_prior_se3_offset_measurement *m = z;
    (void)self, (void)x, (void)k;
    se3_store(se3_compose(se3_seed(m->pose.t, -1), se3_inverse(se3_seed(m->offset.t, -1))), out);
    return 0;
}
#undef FGO_CLASS_FIELDS
#define FGO_CLASS_FIELDS .predict = predict, .gauge = FGO_GAUGE_ABSOLUTE,

FGO_RESIDUAL1(prior_se3_offset, 6, fgo_prior_se3_offset_measurement, se3, x)
{
    se3 delta = se3_between(z->pose, se3_compose(x, z->offset));
    vec3 q = so3_vector_part(delta.R);
    r[0] = delta.t.x;
    r[1] = delta.t.y;
    r[2] = delta.t.z;
    r[3] = q.x;
    r[4] = q.y;
    r[5] = q.z;
}

FGO_RESIDUAL1(prior_se3_offset_log, 6, fgo_prior_se3_offset_measurement, se3, x)
{
    se3_log(se3_between(z->pose, se3_compose(x, z->offset)), r);
}

FGOI_ROW(prior_se3_offset,
         (FGOI_MEMBER(SE3, fgo_prior_se3_offset_measurement, pose, "m, rad", "world"),
          FGOI_KNOWN(SE3, fgo_prior_se3_offset_measurement, offset, "m, rad", "a")),
         .formula = "(t, q_xyz) of z^-1 (x o), q_w >= 0", .log = &fgo_prior_se3_offset_log);
