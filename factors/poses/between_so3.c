/* SPDX-License-Identifier: BSD-3-Clause */
/* between_so3.c -- relative rotation of two SO(3) variables: delta = z^-1 (a^-1 b), e = q_xyz of delta, q_w >= 0 (g2o
 * convention); or Log(delta). */
#define FGO_PARTIALS (FGO_SO3 + FGO_SO3)
#include "levels.h"
#include "row.h"

/* Predicts b = a z or a = b z^-1. */
static int predict(const fgo_factor_class *self, const void *z, const double *const *x, int k, double *out)
{
    so3 m = so3_seed(z, -1);
    (void)self;
    if (k == 1)
        so3_store(so3_compose(so3_seed(x[0], -1), m), out);
    else
        so3_store(so3_compose(so3_seed(x[1], -1), so3_inverse(m)), out);
    return 0;
}
#undef FGO_CLASS_FIELDS
#define FGO_CLASS_FIELDS .predict = predict, .gauge = FGO_GAUGE_RELATIVE,

FGO_RESIDUAL2(between_so3, 3, fgo_so3, so3, a, so3, b)
{
    so3 delta = so3_between(*z, so3_between(a, b));
    vec3 q = so3_vector_part(delta);
    r[0] = q.x;
    r[1] = q.y;
    r[2] = q.z;
}

FGO_RESIDUAL2(between_so3_log, 3, fgo_so3, so3, a, so3, b)
{
    vec3 v = so3_log(so3_between(*z, so3_between(a, b)));
    r[0] = v.x;
    r[1] = v.y;
    r[2] = v.z;
}

FGOI_ROW(between_so3, (FGOI_WHOLE("rotation", SO3, fgo_so3, "rad", "a")), .formula = "q_xyz of z^-1 (a^-1 b), q_w >= 0",
         .log = &fgo_between_so3_log);
