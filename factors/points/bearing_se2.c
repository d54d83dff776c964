/* SPDX-License-Identifier: BSD-3-Clause */
/* bearing_se2.c -- the direction of a point seen from a pose of the plane: e = angle of z^-1 (a^-1 l), in (-pi, pi].
 *
 * The class has no prediction, because a direction says nothing about the distance. */
#define FGO_PARTIALS (FGO_SE2 + FGO_R2)
#include "row.h"
#include <fgopt/factors.h>
#include <fgopt/residual.h>
#undef FGO_CLASS_FIELDS
#define FGO_CLASS_FIELDS .gauge = FGO_GAUGE_RELATIVE,

FGO_RESIDUAL2(bearing_se2, 1, fgo_so2, se2, a, r2, l)
{
    vec2 p = so2_rotate_cv(fgo_so2_inv(*z), se2_untransform(a, l));
    r[0] = r_atan2(p.y, p.x);
}

FGOI_ROW(bearing_se2, (FGOI_WHOLE("bearing", SO2, fgo_so2, "rad", "a")), .formula = "angle of z^-1 (a^-1 l)");
