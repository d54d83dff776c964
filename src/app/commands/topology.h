/* SPDX-License-Identifier: BSD-3-Clause */
/* topology.h -- kinds, components and degrees: how the variables of a graph are connected. */
#ifndef CLI_TOPOLOGY_H
#define CLI_TOPOLOGY_H
#include "shell/cli.h"

enum { TOPOLOGY_KINDS = 16 };

typedef struct topology_kind {
    const char *name;             /* of a manifold or of a factor class */
    const fgo_manifold *manifold; /* of variables; NULL of factors, and of what is counted as "other" */
    size_t count;
} topology_kind;

typedef struct topology {
    topology_kind variables[TOPOLOGY_KINDS], factors[TOPOLOGY_KINDS]; /* by kind; a count of 0 ends the list */
    size_t edges;                                                     /* factors on two or more variables */
    size_t components;                                                /* connected components */
    size_t beyond_tree;     /* edges that a spanning forest does not need: the number of independent loops */
    size_t not_consecutive; /* edges between two ids that differ by more than 1 */
    size_t degree_min, degree_median, degree_max; /* edges at a variable */
    size_t histogram[8];                          /* variables of degree 0, 1, 2, 3, 4, 5-8, 9-16, more */
} topology;

extern const char *const topology_histogram_label[8];

/* Fills *out with the topology of g. Prints its error. */
cli_exit topology_of(fgo_graph *g, topology *out);
/* Writes how many variables of each kind there are to `text`: "2500 SE(3) poses, 20 2-D points". */
void topology_describe_variables(const topology *t, char *text, size_t size);
#endif
