/* SPDX-License-Identifier: BSD-3-Clause */
/* front.h -- what the numeric phase of the block Cholesky reads: the fronts, and the offset of everything they need.
 * docs/block-cholesky.md explains the words and works an example.
 *
 * A front F holds the pivot columns of a few block columns of L and the update rows below them: strips * S rows in all.
 * S, the number of rows of a strip, belongs to the kernels. Rows 0 .. w - 1 are the pivots, padded to whole strips; the r
 * update rows follow, padded likewise. Columns are numbered as rows are. F is stored column after column, each from the
 * first row of the strip that contains its diagonal entry: entry (i, c) is F[fgoi_column(rows, S, c) + i].
 *
 * L is stored strip after strip; a strip of pivots ends with its diagonal block. Entry (i, k) of front f is
 * L[f.L + fgoi_strip(f, S, i / S) + k * S + i % S]; on the diagonal the reciprocal is stored, in padded rows 0. So every
 * operand of the kernels is a contiguous stream, and neither F nor L wastes much on what lies above the diagonal. */
#ifndef FGOI_BLOCK_FRONT_H
#define FGOI_BLOCK_FRONT_H
#include <stddef.h>
#include <stdint.h>

/* Maps `count` consecutive update rows of a front, from lane `lane` of a strip on, to rows row .. row + count - 1 of the
 * parent's front. By symmetry the same numbers are the parent's columns. */
typedef struct fgoi_segment {
    int32_t row;
    int16_t lane, count;
} fgoi_segment;

/* A rectangle of H that is added to the pivot columns of a front. */
typedef struct fgoi_piece {
    uint32_t from, ld;             /* offset in the front's values, and the distance between columns there */
    uint16_t row, col, rows, cols; /* where it goes in F */
} fgoi_piece;

/* The numbers start .. start + count - 1: rows or columns of a front, scalars of a vector, or fronts. */
typedef struct fgoi_range {
    int32_t start, count;
} fgoi_range;

typedef struct fgoi_front {
    int w, r;                /* number of pivots and of update rows */
    int pivot_strips;        /* ceil(w / S) */
    int strips;              /* pivot_strips + ceil(r / S) */
    int rows;                /* of F: strips * S */
    int parent, first_child; /* -1: none */
    int first_child_stores;  /* the first child's update is stored where the others are added: only gaps are cleared */
    int first_scalar;        /* of the pivots, in elimination order */
    size_t F, L, values;     /* offsets in the arena, in L and in values */
    size_t U;                /* offset in the arena of the update of a subtree's root, stored as F is */
    int U_rows;              /* 0: the update is added to the parent's front at once */
    size_t column;           /* first entry in fgoi_layout.column: each update row's column in the parent's F, or in U */
    uint32_t segment;        /* first entry in segment_start, which has one entry for each strip of update rows */
    uint32_t piece, gap, update_range; /* first entry of each list; the next front's is the end */
} fgoi_front;

typedef struct fgoi_layout {
    int n, fronts;           /* number of block columns and of fronts */
    fgoi_front *front;       /* fronts + 1 */
    uint32_t *segment_start; /* first segment of each strip of update rows */
    fgoi_segment *segment;
    uint32_t *column;         /* values of fgoi_column */
    fgoi_piece *piece;        /* of H, by fronts */
    fgoi_range *gap;          /* rows of a front that its first child does not have */
    fgoi_range *update_range; /* the update rows as scalars in elimination order */
    size_t arena_size, L_size, values_size;
    size_t arena_start; /* relative to L: the arena lies over the part of L that is written last */
    int largest_w, largest_strips;
    int S, tile; /* of the kernels: rows of a strip, strips of a group */
} fgoi_layout;

/* Returns n rounded up to whole cache lines of doubles. */
static inline size_t fgoi_round8(size_t n) { return (n + 7) & ~(size_t)7; }

/* Returns where row 0 of column c would be: the columns before it are shorter by the strips above their diagonals. */
static inline size_t fgoi_column(int rows, int S, int c)
{
    const size_t s = (size_t)S, top = (size_t)c / s * s;
    return (size_t)c * ((size_t)rows - top) + top * (top + s - 2) / 2;
}

/* Returns how many numbers the columns of F, or of U, take. */
static inline size_t fgoi_columns_size(int rows, int S) { return (size_t)(rows + S) * (size_t)rows / 2; }

/* Returns how many columns a strip of L has. */
static inline int fgoi_strip_width(const fgoi_front *f, int S, int strip)
{
    return strip + 1 < f->pivot_strips ? (strip + 1) * S : f->w;
}

/* Returns where a strip begins, relative to the front's L. */
static inline size_t fgoi_strip(const fgoi_front *f, int S, int strip)
{
    const size_t s = (size_t)S, g = (size_t)(strip < f->pivot_strips ? strip : f->pivot_strips - 1);
    return s * (s * (g * (g + 1) / 2) + ((size_t)strip - g) * (size_t)f->w);
}

typedef struct fgoi_symbolic fgoi_symbolic;
struct fgo_block_pattern;
struct fgo_block_slot;

/* How a front is stored in the arena: by columns as above or, for the inverse, as a square with fgoi_square_ld numbers per
 * column. */
typedef enum fgoi_arena_kind { FGOI_ARENA_COLUMNS, FGOI_ARENA_SQUARES } fgoi_arena_kind;

/* Returns the distance between the columns of a square. A multiple of 512 bytes would put a tile's columns into few sets
 * of the cache. */
static inline int fgoi_square_ld(int rows, int S) { return rows % 64 == 0 ? rows + S : rows; }

typedef enum fgoi_layout_result { FGOI_LAID_OUT = 0, FGOI_LAYOUT_MEMORY, FGOI_LAYOUT_TOO_LARGE } fgoi_layout_result;

/* Lays out the fronts, L and H for kernels with strips of S rows and groups of `tile` strips. slot[k] receives where block
 * k of the pattern is to be written, as in fgoi_linear's analyze. *l needs fgoi_layout_free in any case. */
fgoi_layout_result fgoi_layout_make(fgoi_layout *l, const fgoi_symbolic *s, const struct fgo_block_pattern *p, int S, int tile,
                                    struct fgo_block_slot *slot);
void fgoi_layout_free(fgoi_layout *l);

/* Sets F of every front, arena_size and arena_start, for fronts that one thread takes in order. Returns 0, or -1 when
 * memory is out. */
int fgoi_arena_place(fgoi_layout *l, fgoi_arena_kind kind);

/* Places the fronts as fgoi_arena_place does, for a schedule, whose batches are worked on at the same time; sets U of the fronts
 * that have U_rows, and moves L of the batches' fronts before L of the other fronts. */
typedef struct fgoi_schedule fgoi_schedule;
int fgoi_arena_place_batches(fgoi_layout *l, const fgoi_schedule *schedule, fgoi_arena_kind kind);
#endif
