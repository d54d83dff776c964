/* SPDX-License-Identifier: BSD-3-Clause */
/* unconstrained_dofs.h -- degrees of freedom that no factor looks at, such as the heading of a pose of which there are only ranges.
 */
#ifndef FGOI_UNCONSTRAINED_DOFS_H
#define FGOI_UNCONSTRAINED_DOFS_H
#include "graph/graph_private.h"

/* *unseen: of each degree of freedom 1 if the columns of the Jacobians of all its factors' classes are zero, judged by
 * one factor of each; NULL if there is none. The caller frees it. 0, or -1 when out of memory. */
int fgoi_unconstrained_dofs(const fgo_graph *g, unsigned char **unconstrained);
#endif
