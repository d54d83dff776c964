/* SPDX-License-Identifier: BSD-3-Clause */
/* test_dual_groups.c -- partials of two poses: groups of three. */
#define FGO_PARTIALS (FGO_SE3 + FGO_SE3)
#include "dual_groups.h"
