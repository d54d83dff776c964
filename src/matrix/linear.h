/* SPDX-License-Identifier: BSD-3-Clause */
/* linear.h -- a linear solver at work, for its clients: fgopt/linear_solver.h with the object, the request and the report in one.
 *
 * Clients fill in the request, except for its pattern, and analyze once per structure; then, many times, they write H to
 * report.values, factorize and solve. Optional operations that a class lacks are NULL in `c`, whatever version of the header the
 * class was compiled with. */
#ifndef FGOI_LINEAR_H
#define FGOI_LINEAR_H
#include "base/error.h"
#include "base/threads.h"
#include "jacobian.h"
#include "pattern.h"
#include <fgopt/linear_solver.h>

typedef struct fgoi_linear {
    fgo_linear_solver_class c;
    unsigned capabilities;
    void *self; /* the solver's own object */
    fgo_linear_request request;
    fgo_linear_report report;
} fgoi_linear;

/* Makes an object of the solver's class. FGO_ERROR_ARGUMENT if the class lacks what every class must have. */
fgo_status fgoi_linear_create(const fgo_linear_solver_class *c, fgoi_linear **out);
void fgoi_linear_free(fgoi_linear *ls); /* NULL is fine */

/* Returns whether the solver has all of these bits of fgo_linear_capability. */
int fgoi_linear_can(const fgoi_linear *ls, unsigned capabilities);

/* Has the solver lay out the blocks of `pattern`, which must stay until the next analysis, and fills in one `slot` per block.
 * Requests that the solver does not support are cleared before the analysis, those that concern the analysis alone after it. */
fgo_status fgoi_linear_analyze(fgoi_linear *ls, const fgoi_pattern *pattern, fgoi_slot *slot);

/* Factorize the damped H and solve for b in place. `b` of fgoi_linear_factorize is NULL, or the b for which fgoi_linear_solve is
 * called next. */
fgo_outcome fgoi_linear_factorize(fgoi_linear *ls, const double *b);
fgo_outcome fgoi_linear_solve(fgoi_linear *ls, double *b);

/* Solves for the columns B + k * ld, k < count; one by one if the class cannot solve for many. */
fgo_outcome fgoi_linear_solve_many(fgoi_linear *ls, double *B, size_t count, size_t ld);
#endif
