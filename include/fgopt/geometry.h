/* SPDX-License-Identifier: BSD-3-Clause */
/* geometry.h -- vectors, rotations and poses over `real`; part of residual.h.
 *
 *   vectors    v2_ v3_        const add sub neg scale dot cross norm norm2, v2_perp
 *   rotations  so2_ so3_      exp log inverse compose between rotate unrotate; so2_cos so2_sin so3_vector_part
 *   poses      se2_ se3_      exp log inverse compose between transform untransform; members t and R */
#ifndef FGOPT_GEOMETRY_H
#define FGOPT_GEOMETRY_H
#include <fgopt/geometry_se2.h>
#include <fgopt/geometry_se3.h>
#include <fgopt/geometry_vector.h>
#endif
