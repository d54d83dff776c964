/* SPDX-License-Identifier: BSD-3-Clause */
/* prior_so3.c -- measured value of an SO(3) variable: delta = z^-1 x, e = q_xyz of delta, q_w >= 0 (g2o convention); or
 * Log(delta). */
#define FGO_PARTIALS FGO_SO3
#include "levels.h"
#include "row.h"
#include <string.h>

/* Predicts x = z. */
static int predict(const fgo_factor_class *self, const void *z, const double *const *x, int k, double *out)
{
    (void)self, (void)x, (void)k;
    memcpy(out, z, sizeof(fgo_so3));
    return 0;
}
#undef FGO_CLASS_FIELDS
#define FGO_CLASS_FIELDS .predict = predict, .gauge = FGO_GAUGE_ABSOLUTE,

FGO_RESIDUAL1(prior_so3, 3, fgo_so3, so3, x)
{
    so3 delta = so3_between(*z, x);
    vec3 q = so3_vector_part(delta);
    r[0] = q.x;
    r[1] = q.y;
    r[2] = q.z;
}

FGO_RESIDUAL1(prior_so3_log, 3, fgo_so3, so3, x)
{
    vec3 v = so3_log(so3_between(*z, x));
    r[0] = v.x;
    r[1] = v.y;
    r[2] = v.z;
}

FGOI_ROW(prior_so3, (FGOI_WHOLE("rotation", SO3, fgo_so3, "rad", "world")), .formula = "q_xyz of z^-1 x, q_w >= 0",
         .log = &fgo_prior_so3_log);
