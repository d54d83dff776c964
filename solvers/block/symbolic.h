/* SPDX-License-Identifier: BSD-3-Clause */
/* symbolic.h -- the elimination tree of the block columns, cut into fronts.
 *
 * A front is a set of block columns that are eliminated together: its pivots. Its update rows are the later block columns
 * that this elimination changes. A position counts block columns in elimination order. docs/block-cholesky.md explains the
 * words and works an example. */
#ifndef FGOI_BLOCK_SYMBOLIC_H
#define FGOI_BLOCK_SYMBOLIC_H
#include "base/error.h"
#include "block/kernel/front.h"
#include "matrix/pattern.h"

/* The blocks of H above the diagonal, in elimination order, by columns: the column at position i has block[start[i]] ..
 * block[start[i + 1] - 1] in the rows row[...], which are positions before i. By symmetry they are also
 * row i of the lower triangle. */
typedef struct fgoi_upper_pattern {
    size_t *start; /* n + 1 */
    int *row;
    size_t *block; /* index in the pattern */
} fgoi_upper_pattern;

struct fgoi_symbolic {
    int n;                /* block columns */
    const char *ordering; /* the method that found the order: "AMD", "METIS", "CAMD" */
    int *position;        /* of each block column of the pattern */
    int *natural;         /* the pattern's block column at each position */
    int *scalar;          /* first scalar of each position, n + 1 */
    int *front;           /* of each position */
    int fronts;           /* in postorder (but see eliminate_last): children before parents, and of the children of one parent the
                           * one with most update rows first */
    int *first;           /* first position of each front, fronts + 1 */
    int *parent;          /* of each front; -1: root */
    size_t *row_start;    /* fronts + 1 */
    int *row;             /* positions of the update rows of each front, ascending */
    fgoi_upper_pattern upper_pattern;
    double *cycles; /* modelled cost of each front */
    int borrowed;   /* all arrays but scalar and cycles belong to another fgoi_symbolic */
};

/* Returns the modelled cost, in cycles, of a front with w pivots and r update rows. lanes: doubles in the kernels' vectors. */
double fgoi_front_cycles(int w, int r, int lanes);

/* Analyzes the pattern for the elimination order order[0], order[1], ..., or one that is equivalent to it by the elimination
 * tree. eliminate_last: NULL, or one byte per block column of the pattern, not 0 for those that are last in `order`; they are
 * then last in *s too, in fronts of their own. Returns 0, or -1 when memory is out; *s needs fgoi_symbolic_free either
 * way. */
int fgoi_symbolic_analyze(fgoi_symbolic *s, const fgoi_pattern *p, const int *order, const unsigned char *eliminate_last,
                          int lanes);

/* Returns the modelled cost of a factorization, in cycles. */
double fgoi_symbolic_cycles(const fgoi_symbolic *s);

/* Returns `lanes` of the kernels in use, for the cost model. */
int fgoi_symbolic_lanes(void);

/* Analyzes the pattern for the kernels in use, with the order of least modelled cost among those worth trying. *s needs
 * fgoi_symbolic_free either way. */
fgo_status fgoi_symbolic_choose(fgoi_symbolic *s, const fgoi_pattern *p);

/* Returns how many elimination orders fgoi_symbolic_choose has chosen in this process, for tests. */
size_t fgoi_symbolic_count(void);

/* Analyzes the pattern as fgoi_symbolic_choose does, with the block columns j for which eliminate_last[j] is not 0 last. */
fgo_status fgoi_symbolic_constrained(fgoi_symbolic *s, const fgoi_pattern *p, const unsigned char *eliminate_last);

/* Makes *s the fronts of `source` with the block sizes of p. *s borrows from `source`. Returns 0, or -1 when memory is
 * out; *s needs fgoi_symbolic_free either way. */
int fgoi_symbolic_resize(fgoi_symbolic *s, const fgoi_symbolic *source, const fgoi_pattern *p, int lanes);
void fgoi_symbolic_free(fgoi_symbolic *s);
#endif
