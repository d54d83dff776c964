/* SPDX-License-Identifier: BSD-3-Clause */
/* position_se2.c -- measured position of a pose of the plane, in the world frame: e = t - z. */
#define FGO_PARTIALS FGO_SE2
#include "row.h"
#include <fgopt/factors.h>
#include <fgopt/residual.h>
#undef FGO_CLASS_FIELDS
#define FGO_CLASS_FIELDS .gauge = FGO_GAUGE_ABSOLUTE,

FGO_RESIDUAL1(position_se2, 2, fgo_point2, se2, a)
{
    r[0] = r_sub(a.t.x, z->p[0]);
    r[1] = r_sub(a.t.y, z->p[1]);
}

FGOI_ROW(position_se2, (FGOI_WHOLE("point", LENGTH, fgo_point2, "m", "world")), .formula = "t - z");
