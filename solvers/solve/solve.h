/* SPDX-License-Identifier: BSD-3-Clause */
/* solve.h -- fgo_solve for a problem. */
#ifndef FGOI_SOLVE_H
#define FGOI_SOLVE_H
#include "evaluate/problem.h"
#include <fgopt/solver.h>

/* Solves a problem as fgo_solve does a graph. x, laid out as the graph's values, has the current values and receives the best
 * estimate; it is unchanged after an error. */
fgo_status fgoi_solve(const fgoi_problem *p, const fgo_options *options, double *x, fgo_summary *summary);
#endif
