/* SPDX-License-Identifier: BSD-3-Clause */
/* propagate.h -- values by propagation along factors that can predict one variable from the others. */
#ifndef FGOI_PROPAGATE_H
#define FGOI_PROPAGATE_H
#include "graph_private.h"

typedef enum fgoi_propagation_order {
    FGOI_PROPAGATE_ODOMETRY, /* factors between neighbouring keys first, then the fewest steps */
    FGOI_PROPAGATE_CERTAIN   /* the path with the smallest sum of variances (E. Dijkstra 1959), a variance being the trace of a
                              * factor's covariance */
} fgoi_propagation_order;

/* Propagates values from variables that are held, whole or in part, and from priors; in a component without either, from its
 * smallest key. `weight` is NULL or has a number for each factor, by which its information is multiplied; factors of weight 0
 * predict only what no other factor reaches, and priors of weight 0 predict nothing. x has all ambient values of the graph, and
 * receives the new ones; variables that are not reached keep theirs. *reached becomes the number of variables that were
 * predicted. FGO_ERROR_MEMORY. */
fgo_status fgoi_propagate(const fgo_graph *g, const double *weight, fgoi_propagation_order order, double *x, size_t *reached);
#endif
