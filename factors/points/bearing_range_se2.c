/* SPDX-License-Identifier: BSD-3-Clause */
/* bearing_range_se2.c -- direction and distance of a point seen from a pose of the plane: with p = a^-1 l,
 * e = (angle of bearing^-1 p in (-pi, pi], |p| - range). */
#define FGO_PARTIALS (FGO_SE2 + FGO_R2)
#include "row.h"
#include <fgopt/factors.h>
#include <fgopt/residual.h>

/* Predicts l = a (range (cos, sin)). */
static int predict(const fgo_factor_class *self, const void *z, const double *const *x, int k, double *out)
{
    const fgo_bearing_range_measurement *m = z;
    const double p[2] = { m->range * m->bearing.c, m->range * m->bearing.s };
    (void)self;
    if (k != 1) return -1;
    vec2 l = se2_transform(se2_seed(x[0], -1), p);
    out[0] = l.x.a;
    out[1] = l.y.a;
    return 0;
}
#undef FGO_CLASS_FIELDS
#define FGO_CLASS_FIELDS .predict = predict, .gauge = FGO_GAUGE_RELATIVE,

FGO_RESIDUAL2(bearing_range_se2, 2, fgo_bearing_range_measurement, se2, a, r2, l)
{
    vec2 p = so2_rotate_cv(fgo_so2_inv(z->bearing), se2_untransform(a, l));
    r[0] = r_atan2(p.y, p.x);
    r[1] = r_sub(v2_norm(p), z->range);
}

FGOI_ROW(bearing_range_se2,
         (FGOI_MEMBER(SO2, fgo_bearing_range_measurement, bearing, "rad", "a"),
          FGOI_MEMBER(LENGTH, fgo_bearing_range_measurement, range, "m", "")),
         .formula = "angle of z^-1 (a^-1 l); |a^-1 l| - range");
