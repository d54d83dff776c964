/* SPDX-License-Identifier: BSD-3-Clause */
/* problem.h -- what is minimized: a graph, and what is to be read in place of the graph's own losses, weights and values.
 *
 * Who tries something out (a robust outer loop, the doctor, what-if) overrides and leaves the graph alone. A problem owns
 * nothing: graph and arrays are the caller's, outlive it, and may be rewritten between two evaluations without telling anybody.
 * What is held is no part of it: that follows from the graph (gauge.h), for which every factor counts, whatever its weight. */
#ifndef FGOI_PROBLEM_H
#define FGOI_PROBLEM_H
#include "graph/graph_private.h"

typedef struct fgoi_problem {
    const fgo_graph *g;
    const double *x;      /* NULL: the graph's values; else others, laid out as these */
    const fgo_loss *loss; /* NULL: each factor's own loss; else one for all factors, */
    int loss_of_each;     /* or, with this set, one for each factor, by its number */
    const double *weight; /* NULL: 1 for all; else of each factor, by its number, what multiplies its s = e' Omega e before the
                           * loss, finite and >= 0. A factor of weight 0 is rejected: it costs nothing, and need not even be
                           * possible to evaluate */
} fgoi_problem;

/* The values at which a problem is to be evaluated. */
static inline const double *fgoi_problem_values(const fgoi_problem *p) { return p->x ? p->x : p->g->x; }

/* The loss of the group's factor f. */
static inline const fgo_loss *fgoi_problem_loss(const fgoi_problem *p, const fgoi_group *group, size_t f)
{
    return p->loss ? p->loss + (p->loss_of_each ? group->number[f] : 0) : fgoi_group_loss(group, f);
}

/* The weight of the group's factor f. */
static inline double fgoi_problem_weight(const fgoi_problem *p, const fgoi_group *group, size_t f)
{
    return p->weight ? p->weight[group->number[f]] : 1.0;
}
#endif
