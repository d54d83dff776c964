/* SPDX-License-Identifier: BSD-3-Clause */
/* minimize.h -- the outer loop: from a system, a linear solver and a policy to a minimum. */
#ifndef FGOI_MINIMIZE_H
#define FGOI_MINIMIZE_H
#include "matrix/linear.h"
#include "policy.h"
#include "system/system.h"
#include <fgopt/solver.h>

/* All memory the loop works in; nothing is allocated during it. */
typedef struct fgoi_minimizer {
    fgoi_system *system;
    fgoi_linear *linear;
    fgoi_threads *threads; /* or NULL */
    const fgo_options *options;
    fgoi_policy policy;
    double *x, *x_try, *x_best; /* ambient states; x is the current estimate */
    double cost, cost_best;
    double last_change; /* of the cost by the last step taken; 0 before the first */
    double restraint;   /* >= 1: by how much the damping shortened the step, see minimize.c */
    double *b;          /* J' r at x: half the gradient */
    double *diagonal;   /* of H at x, undamped */
    double *step;       /* the attempted step in the tangent space */
    double start_time_s;
    int out_of_memory; /* 1: the linear solver was, which is an error and no outcome */
    fgo_iteration it;  /* the record being written */
    fgo_summary *summary;
} fgoi_minimizer;

/* Starts at m->x; at the end m->x is the best estimate. Fills the outcome, counts and times of m->summary. */
void fgoi_minimize(fgoi_minimizer *m);

/* Seconds on a clock that never goes back. */
double fgoi_now_s(void);
#endif
