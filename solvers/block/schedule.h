/* SPDX-License-Identifier: BSD-3-Clause */
/* schedule.h -- how several threads share a factorization.
 *
 * Subtrees of the tree of fronts, each a small share of the work, are gathered into batches; one thread does a batch. The
 * top fronts, which belong to no such subtree, are done by all threads together, in stages that are cut into tasks. A
 * thread takes the next task of the current stage until there is none, so no thread waits for one that has not started.
 * Every number is computed by the same additions in the same order as by one thread: the update of a subtree's root stays
 * in a matrix U of its own until its turn among its siblings. */
#ifndef FGOI_BLOCK_SCHEDULE_H
#define FGOI_BLOCK_SCHEDULE_H
#include "block/kernel/front.h"

typedef enum fgoi_stage_kind {
    FGOI_STAGE_SUBTREES,  /* factorizes the subtrees; a task is a batch */
    FGOI_STAGE_EXTEND,    /* clears a top front if it is new, adds updates of subtrees' roots, and H after the last of them;
                           * a task is FGOI_EXTEND_COLUMNS columns */
    FGOI_STAGE_ELIMINATE, /* computes L of a top front; a task is a group of strips */
    FGOI_STAGE_UPDATE     /* sends a top front's update to its parent; a task is a group of strips, the last and longest first */
} fgoi_stage_kind;

enum { FGOI_EXTEND_COLUMNS = 48 };

typedef struct fgoi_stage {
    fgoi_stage_kind kind;
    int front; /* -1: subtrees */
    int tasks;
    int first_root, end_root; /* EXTEND: adds the updates of root[first_root .. end_root) */
    int clears, adds_H;       /* EXTEND */
} fgoi_stage;

struct fgoi_schedule {
    int batches;              /* the most expensive first */
    int *batch_start;         /* batches + 1, in subtree */
    fgoi_range *subtree;      /* the fronts of each subtree */
    int stages;               /* in the order in which they are done */
    fgoi_stage *stage;        /* stages */
    int *root;                /* roots of subtrees, by parent */
    uint32_t *identity_start; /* segments that map a root's update rows to U: each strip to itself */
    fgoi_segment *identity_segment;
};

/* Makes the schedule for `threads` threads. cycles: modelled cost of each front. Sets U, U_rows, F and column entries of
 * the fronts, and arena_size and arena_start of *l. Returns 0, or -1 when memory is out; *schedule needs
 * fgoi_schedule_free in any case. */
int fgoi_schedule_make(fgoi_schedule *schedule, fgoi_layout *l, const double *cycles, int threads);
void fgoi_schedule_free(fgoi_schedule *schedule);
#endif
