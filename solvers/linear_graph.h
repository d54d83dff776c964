/* SPDX-License-Identifier: BSD-3-Clause */
/* linear_graph.h -- a graph of R^n variables whose residuals are linear, solved exactly for one or more right-hand sides with
 * one factorization. */
#ifndef FGOI_LINEAR_GRAPH_H
#define FGOI_LINEAR_GRAPH_H
#include "graph_private.h"

typedef struct fgoi_right_hand_sides {
    int count;
    void (*prepare)(void *context, fgo_graph *h, int k); /* sets values and measurements of side k; not the Jacobians */
    void (*collect)(void *context, fgo_graph *h, int k); /* reads the solution off the values */
    void *context;
} fgoi_right_hand_sides;

/* *solved: 1, or 0 if the normal matrix is not positive definite or something is not finite. */
fgo_status fgoi_linear_graph_solve(fgo_graph *h, const fgoi_right_hand_sides *sides, int *solved);

/* A factor class  e = A x - c  on `arity` variables of R^n with these dimensions: the measurement is A, rows x partials,
 * row-major, then c. It counts as absolute, so that the gauge rule leaves such graphs alone. */
fgo_factor_class fgoi_linear_factor(int rows, int arity, const int *dim);
#endif
