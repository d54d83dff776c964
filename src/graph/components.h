/* SPDX-License-Identifier: BSD-3-Clause */
/* components.h -- connected components of a graph, factors being the connections. */
#ifndef FGOI_COMPONENTS_H
#define FGOI_COMPONENTS_H
#include "graph_private.h"

/* component[v], for each variable: the number of its component, counted from 0 in the order of their first variables.
 * *count: how many there are. Returns 0, or -1 when out of memory. */
int fgoi_components(const fgo_graph *g, uint32_t *component, size_t *count);

/* The same with only those groups as connections whose joins[group] is set. */
int fgoi_components_of(const fgo_graph *g, const unsigned char *joins, uint32_t *component, size_t *count);
#endif
