/* SPDX-License-Identifier: BSD-3-Clause */
/* heading_se2.c -- measured heading of a pose of the plane, as by a compass: e = angle of z^-1 R, in (-pi, pi]. */
#define FGO_PARTIALS FGO_SE2
#include "row.h"
#include <fgopt/factors.h>
#include <fgopt/residual.h>
#undef FGO_CLASS_FIELDS
#define FGO_CLASS_FIELDS .gauge = FGO_GAUGE_ABSOLUTE,

FGO_RESIDUAL1(heading_se2, 1, fgo_so2, se2, a) { r[0] = so2_log(so2_between(*z, a.R)); }

FGOI_ROW(heading_se2, (FGOI_WHOLE("rotation", SO2, fgo_so2, "rad", "world")), .formula = "angle of z^-1 R");
