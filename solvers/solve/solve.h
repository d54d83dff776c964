/* SPDX-License-Identifier: BSD-3-Clause */
/* solve.h -- the one call, for a problem. */
#ifndef FGOI_SOLVE_H
#define FGOI_SOLVE_H
#include "evaluate/problem.h"
#include <fgopt/solver.h>

/* fgo_solve for a problem: x, laid out as the graph's values, holds the values as they are and receives the best estimate. On
 * failure x stays. */
fgo_status fgoi_solve(const fgoi_problem *p, const fgo_options *options, double *x, fgo_summary *summary);
#endif
