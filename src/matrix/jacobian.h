/* SPDX-License-Identifier: BSD-3-Clause */
/* jacobian.h -- J and r by rows, for linear solvers that multiply by J and J' instead of factorizing H = J' J.
 *
 * Blocks of one shape are stored side by side in a batch. Columns of variables that are held whole have no entries of their own
 * in a vector: they point to its padding. A vector over the columns thus has columns + padding entries. Where J multiplies it,
 * the padding and the entries of held degrees of freedom are zero. A product with J' has zero at held degrees of freedom and
 * anything in the padding. */
#ifndef FGOI_JACOBIAN_H
#define FGOI_JACOBIAN_H
#include <fgopt/linear_solver.h>

/* `count` blocks, each rows x partials and row-major, adjacent from offset J in the Jacobian's J on; their residuals are adjacent
 * from offset r in its r on. */
typedef struct fgoi_row_batch {
    size_t count, J, r;
    int rows, partials, arity;
    const int *dim;     /* columns of each argument, arity */
    const uint32_t *at; /* where the columns of each argument of each block begin in a vector, count * arity */
} fgoi_row_batch;

struct fgo_jacobian {
    const double *J, *r; /* as of the last linearization */
    size_t rows, columns, padding;
    fgoi_row_batch *batch;
    size_t batches;
    int *dim; /* memory of the batches */
    uint32_t *at;
    size_t *held; /* columns of held degrees of freedom of otherwise free variables */
    size_t helds, held_capacity;
};

typedef fgo_jacobian fgoi_jacobian;

void fgoi_jacobian_free(fgoi_jacobian *A);

/* Computes q = J p; returns |q|^2. */
double fgoi_jacobian_times(const fgoi_jacobian *A, const double *p, double *q);

/* Returns |J p|^2. Unlike elsewhere, p has no padding: its size is A->columns. */
double fgoi_jacobian_norm2(const fgoi_jacobian *A, const double *p);

/* Computes d -= alpha q, then s = J' d, in one pass over J. */
void fgoi_jacobian_residual(const fgoi_jacobian *A, double alpha, const double *q, double *d, double *s);
#endif
