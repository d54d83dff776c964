/* SPDX-License-Identifier: BSD-3-Clause */
/* prior_se3.c -- measured value of an SE(3) variable: delta = z^-1 x, e = (t, q_xyz) of delta, q_w >= 0 (g2o convention); or
 * Log(delta). */
#define FGO_PARTIALS FGO_SE3
#include "levels.h"
#include "row.h"
#include <string.h>

/* Predicts x = z. */
static int predict(const fgo_factor_class *self, const void *z, const double *const *x, int k, double *out)
{
    (void)self, (void)x, (void)k;
    memcpy(out, z, sizeof(fgo_se3));
    return 0;
}
#undef FGO_CLASS_FIELDS
#define FGO_CLASS_FIELDS .predict = predict, .gauge = FGO_GAUGE_ABSOLUTE,

FGO_RESIDUAL1(prior_se3, 6, fgo_se3, se3, x)
{
    se3 delta = se3_between(*z, x);
    vec3 q = so3_vector_part(delta.R);
    r[0] = delta.t.x;
    r[1] = delta.t.y;
    r[2] = delta.t.z;
    r[3] = q.x;
    r[4] = q.y;
    r[5] = q.z;
}

FGO_RESIDUAL1(prior_se3_log, 6, fgo_se3, se3, x) { se3_log(se3_between(*z, x), r); }

FGOI_ROW(prior_se3, (FGOI_WHOLE("pose", SE3, fgo_se3, "m, rad", "world")), .formula = "(t, q_xyz) of z^-1 x, q_w >= 0",
         .log = &fgo_prior_se3_log);
