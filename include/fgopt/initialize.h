/* SPDX-License-Identifier: BSD-3-Clause */
/* initialize.h -- first estimates for a graph. */
#ifndef FGOPT_INITIALIZE_H
#define FGOPT_INITIALIZE_H
#include <fgopt/graph.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef enum fgo_init {
    FGO_INIT_KEEP = 0,      /* keep the values as they are */
    FGO_INIT_ODOMETRY,      /* walk along the factors that can predict one variable from the others
                             * (fgo_factor_class.predict): from the held variables and those with a prior, else from the
                             * smallest key of each component; factors between neighbouring keys first, then the fewest steps */
    FGO_INIT_SPANNING_TREE, /* the same walk along the paths of least uncertainty: variances (traces of covariances) add up */
    FGO_INIT_CHORDAL,       /* rotations by chordal relaxation, then positions with the rotations known, each a sparse linear
                             * problem (D. Martinec, T. Pajdla 2007; L. Carlone et al., ICRA 2015); poses only, variables
                             * that are no poses follow as far as their factors with poses determine them */
    FGO_INIT_AUTO           /* the values as they are if noise alone explains their cost; else the least cost of these, the
                             * spanning tree (odometry where a factor has a loss: outliers mislead shortest paths) and the
                             * chordal relaxation */
} fgo_init;

enum { FGO_INIT_CAPACITY = 16 }; /* room for the ways that later versions know */

/* What was done. */
typedef struct fgo_init_report {
    fgo_init chosen;                /* never AUTO */
    size_t reached;                 /* variables that got a new value */
    double cost[FGO_INIT_CAPACITY]; /* F with each candidate, by fgo_init; NaN for those that were not tried or failed */
    double time_s;
    char reason[160]; /* one line: why this one */
} fgo_init_report;

/* Sets values; held variables and those that no factor reaches keep theirs. If the chosen way cannot be gone (chordal on a
 * graph without poses) or leads to infinity the values stay and report->chosen is FGO_INIT_KEEP. report may be NULL.
 * What the chordal relaxation analysed, and its threads, which sleep, stay with the graph until the next solver is made for it,
 * or the graph is freed. */
FGO_API fgo_status fgo_initialize_with_sized(fgo_graph *g, fgo_init init, int threads, FGO_OPTIONAL fgo_init_report *report,
                                             size_t report_size);
static inline fgo_status fgo_initialize(fgo_graph *g, fgo_init init, FGO_OPTIONAL fgo_init_report *report)
{
    return fgo_initialize_with_sized(g, init, 0, report, sizeof *report);
}

/* The same with that many threads, as fgo_options.threads explains; fgo_initialize takes 0. */
static inline fgo_status fgo_initialize_with(fgo_graph *g, fgo_init init, int threads, FGO_OPTIONAL fgo_init_report *report)
{
    return fgo_initialize_with_sized(g, init, threads, report, sizeof *report);
}

/* "file", "odometry", "spanning-tree", "chordal", "auto"; NULL for a number that is none. */
FGO_API const char *fgo_init_name(fgo_init init);

#ifdef __cplusplus
}
#endif
#endif
