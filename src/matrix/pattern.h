/* SPDX-License-Identifier: BSD-3-Clause */
/* pattern.h -- the block structure of the normal matrix, which is all that a linear solver learns about a graph; see
 * fgopt/linear_solver.h. */
#ifndef FGOI_PATTERN_H
#define FGOI_PATTERN_H
#include <fgopt/linear_solver.h>

typedef fgo_block_pattern fgoi_pattern;
typedef fgo_block_slot fgoi_slot;

void fgoi_pattern_free(fgoi_pattern *p);
#endif
