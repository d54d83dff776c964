/* SPDX-License-Identifier: BSD-3-Clause */
/* inverse.h -- entries of Z = H^-1 from the block solver's factorization. */
#ifndef FGOI_BLOCK_INVERSE_H
#define FGOI_BLOCK_INVERSE_H
#include "cholesky.h"

typedef struct fgoi_inverse fgoi_inverse;

/* Creates the inverse for the block solver s after its analysis. Borrows s, and has to be created again after another
 * analysis. Returns NULL when memory is out. */
fgoi_inverse *fgoi_inverse_create(fgoi_block_solver *s);
void fgoi_inverse_free(fgoi_inverse *z); /* NULL is fine */

/* Computes the selected inverse: Z on the pattern of L. Call it after a solve, and before the next factorization. */
void fgoi_inverse_compute(fgoi_inverse *z);

/* Copies Z's rows row .. row + m - 1 and columns col .. col + n - 1, scalars in natural order, to out[i * ld + j]. Each of
 * the two ranges must lie within one block. Returns 0, or -1 if L has no such block; then nothing is written. */
int fgoi_inverse_block(const fgoi_inverse *z, size_t row, int m, size_t col, int n, double *out, size_t ld);

/* Computes these entries of Z for any two blocks, to out[i * down + j * right], by solves with unit vectors along the fronts'
 * paths to the root. */
void fgoi_inverse_solve(fgoi_inverse *z, size_t row, int m, size_t col, int n, double *out, size_t down, size_t right);
#endif
