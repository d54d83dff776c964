/* SPDX-License-Identifier: BSD-3-Clause */
/* bearing_se3.c -- the direction of a point seen from a pose in space: the logarithm of a^-1 l / |a^-1 l| on the sphere
 * at z (direction.h).
 *
 * Without a prediction: a direction says nothing about the distance. */
#define FGO_PARTIALS (FGO_SE3 + FGO_R3)
#include "direction.h"
#undef FGO_CLASS_FIELDS
#define FGO_CLASS_FIELDS .gauge = FGO_GAUGE_RELATIVE,

FGO_RESIDUAL2(bearing_se3, 2, fgo_point3, se3, a, r3, l) { fgoi_direction_error(z->p, se3_untransform(a, l), r); }
