/* SPDX-License-Identifier: BSD-3-Clause */
/* range_se3.c -- the distance of a point from a pose: e = |l - t| - range. */
#define FGO_PARTIALS (FGO_SE3 + FGO_R3)
#include "row.h"
#include <fgopt/factors.h>
#include <fgopt/residual.h>
#undef FGO_CLASS_FIELDS
#define FGO_CLASS_FIELDS .gauge = FGO_GAUGE_RELATIVE,

FGO_RESIDUAL2(range_se3, 1, fgo_range_measurement, se3, a, r3, l) { r[0] = r_sub(v3_norm(v3_sub(l, a.t)), z->range); }

FGOI_ROW(range_se3, (FGOI_MEMBER(LENGTH, fgo_range_measurement, range, "m", "")), .formula = "|l - t| - range");
