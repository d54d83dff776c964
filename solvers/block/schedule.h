/* SPDX-License-Identifier: BSD-3-Clause */
/* schedule.h -- who does what when several threads factorize.
 *
 * Subtrees of the tree of fronts, each a small part of the work, are done by one thread each; the fronts above them by
 * all together, in stages cut into tasks. A thread takes the next task of the stage at hand until there is none; so
 * none waits for a thread that has not come. Every number is made by the same additions in the same order as by one
 * thread: the update of a subtree's root waits in a matrix U of its own until its turn among its siblings. */
#ifndef FGOI_BLOCK_SCHEDULE_H
#define FGOI_BLOCK_SCHEDULE_H
#include "block/kernel/front.h"

typedef enum fgoi_stage_kind {
    FGOI_STAGE_SUBTREES,  /* a task is a part: subtrees one after another */
    FGOI_STAGE_EXTEND,    /* clears a front if it is new, adds updates of subtrees, and H if it is complete then;
                             a task is FGOI_EXTEND_COLUMNS columns */
    FGOI_STAGE_ELIMINATE, /* a task is a group of strips */
    FGOI_STAGE_UPDATE     /* a task is a group of strips, the last first, because it is the longest */
} fgoi_stage_kind;

enum { FGOI_EXTEND_COLUMNS = 48 };

typedef struct fgoi_stage {
    fgoi_stage_kind kind;
    int front; /* -1: subtrees */
    int tasks;
    int first_root, end_root; /* EXTEND: adds child[first_child .. last_child) */
    int clears, adds_H;       /* EXTEND */
} fgoi_stage;

struct fgoi_schedule {
    int batches;
    int *batch_start;    /* parts + 1, in subtree */
    fgoi_range *subtree; /* fronts start .. start + count - 1 */
    int stages;
    fgoi_stage *stage;
    int *root;                /* roots of subtrees, by parent */
    uint32_t *identity_start; /* segments of a root's update in its U: whole strips */
    fgoi_segment *identity_segment;
};

/* For `threads` threads; cycles: modelled, of each front. Sets U, U_rows, F and columns of the fronts and arena_size.
 * Returns 0, or -1 when memory is out; needs fgoi_schedule_free in any case. */
int fgoi_schedule_make(fgoi_schedule *schedule, fgoi_layout *l, const double *cycles, int threads);
void fgoi_schedule_free(fgoi_schedule *schedule);
#endif
