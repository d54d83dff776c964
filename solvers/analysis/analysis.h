/* SPDX-License-Identifier: BSD-3-Clause */
/* analysis.h -- what analysing a graph finds, apart from any client's numbers: the normal system's blocks and terms, what is
 * held, and the elimination order. Initialization, solver, covariances and doctor share one.
 *
 * An analysis is counted by references and what it says never changes; whoever has one makes a system (system/system.h), a linear
 * solver and threads of its own for it, so that several clients use it at once. The graph's cache holds one reference, so that
 * the next client finds it: one analysis serves all until variables, factors or holds change. */
#ifndef FGOI_ANALYSIS_H
#define FGOI_ANALYSIS_H
#include "system/system.h"
#include <stdatomic.h>

typedef struct fgoi_analysis {
    fgoi_structure structure;
    uint64_t revision; /* the graph's, when it was analysed */
    atomic_size_t references;
    pthread_mutex_t mutex;          /* of what is below */
    struct fgoi_symbolic *symbolic; /* of the structure's pattern, as block/symbolic.h says; NULL: nobody has asked yet */
    fgoi_room room;                 /* left by a system that is gone for the next one; to touch new pages costs more */
} fgoi_analysis;

/* The analysis of the graph as it is, with a reference for the caller: the one that is there, or a new one. Threads that ask at
 * once get the same. */
fgo_status fgoi_analysis_of(const fgo_graph *g, fgoi_analysis **out);
/* Sets *valid to 1 if the analysis is of the graph as it is, else 0, also for NULL. What the gauge rule holds can depend on values
 * and noise too, which the revision does not tell. */
fgo_status fgoi_analysis_validate(const fgoi_analysis *a, const fgo_graph *g, int *valid);
void fgoi_analysis_release(fgoi_analysis *a); /* NULL is fine */

/* The elimination order of the pattern and what follows from it, found by the first one who asks; valid as long as the analysis
 * is. */
fgo_status fgoi_analysis_order(fgoi_analysis *a, const struct fgoi_symbolic **out);

/* fgoi_system_create on the analysis' structure, in the room that was left, if one was. */
fgo_status fgoi_analysis_system(fgoi_analysis *a, const fgoi_problem *problem, const int *dim, fgoi_system *s);

/* Leaves the room of a system made so, which is then only to be freed, for the next one: for clients that others follow at once,
 * as a solver follows the initialization. */
void fgoi_analysis_leave_room(fgoi_analysis *a, fgoi_system *s);

/* How many analyses this process has made, for tests. */
size_t fgoi_analysis_count(void);
#endif
