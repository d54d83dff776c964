/* SPDX-License-Identifier: BSD-3-Clause */
/* pattern.h -- the block structure of the normal matrix: all that linear solvers are told about a graph, as
 * fgopt/linear_solver.h describes it. */
#ifndef FGOI_PATTERN_H
#define FGOI_PATTERN_H
#include <fgopt/linear_solver.h>

typedef fgo_block_pattern fgoi_pattern;
typedef fgo_block_slot fgoi_slot;

void fgoi_pattern_free(fgoi_pattern *p);
#endif
