/* SPDX-License-Identifier: BSD-3-Clause */
/* bearing_se3.c -- the direction of a point seen from a pose in space: the logarithm of a^-1 l / |a^-1 l| on the sphere
 * at z (direction.h).
 *
 * The class has no prediction, because a direction says nothing about the distance. */
#define FGO_PARTIALS (FGO_SE3 + FGO_R3)
#include "direction.h"
#include "row.h"
#undef FGO_CLASS_FIELDS
#define FGO_CLASS_FIELDS .gauge = FGO_GAUGE_RELATIVE,

FGO_RESIDUAL2(bearing_se3, 2, fgo_point3, se3, a, r3, l) { fgoi_direction_error(z->p, se3_untransform(a, l), r); }

FGOI_ROW(bearing_se3, (FGOI_WHOLE("direction", DIRECTION, fgo_point3, "", "a")),
         .formula = "Log_d(u), u the direction of a^-1 l");
