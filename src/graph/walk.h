/* SPDX-License-Identifier: BSD-3-Clause */
/* walk.h -- values by walking along factors that can predict one variable from the others. */
#ifndef FGOI_WALK_H
#define FGOI_WALK_H
#include "graph_private.h"

typedef enum fgoi_walk_order {
    FGOI_WALK_ODOMETRY, /* factors between neighbouring keys first, then the fewest steps */
    FGOI_WALK_CERTAIN   /* the least sum of variances from the start (E. Dijkstra 1959), a variance being the trace of a
                         * factor's covariance */
} fgoi_walk_order;

/* Starts at held variables and at priors, else at the smallest key of a component. x: all ambient values of the graph,
 * in and out; what is not reached stays. */
fgo_status fgoi_walk(fgo_graph *g, fgoi_walk_order order, double *x, size_t *reached);
#endif
