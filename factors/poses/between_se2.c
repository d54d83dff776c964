/* SPDX-License-Identifier: BSD-3-Clause */
/* between_se2.c -- relative pose of two SE(2) variables: delta = z^-1 (a^-1 b), e = (t, angle) of delta (g2o
 * convention); Log(delta); or, seen from a, (t_ab - t_z, angle of delta), as in the example slam/pose_graph_2d of
 * Ceres. */
#define FGO_PARTIALS (FGO_SE2 + FGO_SE2)
#include "levels.h"
#include "row.h"

/* Predicts b = a z or a = b z^-1. */
static int predict(const fgo_factor_class *self, const void *z, const double *const *x, int k, double *out)
{
    se2 m = se2_seed(z, -1);
    (void)self;
    if (k == 1)
        se2_store(se2_compose(se2_seed(x[0], -1), m), out);
    else
        se2_store(se2_compose(se2_seed(x[1], -1), se2_inverse(m)), out);
    return 0;
}
#undef FGO_CLASS_FIELDS
#define FGO_CLASS_FIELDS .predict = predict, .gauge = FGO_GAUGE_RELATIVE,

FGO_RESIDUAL2(between_se2, 3, fgo_se2, se2, a, se2, b)
{
    se2 delta = se2_between(*z, se2_between(a, b));
    r[0] = delta.t.x;
    r[1] = delta.t.y;
    r[2] = so2_log(delta.R);
}

FGO_RESIDUAL2(between_se2_log, 3, fgo_se2, se2, a, se2, b) { se2_log(se2_between(*z, se2_between(a, b)), r); }

FGO_RESIDUAL2(between_se2_ceres, 3, fgo_se2, se2, a, se2, b)
{
    se2 ab = se2_between(a, b);
    r[0] = r_sub(ab.t.x, z->x);
    r[1] = r_sub(ab.t.y, z->y);
    r[2] = so2_log(so2_between(fgo_se2_rotation(*z), ab.R));
}

FGOI_ROW(between_se2, (FGOI_WHOLE("pose", SE2, fgo_se2, "m, rad", "a")), .formula = "(t, angle) of z^-1 (a^-1 b)",
         .log = &fgo_between_se2_log, .ceres = &fgo_between_se2_ceres);
