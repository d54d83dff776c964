/* SPDX-License-Identifier: BSD-3-Clause */
/* solver.h -- fgo_solver on a problem, whose values are the caller's. */
#ifndef FGOI_SOLVER_H
#define FGOI_SOLVER_H
#include "evaluate/problem.h"
#include <fgopt/solver.h>

/* Creates a solver for a problem, which is copied: graph and overrides must outlive the solver, and the numbers of the overrides
 * may change between two solves. options NULL: defaults. */
fgo_status fgoi_solver_create(const fgoi_problem *problem, const fgo_options *options, fgo_solver **out);

/* Minimizes from x, laid out as the graph's values; x becomes the best estimate. Else as fgo_solver_solve. */
fgo_status fgoi_solver_solve(fgo_solver *s, double *x, fgo_summary *summary);

/* What the last analysis took, in seconds. */
double fgoi_solver_time_analyze(const fgo_solver *s);
#endif
