/* SPDX-License-Identifier: BSD-3-Clause */
/* plane.c -- rotations and poses of the plane from an angle. */
#include <fgopt/factors.h>
#include <math.h>

fgo_so2 fgo_so2_from_angle(double angle) { return (fgo_so2){ cos(angle), sin(angle) }; }

fgo_se2 fgo_se2_from_angle(double x, double y, double angle) { return (fgo_se2){ x, y, cos(angle), sin(angle) }; }
