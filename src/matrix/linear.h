/* SPDX-License-Identifier: BSD-3-Clause */
/* linear.h -- what the optimizers ask of a linear solver. It sees a block matrix, never a factor.
 *
 * create, then analyze once per structure: the solver looks at the block pattern, chooses its ordering and storage,
 * says for every block where it wants the entries (fgoi_slot) and allocates all it will ever need. Then, many times:
 * the caller writes H into `values`, factorize, solve. Vectors are in the pattern's natural order. To add a solver: one
 * file with these five functions, one row in fgoi_linear_find. */
#ifndef FGOI_LINEAR_H
#define FGOI_LINEAR_H
#include "base/error.h"
#include "base/threads.h"
#include "jacobian.h"
#include "pattern.h"

typedef enum fgoi_outcome {
    FGOI_SOLVED = 0,
    FGOI_NOT_POSITIVE_DEFINITE, /* an ordinary event: the caller damps more */
    FGOI_OUT_OF_MEMORY
} fgoi_outcome;

typedef struct fgoi_linear fgoi_linear;

/* Settings and report of an iterative solver, which solves as far as it is told. */
typedef struct fgoi_iterative {
    int most_iterations; /* in one solve; 0: until the tolerance */
    int block_jacobi;    /* precondition with the inverses of H's diagonal blocks */
    double tolerance;    /* on |b - H x| / |b| */
    size_t iterations;   /* made so far; the caller resets it */
    size_t cut_short;    /* solves so far that ended above the tolerance */
} fgoi_iterative;

typedef struct fgoi_linear_class {
    const char *name;
    fgo_status (*create)(fgoi_linear **out);
    /* Fills slot[k] for each block k of the pattern and the public part of *ls. Called again when the structure
     * changed. */
    fgo_status (*analyze)(fgoi_linear *ls, const fgoi_pattern *pattern, fgoi_slot *slot);
    /* Of values, which stay as they are. b: NULL, or what the next solve will be called with; the solver may begin with it
     * while L is in the cache. */
    fgoi_outcome (*factorize)(fgoi_linear *ls, const double *b);
    fgoi_outcome (*solve)(fgoi_linear *ls, double *b); /* b becomes H^-1 b */
    void (*free)(fgoi_linear *ls);                     /* NULL is fine */
} fgoi_linear_class;

struct fgoi_linear {
    const fgoi_linear_class *c;
    fgoi_threads *threads;     /* borrowed, may be NULL; set by the caller before analyze. Results do not depend on it */
    double *values;            /* H, as the slots say; entries outside the slots belong to the solver */
    const char *factorization; /* "simplicial", "supernodal", "dense", "block" */
    size_t nonzeros_L;
    double flops;                         /* of one factorization */
    const struct fgoi_symbolic *symbolic; /* NULL, or what block_symbolic.h says of the same blocks, perhaps of other
                                           * sizes; borrowed during analyze, for solvers that can use it */
    const unsigned char *last; /* NULL, or of each block column whether it is to be eliminated after all others; the same */
    const int *elimination;    /* NULL, or the row of H that each place in the order of elimination stands for */
    /* A solver that works on J sets wants_rows in create. It is then given rows and iterative before analyze, of
     * `values` it gets the diagonal blocks of H alone, and the caller also writes to damping what it added to each
     * diagonal entry. */
    int wants_rows;
    const fgoi_jacobian *rows; /* stays the caller's; J and r are those that H and b were made of */
    double *damping;           /* NULL: not wanted */
    fgoi_iterative iterative;
    size_t failed_at; /* after FGOI_NOT_POSITIVE_DEFINITE: the row of H where it showed, SIZE_MAX if unknown */
};

extern const fgoi_linear_class fgoi_linear_cholmod, fgoi_linear_dense, fgoi_linear_block, fgoi_linear_cgls;

/* The class for an fgo_linear_solver; NULL for a number that is none. */
const fgoi_linear_class *fgoi_linear_find(int linear_solver);
#endif
