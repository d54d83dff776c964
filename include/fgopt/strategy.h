/* SPDX-License-Identifier: BSD-3-Clause */
/* strategy.h -- the interface of strategies of steps, for programs that bring their own.
 *
 * The optimizer's loop linearizes the graph, asks a strategy for a step, evaluates the cost after it, and asks whether the step
 * is accepted. Levenberg-Marquardt and Gauss-Newton are strategies; a dogleg or a line search would be others. A strategy is a
 * table of functions, fgo_strategy_class, that share a state. Symbols: F = sum rho(e' Omega e) is the cost, H = J' J and b = J' r
 * are half of its (approximate) Hessian and gradient at the current estimate, dx is a step in the tangent space of all free
 * variables.
 *
 * options.strategy makes fgo_solve use a strategy. The functions step, accepts, accept and reject must not allocate, and must
 * give the same bits for the same numbers. Any number of threads may use a class at once, but only one thread a state.
 * docs/extend/strategy.md has an example. */
#ifndef FGOPT_STRATEGY_H
#define FGOPT_STRATEGY_H
#include <fgopt/linear_solver.h>

#ifdef __cplusplus
extern "C" {
#endif

/* The problem linearized at the current estimate. Pointers that the functions return are valid until the step is accepted. */
typedef struct fgo_linearization fgo_linearization;
/* Returns the length of b and dx. */
FGO_API size_t fgo_linearization_dimension(const fgo_linearization *p);
/* Returns F. */
FGO_API double fgo_linearization_cost(const fgo_linearization *p);
/* Returns b. The gradient of F is 2 b; it is zero where degrees of freedom are held. */
FGO_API const double *fgo_linearization_gradient(const fgo_linearization *p);
/* Returns the diagonal of H. */
FGO_API const double *fgo_linearization_diagonal(const fgo_linearization *p);
/* Returns v' H v = |J v|^2, the curvature along v of the model F + 2 b' v + v' H v of the cost. */
FGO_API double fgo_linearization_curvature(fgo_linearization *p, const double *v);
/* Solves (H + diag(damping)) dx = -b with the linear solver in use; `damping` NULL: without damping. dx has a meaning only if the
 * outcome is FGO_OUTCOME_SOLVED. Each call factorizes. FGO_OUTCOME_NOT_POSITIVE_DEFINITE if p or dx is NULL. */
FGO_API fgo_outcome fgo_linearization_solve(fgo_linearization *p, FGO_OPTIONAL const double *damping, double *dx);

/* What a strategy says about a step. */
typedef struct fgo_step {
    double predicted_reduction; /* reduction of F by the model: -2 b' dx - dx' H dx */
    double lambda;              /* for the report: the damping or a similar number; to be set before a solve can fail */
    double shortening;          /* >= 1: how many times shorter dx is than the step to the model's minimum. A step that is small
                                 * only for this reason is no sign of convergence. The loop sets 1 before it asks for a step */
} fgo_step;

/* Why a step was not accepted. */
typedef enum fgo_rejection {
    FGO_REJECTION_SINGULAR = 1, /* step returned FGO_OUTCOME_NOT_POSITIVE_DEFINITE, or the step is not finite */
    FGO_REJECTION_NOT_FINITE,   /* the cost after the step cannot be evaluated or is not finite */
    FGO_REJECTION_COST          /* accepts returned 0 */
} fgo_rejection;

struct fgo_options;

/* A strategy. `state` is state_size zeroed bytes; `start` receives memory for `vectors` vectors of the length of dx. Both are
 * allocated once for all solves of a solver. */
typedef struct fgo_strategy_class {
    size_t size;      /* sizeof(fgo_strategy_class) */
    const char *name; /* one word */
    /* One line for the summary if reject gives up although the linear systems could be solved. */
    const char *gives_up;
    size_t state_size;
    int vectors;
    /* Starts a solve at the first linearization. vectors: memory for the vectors, one after the other. */
    void (*start)(void *state, fgo_linearization *p, const struct fgo_options *options, double *vectors);
    /* Computes a step at the current estimate, again if the last step was rejected. Returns the outcome of the linear solver. */
    fgo_outcome (*step)(void *state, fgo_linearization *p, double *dx, fgo_step *out);
    /* Returns whether a step to a finite cost is accepted. gain_ratio is the actual over the predicted reduction; it may be NaN.
     * */
    int (*accepts)(const void *state, double gain_ratio);
    /* Updates the state after an accepted step; p is linearized after the step. */
    void (*accept)(void *state, fgo_linearization *p, double gain_ratio);
    /* Updates the state after a rejected step. Returns 0 to try another step, -1 to give up. */
    int (*reject)(void *state, fgo_rejection reason);
} fgo_strategy_class;

#ifdef __cplusplus
}
#endif
#endif
