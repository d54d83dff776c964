/* SPDX-License-Identifier: BSD-3-Clause */
/* structure.h -- what analysing a graph finds, apart from any linear solver's own places: the normal system's blocks and
 * terms, and the elimination order. The initialization makes it, and the graph keeps it for the solver that comes next. */
#ifndef FGOI_STRUCTURE_H
#define FGOI_STRUCTURE_H
#include "block/symbolic.h"
#include "system/system.h"

typedef struct fgoi_structure {
    fgoi_system system;
    fgoi_symbolic symbolic;
    fgoi_threads *threads; /* or NULL */
    uint64_t stamp;        /* the graph's `structure` */
} fgoi_structure;

/* Of the graph as it is; wide as in system.h, threads as of fgoi_threads_start. */
fgo_status fgoi_structure_create(fgo_graph *g, int wide, int threads, fgoi_structure **out);
void fgoi_structure_free(fgoi_structure *s);

/* Leaves s with the graph, which frees it sooner or later. */
void fgoi_structure_keep(fgo_graph *g, fgoi_structure *s);

/* What was left with the graph, now the caller's; NULL if there is nothing, or the graph has changed since. */
fgoi_structure *fgoi_structure_take(fgo_graph *g);
#endif
