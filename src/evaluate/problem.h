/* SPDX-License-Identifier: BSD-3-Clause */
/* problem.h -- what is minimized: a graph, and overrides that are read in place of the graph's own losses, weights and values.
 *
 * A client that tries something out (a robust outer loop, the doctor, what-if) writes overrides and leaves the graph alone. A
 * problem owns nothing: graph and arrays belong to the caller, outlive the problem, and may be rewritten between two evaluations
 * without notice. Holds are not part of a problem: they follow from the graph (gauge.h), where every factor counts, whatever its
 * weight. */
#ifndef FGOI_PROBLEM_H
#define FGOI_PROBLEM_H
#include "graph/graph_private.h"

typedef struct fgoi_problem {
    const fgo_graph *g;
    const double *x;      /* NULL: the graph's values; else other values in the same layout */
    const fgo_loss *loss; /* NULL: each factor's own loss; else the loss of all factors or, with loss_of_each, an array */
    int loss_of_each;     /* 1: `loss` has one entry per factor, by its number */
    const double *weight; /* NULL: 1 for all; else for each factor, by its number, a finite number >= 0 that multiplies its
                           * s = e' Omega e before the loss. A factor of weight 0 is rejected: it costs nothing, and the class
                           * need not be able to evaluate it */
} fgoi_problem;

/* Returns the values at which a problem is to be evaluated. */
static inline const double *fgoi_problem_values(const fgoi_problem *p) { return p->x ? p->x : p->g->x; }

/* Returns the loss of the group's factor f. */
static inline const fgo_loss *fgoi_problem_loss(const fgoi_problem *p, const fgoi_group *group, size_t f)
{
    return p->loss ? p->loss + (p->loss_of_each ? group->number[f] : 0) : fgoi_group_loss(group, f);
}

/* Returns the weight of the group's factor f. */
static inline double fgoi_problem_weight(const fgoi_problem *p, const fgoi_group *group, size_t f)
{
    return p->weight ? p->weight[group->number[f]] : 1.0;
}
#endif
