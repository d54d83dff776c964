/* SPDX-License-Identifier: BSD-3-Clause */
/* bearing_range_se3.c -- direction and distance of a point seen from a pose in space: with p = a^-1 l, the logarithm of
 * p / |p| on the sphere at the measured direction (direction.h), then |p| - range. */
#define FGO_PARTIALS (FGO_SE3 + FGO_R3)
#include "direction.h"
#include "row.h"

/* Predicts l = a (range d / |d|). */
static int predict(const fgo_factor_class *self, const void *z, const double *const *x, int k, double *out)
{
    const fgo_direction_range_measurement *m = z;
    double u[3], b1[3], b2[3];
    (void)self;
    if (k != 1) return -1;
    fgoi_direction_frame(m->direction.p, u, b1, b2);
    for (int i = 0; i < 3; i++) u[i] *= m->range;
    vec3 l = se3_transform(se3_seed(x[0], -1), (const double *)u);
    out[0] = l.x.a;
    out[1] = l.y.a;
    out[2] = l.z.a;
    return 0;
}
#undef FGO_CLASS_FIELDS
#define FGO_CLASS_FIELDS .predict = predict, .gauge = FGO_GAUGE_RELATIVE,

FGO_RESIDUAL2(bearing_range_se3, 3, fgo_direction_range_measurement, se3, a, r3, l)
{
    vec3 p = se3_untransform(a, l);
    fgoi_direction_error(z->direction.p, p, r);
    r[2] = r_sub(v3_norm(p), z->range);
}

FGOI_ROW(bearing_range_se3,
         (FGOI_MEMBER(DIRECTION, fgo_direction_range_measurement, direction, "", "a"),
          FGOI_MEMBER(LENGTH, fgo_direction_range_measurement, range, "m", "")),
         .formula = "Log_d(u), u the direction of a^-1 l; |a^-1 l| - range");
