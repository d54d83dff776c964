/* SPDX-License-Identifier: BSD-3-Clause */
/* evaluate.h -- the innermost loop: evaluates, whitens and weights a run of factors of one class. */
#ifndef FGOI_EVALUATE_H
#define FGOI_EVALUATE_H
#include "problem.h"

/* Factors per call: the pointers of a run fit on the stack, and its Jacobians in the caches (64 SE(3) edges: 36 kB). */
enum { FGOI_RUN = 64 };

/* Returns the number of factors per call for a group: what its class asks for, or FGOI_RUN. */
static inline size_t fgoi_batch(const fgoi_group *group) { return group->c.batch ? (size_t)group->c.batch : FGOI_RUN; }

/* Evaluates factors first .. first + count - 1 (count <= fgoi_batch) of a group of the problem's graph at the ambient state x.
 * r receives count * rows numbers, J count * rows * partials or is NULL. First r = W e and J = W de/ddelta, times the root of the
 * problem's weight; then both are scaled by sqrt(rho'(|r|^2)), so that J' r and J' J are half the gradient and half the
 * Gauss-Newton Hessian of sum rho (iteratively reweighted least squares; the second-order term of the loss, which can be
 * negative, is left out). Without J, r is not scaled. *cost becomes sum rho. Returns 0, or -1 if the class could not evaluate the
 * factors. */
int fgoi_evaluate_run(const fgoi_problem *p, const fgoi_group *group, const double *x, size_t first, size_t count, double *r,
                      double *J, double *cost);

/* Evaluates as fgoi_evaluate_run, but without the loss: r = W e, J = W de/ddelta, times the root of the weight. */
int fgoi_whiten_run(const fgoi_problem *p, const fgoi_group *group, const double *x, size_t first, size_t count, double *r,
                    double *J);

/* Evaluates as fgoi_evaluate_run, but before whitening: e and de/ddelta. */
int fgoi_raw_run(const fgo_graph *g, const fgoi_group *group, const double *x, size_t first, size_t count, double *e, double *J);

/* Computes *cost, sum rho over all factors at x; NaN if some factor cannot be evaluated. FGO_ERROR_MEMORY. */
fgo_status fgoi_cost(const fgoi_problem *p, const double *x, double *cost);
#endif
