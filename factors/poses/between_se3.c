/* SPDX-License-Identifier: BSD-3-Clause */
/* between_se3.c -- relative pose of two SE(3) variables: delta = z^-1 (a^-1 b), e = (t, q_xyz) of delta, q_w >= 0 (g2o
 * convention); Log(delta); or, seen from a, (t_ab - t_z, 2 q_xyz of z (a^-1 b)^-1), as in the example
 * slam/pose_graph_3d of Ceres. */
#define FGO_PARTIALS (FGO_SE3 + FGO_SE3)
#include "levels.h"
#include "row.h"

/* Predicts b = a z or a = b z^-1. */
static int predict(const fgo_factor_class *self, const void *z, const double *const *x, int k, double *out)
{
    se3 m = se3_seed(z, -1);
    (void)self;
    if (k == 1)
        se3_store(se3_compose(se3_seed(x[0], -1), m), out);
    else
        se3_store(se3_compose(se3_seed(x[1], -1), se3_inverse(m)), out);
    return 0;
}
#undef FGO_CLASS_FIELDS
#define FGO_CLASS_FIELDS .predict = predict, .gauge = FGO_GAUGE_RELATIVE,

FGO_RESIDUAL2(between_se3, 6, fgo_se3, se3, a, se3, b)
{
    se3 delta = se3_between(*z, se3_between(a, b));
    vec3 q = so3_vector_part(delta.R);
    r[0] = delta.t.x;
    r[1] = delta.t.y;
    r[2] = delta.t.z;
    r[3] = q.x;
    r[4] = q.y;
    r[5] = q.z;
}

FGO_RESIDUAL2(between_se3_log, 6, fgo_se3, se3, a, se3, b) { se3_log(se3_between(*z, se3_between(a, b)), r); }

FGO_RESIDUAL2(between_se3_ceres, 6, fgo_se3, se3, a, se3, b)
{
    se3 ab = se3_between(a, b);
    vec3 t = v3_sub(ab.t, z->t), q = so3_vector_part(so3_compose(fgo_se3_rotation(*z), so3_inverse(ab.R)));
    r[0] = t.x;
    r[1] = t.y;
    r[2] = t.z;
    r[3] = r_mul(2.0, q.x);
    r[4] = r_mul(2.0, q.y);
    r[5] = r_mul(2.0, q.z);
}

FGOI_ROW(between_se3, (FGOI_WHOLE("pose", SE3, fgo_se3, "m, rad", "a")), .formula = "(t, q_xyz) of z^-1 (a^-1 b), q_w >= 0",
         .log = &fgo_between_se3_log, .ceres = &fgo_between_se3_ceres);
