/* SPDX-License-Identifier: BSD-3-Clause */
/* position_se3.c -- measured position of a pose, in the world frame: e = t - z. */
#define FGO_PARTIALS FGO_SE3
#include "row.h"
#include <fgopt/factors.h>
#include <fgopt/residual.h>
#undef FGO_CLASS_FIELDS
#define FGO_CLASS_FIELDS .gauge = FGO_GAUGE_ABSOLUTE,

FGO_RESIDUAL1(position_se3, 3, fgo_point3, se3, a)
{
    r[0] = r_sub(a.t.x, z->p[0]);
    r[1] = r_sub(a.t.y, z->p[1]);
    r[2] = r_sub(a.t.z, z->p[2]);
}

FGOI_ROW(position_se3, (FGOI_WHOLE("point", LENGTH, fgo_point3, "m", "world")), .formula = "t - z");
