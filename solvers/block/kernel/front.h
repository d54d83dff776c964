/* SPDX-License-Identifier: BSD-3-Clause */
/* front.h -- what the numeric phase of the block Cholesky reads: fronts, and where everything goes.
 *
 * A front F holds the pivot columns of a few block columns of L and the update rows below them, strips * S padded rows.
 * S, the rows of a strip, is a number of the kernels. Rows 0 .. w - 1 are the pivots, padded to whole strips, then come
 * the r update rows. Columns have the numbers of their rows, and lie one behind the other, each from the first row of
 * the strip with its diagonal on: entry (i, c) at F[fgoi_column(rows, S, c) + i]. L's columns lie in strips, a strip of
 * pivots up to its diagonal: entry (i, k) of front f at L[f.L + fgoi_strip(f, S, i / S) + k * S + i % S], but on the
 * diagonal its reciprocal; padded rows are 0. So every operand of the kernels is a contiguous stream, and neither F nor
 * L holds much of what lies above the diagonal. */
#ifndef FGOI_BLOCK_FRONT_H
#define FGOI_BLOCK_FRONT_H
#include <stddef.h>
#include <stdint.h>

/* count rows from lane `lane` of a strip of update rows, and the row of the parent's front that the first of them is:
 * also the column. */
typedef struct fgoi_segment {
    int32_t row;
    int16_t lane, count;
} fgoi_segment;

/* A rectangle of H to be added to the pivot columns of a front. */
typedef struct fgoi_piece {
    uint32_t from, ld;             /* in the front's values, columns ld apart */
    uint16_t row, col, rows, cols; /* in F */
} fgoi_piece;

/* Consecutive numbers: rows of a front, or scalars of a vector. */
typedef struct fgoi_range {
    int32_t start, count;
} fgoi_range;

typedef struct fgoi_front {
    int w, r;                          /* pivots, update rows */
    int pivot_strips;                  /* ceil(w / S) */
    int strips;                        /* pivot_strips + ceil(r / S) */
    int rows;                          /* of F, strips * S */
    int parent, first_child;           /* -1: none; child: the first one */
    int first_child_stores;            /* the first child stores its update where others add, so only gaps are cleared before */
    int first_scalar;                  /* of the pivots, in elimination order */
    size_t F, L, values;               /* offsets in the arena, in L and in values */
    size_t U;                          /* of the root of a subtree that one thread does: its update in the arena, lying as in F */
    int U_rows;                        /* 0: the update goes straight to the parent */
    size_t column;                     /* for each update row its column in the parent's F, or in U */
    uint32_t segment;                  /* in the list of where each strip's segments start: [segment + strip - pivot_strips] */
    uint32_t piece, gap, update_range; /* first of each; the next front's tells the end */
} fgoi_front;

typedef struct fgoi_layout {
    int n, fronts;
    fgoi_front *front; /* fronts + 1 */
    uint32_t *segment_start;
    fgoi_segment *segment;
    uint32_t *column; /* fgoi_column */
    fgoi_piece *piece;
    fgoi_range *gap;          /* rows of a front that its first child does not store */
    fgoi_range *update_range; /* update rows as scalars in elimination order */
    size_t arena_size, L_size, values_size;
    size_t arena_start; /* relative to L: the arena lies over the part of L that is not written yet */
    int largest_w, largest_strips;
    int S, tile; /* of the kernels */
} fgoi_layout;

/* Where row 0 of column c would be: the columns before it are shorter by the strips above their diagonals. */
static inline size_t fgoi_column(int rows, int S, int c)
{
    const size_t s = (size_t)S, top = (size_t)c / s * s;
    return (size_t)c * ((size_t)rows - top) + top * (top + s - 2) / 2;
}

/* Numbers in the columns of F, or of U. */
static inline size_t fgoi_columns_size(int rows, int S) { return (size_t)(rows + S) * (size_t)rows / 2; }

/* Columns that a strip of L has. */
static inline int fgoi_strip_width(const fgoi_front *f, int S, int strip)
{
    return strip + 1 < f->pivot_strips ? (strip + 1) * S : f->w;
}

/* Where a strip of the front begins, relative to its L. */
static inline size_t fgoi_strip(const fgoi_front *f, int S, int strip)
{
    const size_t s = (size_t)S, g = (size_t)(strip < f->pivot_strips ? strip : f->pivot_strips - 1);
    return s * (s * (g * (g + 1) / 2) + ((size_t)strip - g) * (size_t)f->w);
}

typedef struct fgoi_symbolic fgoi_symbolic;
struct fgoi_pattern;
struct fgoi_slot;

/* What a front takes: the columns as above, or, for the inverse, a square of fgoi_square_ld numbers a column. */
typedef enum fgoi_arena_kind { FGOI_ARENA_COLUMNS, FGOI_ARENA_SQUARES } fgoi_arena_kind;

/* A column stride that is a multiple of 512 bytes or more would put a tile's columns into few sets of the cache. */
static inline int fgoi_square_ld(int rows, int S) { return rows % 64 == 0 ? rows + S : rows; }

typedef enum fgoi_layout_result { FGOI_LAID_OUT = 0, FGOI_LAYOUT_MEMORY, FGOI_LAYOUT_TOO_LARGE } fgoi_layout_result;

/* Places fronts, L and H for kernels with strips of S rows, `tile` at a time; slot as of fgoi_linear's analyze. *l
 * needs fgoi_layout_free in any case. */
fgoi_layout_result fgoi_layout_make(fgoi_layout *l, const fgoi_symbolic *s, const struct fgoi_pattern *p, int S, int tile,
                                    struct fgoi_slot *slot);
void fgoi_layout_free(fgoi_layout *l);

/* Sets F of every front, arena_size and arena_start. Returns 0, or -1 when memory is out. */
int fgoi_arena_place(fgoi_layout *l, fgoi_arena_kind kind);

/* The same for the parts of a schedule, which run at the same time, and the U of the fronts whose U_rows is set. Moves
 * L of the parts' fronts before that of the others. */
typedef struct fgoi_schedule fgoi_schedule;
int fgoi_arena_place_batches(fgoi_layout *l, const fgoi_schedule *schedule, fgoi_arena_kind kind);
#endif
