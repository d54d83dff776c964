/* SPDX-License-Identifier: BSD-3-Clause */
/* symbolic.h -- the elimination tree of blocks, cut into fronts.
 *
 * A front is a set of block columns of L, its pivots, that are eliminated together because their structures are alike
 * or because that is modelled to be faster. Positions count block columns in elimination order; scalars likewise. */
#ifndef FGOI_BLOCK_SYMBOLIC_H
#define FGOI_BLOCK_SYMBOLIC_H
#include "base/error.h"
#include "block/kernel/front.h"
#include "matrix/pattern.h"

/* The blocks of H right of the diagonal by the position of their later side: block at[start[i]] .. at[start[i + 1] - 1]
 * connect position i with the earlier positions col[...]. */
typedef struct fgoi_upper_pattern {
    size_t *start; /* n + 1 */
    int *col;
    size_t *block; /* index in the pattern */
} fgoi_upper_pattern;

struct fgoi_symbolic {
    int n;                /* block columns */
    const char *ordering; /* the method that found it: "AMD", "METIS" */
    int *position;        /* of each natural block column */
    int *natural;         /* block column at each position */
    int *scalar;          /* first scalar of each position, n + 1 */
    int *front;           /* of each position */
    int fronts;           /* in postorder (the last ones apart): children before parents, the child with most update rows first */
    int *first;           /* first position of each front, fronts + 1 */
    int *parent;          /* of each front; -1: root */
    size_t *row_start;    /* fronts + 1 */
    int *row;             /* positions of the update rows of each front, ascending */
    fgoi_upper_pattern upper_pattern;
    double *cycles; /* modelled, of each front */
    int borrowed;   /* all but scalar and cycles is another's */
};

/* Cost model of one front with w pivots and r update rows, in cycles. lanes: of the kernels' vectors. */
double fgoi_front_cycles(int w, int r, int lanes);

/* From a permutation of the blocks (order[k] is eliminated k-th, up to an equivalent order by the tree). last: NULL, or
 * of each natural block column whether it belongs to those that come last in `order`; they then come last in *s too, in
 * fronts of their own. Returns 0, or -1 when memory is out; *s needs fgoi_symbolic_free either way. */
int fgoi_symbolic_analyze(fgoi_symbolic *s, const fgoi_pattern *p, const int *order, const unsigned char *eliminate_last,
                          int lanes);

/* Modelled cycles of a factorization. */
double fgoi_symbolic_cycles(const fgoi_symbolic *s);

/* That of the kernels in use. */
int fgoi_symbolic_lanes(void);

/* For the kernels in use, by the ordering with the fewest modelled cycles of those worth trying; fgoi_symbolic_free
 * either way. */
fgo_status fgoi_symbolic_choose(fgoi_symbolic *s, const fgoi_pattern *p);

/* With the block columns j last for which last[j] is not 0. */
fgo_status fgoi_symbolic_constrained(fgoi_symbolic *s, const fgoi_pattern *p,
                                     const unsigned char *eliminate_last);

/* The same fronts for other sizes of the blocks; *s borrows from `like`. 0, or -1 when memory is out. */
int fgoi_symbolic_resize(fgoi_symbolic *s, const fgoi_symbolic *source, const fgoi_pattern *p, int lanes);
void fgoi_symbolic_free(fgoi_symbolic *s);
#endif
