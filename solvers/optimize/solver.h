/* SPDX-License-Identifier: BSD-3-Clause */
/* solver.h -- fgo_solver on a problem, with values that the caller passes. */
#ifndef FGOI_SOLVER_H
#define FGOI_SOLVER_H
#include "evaluate/problem.h"
#include <fgopt/solver.h>

/* Creates a solver for a problem, which is copied: graph and overrides must outlive the solver, and the numbers of the overrides
 * may change between two solves. options NULL: defaults. */
fgo_status fgoi_solver_create(const fgoi_problem *problem, const fgo_options *options, fgo_solver **out);

/* Minimizes from x, laid out as the graph's values, which becomes the best estimate. Summary and errors are those of
 * fgo_solver_solve. */
fgo_status fgoi_solver_solve(fgo_solver *s, double *x, fgo_summary *summary);

/* Returns how long the last analysis took, in seconds. */
double fgoi_solver_time_analyze(const fgo_solver *s);
#endif
