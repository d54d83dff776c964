/* SPDX-License-Identifier: BSD-3-Clause */
/* block_front.h -- what the numeric phase of the block Cholesky reads: fronts, and where everything goes.
 *
 * A front F holds the pivot columns of a few block columns of L and the update rows below them: a square of
 * strips * S padded rows, column-major, of which only the lower part is used (the upper one holds anything, even NaN).
 * S, the rows of a strip, is a number of the kernels. Rows 0 .. w - 1 are the pivots, padded to whole strips, then come
 * the r update rows. Columns have the numbers of their rows. L's columns lie in strips: entry (i, k) of front f at
 * L[f.L + (i / S * w + k) * S + i % S], padded rows are 0. So every operand of the kernels is a contiguous stream. */
#ifndef FGOI_BLOCK_FRONT_H
#define FGOI_BLOCK_FRONT_H
#include <stddef.h>
#include <stdint.h>

/* count rows from lane `lane` of a strip of update rows, and the row of the parent's front that the first of them is.
 */
typedef struct fgoi_segment {
    int32_t row;
    int16_t lane, count;
} fgoi_segment;

/* A rectangle of H to be added to the pivot columns of a front. */
typedef struct fgoi_piece {
    uint32_t from; /* in the front's values, columns ld apart */
    uint32_t to;   /* in F */
    uint32_t ld;
    uint16_t rows, cols;
} fgoi_piece;

/* Consecutive numbers: rows of a front, or scalars of a vector. */
typedef struct fgoi_stretch {
    int32_t start, count;
} fgoi_stretch;

typedef struct fgoi_front {
    int w, r;          /* pivots, update rows */
    int pivot_strips;  /* ceil(w / S) */
    int strips;        /* pivot_strips + ceil(r / S) */
    int ld;            /* of F, a multiple of S */
    int parent, child; /* -1: none; child: the first one */
    int child_stores;  /* the first child stores its update where others add, so only gaps are cleared before */
    int first_scalar;  /* of the pivots, in elimination order */
    size_t F, L, reciprocal, values; /* offsets in the arena, in L (twice) and in values */
    size_t U;               /* of the root of a subtree that one thread does: its update in the arena, column-major */
    int U_ld;               /* 0: the update goes straight to the parent */
    size_t segment;         /* in the list of where each strip's segments start: [segment + strip - pivot_strips] */
    size_t map;             /* rows of the parent's front for each update row */
    size_t piece, gap, run; /* first of each; the next front's tells the end */
} fgoi_front;

typedef struct fgoi_layout {
    int n, fronts;
    fgoi_front *front; /* fronts + 1 */
    size_t *segment_start;
    fgoi_segment *segment;
    int32_t *map;
    fgoi_piece *piece;
    uint32_t *diagonal; /* of each pivot scalar: its entry of H in the front's values */
    fgoi_stretch *gap;  /* rows of a front that its first child does not store */
    fgoi_stretch *run;  /* update rows as scalars in elimination order */
    size_t arena_size, L_size, values_size;
    size_t arena_start; /* relative to L: the arena lies over the part of L that is not written yet */
    int largest_w, largest_strips;
} fgoi_layout;

typedef struct fgoi_symbolic fgoi_symbolic;
struct fgoi_pattern;
struct fgoi_slot;

typedef enum fgoi_layout_result { FGOI_LAID_OUT = 0, FGOI_LAYOUT_MEMORY, FGOI_LAYOUT_TOO_LARGE } fgoi_layout_result;

/* Places fronts, L and H for kernels with strips of S rows; slot as of fgoi_linear's analyze. *l needs fgoi_layout_free
 * in any case. */
fgoi_layout_result fgoi_layout_make(fgoi_layout *l, const fgoi_symbolic *s, const struct fgoi_pattern *p, int S,
                                    struct fgoi_slot *slot);
void fgoi_layout_free(fgoi_layout *l);

/* Sets F of every front, arena_size and arena_start. Returns 0, or -1 when memory is out. */
int fgoi_arena_place(fgoi_layout *l);

/* The same for the parts of a schedule, which run at the same time, and the U of the fronts whose U_ld is set. Moves L
 * of the parts' fronts before that of the others. */
typedef struct fgoi_schedule fgoi_schedule;
int fgoi_arena_place_parts(fgoi_layout *l, const fgoi_schedule *schedule);
#endif
