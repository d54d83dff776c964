/* SPDX-License-Identifier: BSD-3-Clause */
/* propagate.h -- values by walking along factors that can predict one variable from the others. */
#ifndef FGOI_PROPAGATE_H
#define FGOI_PROPAGATE_H
#include "graph_private.h"

typedef enum fgoi_propagation_order {
    FGOI_PROPAGATE_ODOMETRY, /* factors between neighbouring keys first, then the fewest steps */
    FGOI_PROPAGATE_CERTAIN   /* the least sum of variances from the start (E. Dijkstra 1959), a variance being the trace of a
                         * factor's covariance */
} fgoi_propagation_order;

/* Starts at variables that are held, wholly or in part, and at priors, else at the smallest key of a component. weight: NULL, or of each factor by its number
 * what multiplies its information; those of weight 0 predict only what no other factor reaches, and priors of weight 0 nothing. x:
 * all ambient values of the graph, in and out; what is not reached stays. */
fgo_status fgoi_propagate(const fgo_graph *g, const double *weight, fgoi_propagation_order order, double *x, size_t *reached);
#endif
