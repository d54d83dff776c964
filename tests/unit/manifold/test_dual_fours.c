/* SPDX-License-Identifier: BSD-3-Clause */
/* test_dual_fours.c -- partials of a pose and four numbers: groups of four, the last one not full. */
#define FGO_PARTIALS (FGO_SE3 + FGO_R4)
#include "dual_groups.h"
