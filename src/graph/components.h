/* SPDX-License-Identifier: BSD-3-Clause */
/* components.h -- connected components of a graph: variables that factors connect. */
#ifndef FGOI_COMPONENTS_H
#define FGOI_COMPONENTS_H
#include "graph_private.h"

/* Finds component[v], the component of each variable v, numbered from 0 in the order of their first variables, and *count, how
 * many there are. Returns 0, or -1 when out of memory. */
int fgoi_components(const fgo_graph *g, uint32_t *component, size_t *count);

/* Finds the components as fgoi_components does, with connections only by the groups whose joins[group] is set. */
int fgoi_components_of(const fgo_graph *g, const unsigned char *joins, uint32_t *component, size_t *count);
#endif
