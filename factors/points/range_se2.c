/* SPDX-License-Identifier: BSD-3-Clause */
/* range_se2.c -- the distance of a point from a pose of the plane: e = |l - t| - range. */
#define FGO_PARTIALS (FGO_SE2 + FGO_R2)
#include "row.h"
#include <fgopt/factors.h>
#include <fgopt/residual.h>
#undef FGO_CLASS_FIELDS
#define FGO_CLASS_FIELDS .gauge = FGO_GAUGE_RELATIVE,

FGO_RESIDUAL2(range_se2, 1, fgo_range_measurement, se2, a, r2, l) { r[0] = r_sub(v2_norm(v2_sub(l, a.t)), z->range); }

FGOI_ROW(range_se2, (FGOI_MEMBER(LENGTH, fgo_range_measurement, range, "m", "")), .formula = "|l - t| - range");
