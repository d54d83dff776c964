/* SPDX-License-Identifier: BSD-3-Clause */
/* unconstrained_dofs.h -- degrees of freedom that no factor constrains: the heading of a pose that only ranges measure. */
#ifndef FGOI_UNCONSTRAINED_DOFS_H
#define FGOI_UNCONSTRAINED_DOFS_H
#include "graph/graph_private.h"

/* Finds the degrees of freedom that no factor constrains. *unconstrained, which the caller frees, has one byte per tangent
 * dimension, 1 where no factor constrains it; it is NULL if there is no such dimension. A class counts as not constraining a
 * dimension if that Jacobian column is zero; one factor of each class is sampled. Returns 0, or -1 when out of memory. */
int fgoi_unconstrained_dofs(const fgo_graph *g, unsigned char **unconstrained);
#endif
