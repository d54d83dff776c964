/* SPDX-License-Identifier: BSD-3-Clause */
/* analysis.h -- the result of analysing a graph, without the numbers of any client: the blocks and terms of the normal system,
 * what is held, and the elimination order. Initialization, solver, covariances and doctor share one.
 *
 * An analysis counts its references, and its content never changes. Each client makes a system (system/system.h), a linear solver
 * and threads of its own for the analysis, so that several clients can use it at once. The graph's cache holds one reference,
 * where the next client finds it: one analysis serves all clients until variables, factors or holds change. */
#ifndef FGOI_ANALYSIS_H
#define FGOI_ANALYSIS_H
#include "system/system.h"
#include <stdatomic.h>

typedef struct fgoi_analysis {
    fgoi_structure structure;
    uint64_t revision; /* of the graph when it was analysed */
    atomic_size_t references;
    pthread_mutex_t mutex;          /* guards the members below */
    struct fgoi_symbolic *symbolic; /* of the structure's pattern (block/symbolic.h); NULL until a client asks for it */
    fgoi_room room;                 /* memory that a freed system has left for the next one, because new pages cost more */
} fgoi_analysis;

/* Finds the analysis of the current graph, or makes it; *out is a reference that belongs to the caller. Threads that ask at the
 * same time get the same analysis. */
fgo_status fgoi_analysis_of(const fgo_graph *g, fgoi_analysis **out);
/* Sets *valid to 1 if the analysis is of the graph as it is, else 0, also for NULL. What the gauge rule holds can depend on values
 * and noise too, which the revision does not tell. */
fgo_status fgoi_analysis_validate(const fgoi_analysis *a, const fgo_graph *g, int *valid);
void fgoi_analysis_release(fgoi_analysis *a); /* NULL is fine */

/* Finds the elimination order of the pattern and what follows from it, which the first call computes; *out is valid as long as
 * the analysis is. */
fgo_status fgoi_analysis_order(fgoi_analysis *a, const struct fgoi_symbolic **out);

/* Creates a system as fgoi_system_create does, on the structure of the analysis, in memory that a system has left if there is
 * any. */
fgo_status fgoi_analysis_system(fgoi_analysis *a, const fgoi_problem *problem, const int *dim, fgoi_system *s);

/* Keeps the memory of system s for the next system: for clients that are followed directly by another, as the initialization is
 * by a solver. All that may be done with s afterwards is to free it. */
void fgoi_analysis_leave_room(fgoi_analysis *a, fgoi_system *s);

/* Returns how many analyses this process has made, for tests. */
size_t fgoi_analysis_count(void);
#endif
