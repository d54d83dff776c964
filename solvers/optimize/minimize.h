/* SPDX-License-Identifier: BSD-3-Clause */
/* minimize.h -- the iteration: minimizes the cost with a system, a linear solver and a strategy. */
#ifndef FGOI_MINIMIZE_H
#define FGOI_MINIMIZE_H
#include "matrix/linear.h"
#include "system/system.h"
#include <fgopt/solver.h>
#include <fgopt/strategy.h>

/* All memory of the iteration, during which nothing is allocated. Strategies know it as fgo_linearization. */
typedef struct fgo_linearization fgoi_minimizer;

struct fgo_linearization {
    fgoi_system *system;
    fgoi_linear *linear;
    fgoi_threads *threads; /* or NULL */
    const fgo_options *options;
    const fgo_strategy_class *strategy;
    void *state;                /* of the strategy */
    double *vectors;            /* of the strategy */
    double *x, *x_try, *x_best; /* ambient states; x is the current estimate */
    double cost, cost_best;
    double last_change; /* of the cost by the last accepted step; 0 before the first */
    fgo_step proposal;  /* the strategy's report on the step */
    double *b;          /* J' r at x: half the gradient */
    double *diagonal;   /* of H at x, undamped */
    int untried;        /* no step from x has been rejected */
    int damped;         /* the linear solver's H has damping on its diagonal */
    double *step;       /* the attempted step in the tangent space */
    double start_time_s;
    int out_of_memory; /* 1: the linear solver ran out of memory, which is an error and not an outcome */
    fgo_iteration it;  /* the record being written */
    fgo_summary *summary;
};

/* Minimizes the cost from m->x on; at the end m->x is the best estimate. Fills in the outcome, counts and times of m->summary. */
void fgoi_minimize(fgoi_minimizer *m);
#endif
