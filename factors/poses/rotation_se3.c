/* SPDX-License-Identifier: BSD-3-Clause */
/* rotation_se3.c -- measured rotation of a pose in space: e = Log(z^-1 R), a rotation vector in the frame of the pose.
 */
#define FGO_PARTIALS FGO_SE3
#include "row.h"
#include <fgopt/factors.h>
#include <fgopt/residual.h>
#undef FGO_CLASS_FIELDS
#define FGO_CLASS_FIELDS .gauge = FGO_GAUGE_ABSOLUTE,

FGO_RESIDUAL1(rotation_se3, 3, fgo_so3, se3, a)
{
    vec3 v = so3_log(so3_between(*z, a.R));
    r[0] = v.x;
    r[1] = v.y;
    r[2] = v.z;
}

FGOI_ROW(rotation_se3, (FGOI_WHOLE("rotation", SO3, fgo_so3, "rad", "world")), .formula = "Log(z^-1 R)");
