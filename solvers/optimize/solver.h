/* SPDX-License-Identifier: BSD-3-Clause */
/* solver.h -- fgo_solver with a linear solver of the caller's: how tests watch the optimizer through a fake one. */
#ifndef FGOI_SOLVER_H
#define FGOI_SOLVER_H
#include "matrix/linear.h"
#include <fgopt/solver.h>

/* fgo_solver_create with linear solver class c instead of the one the options name. */
fgo_status fgoi_solver_create_with(fgo_graph *g, const fgo_options *options, const fgoi_linear_class *c, fgo_solver **out);
#endif
