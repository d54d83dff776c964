/* SPDX-License-Identifier: BSD-3-Clause */
/* jacobian.h -- J and r by rows, for linear solvers that multiply by J and J' instead of factorizing H = J' J.
 *
 * Blocks of one shape stand side by side in a batch. Columns of variables that are held whole have no place in a
 * vector: they point to its padding. A vector of columns thus has columns + padding entries; the padding and the
 * entries of held degrees of freedom are zero in what J multiplies. J' leaves zero in the latter and anything in the
 * padding. */
#ifndef FGOI_JACOBIAN_H
#define FGOI_JACOBIAN_H
#include <fgopt/linear_solver.h>

/* `count` blocks, each rows x partials and row-major, one after the other from J + J and, their residuals, from r + r.
 */
typedef struct fgoi_row_batch {
    size_t count, J, r;
    int rows, partials, arity;
    const int *dim;     /* columns of each argument, arity */
    const uint32_t *at; /* where they begin in a vector, count * arity */
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

/* q = J p; returns |q|^2. */
double fgoi_jacobian_times(const fgoi_jacobian *A, const double *p, double *q);

/* Returns |J p|^2. Unlike in the others, p has no padding: columns entries. */
double fgoi_jacobian_norm2(const fgoi_jacobian *A, const double *p);

/* d -= alpha q, then s = J' d: one pass over J. */
void fgoi_jacobian_residual(const fgoi_jacobian *A, double alpha, const double *q, double *d, double *s);
#endif
