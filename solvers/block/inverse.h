/* SPDX-License-Identifier: BSD-3-Clause */
/* inverse.h -- entries of Z = H^-1 from the block solver's factorization. */
#ifndef FGOI_BLOCK_INVERSE_H
#define FGOI_BLOCK_INVERSE_H
#include "matrix/linear.h"

typedef struct fgoi_inverse fgoi_inverse;

/* For the block solver ls, after its analysis, which it borrows; to be made anew after another. NULL when memory is
 * out. */
fgoi_inverse *fgoi_inverse_create(fgoi_linear *ls);
void fgoi_inverse_free(fgoi_inverse *z); /* NULL is fine */

/* Z on the pattern of L. After a factorization that was solved, and before the next. */
void fgoi_inverse_compute(fgoi_inverse *z);

/* Z's rows row .. row + m - 1 and columns col .. col + n - 1, scalars in natural order, to out[i * ld + j]. Each of the
 * two ranges must be part of one block. Returns 0, or -1 if L has no such block: then nothing is written. */
int fgoi_inverse_block(const fgoi_inverse *z, size_t row, int m, size_t col, int n, double *out, size_t ld);

/* The same for any two blocks, to out[i * down + j * right], by solves with the columns' unit vectors along the fronts'
 * paths to the root. */
void fgoi_inverse_solve(fgoi_inverse *z, size_t row, int m, size_t col, int n, double *out, size_t down, size_t right);
#endif
