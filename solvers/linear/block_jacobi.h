/* SPDX-License-Identifier: BSD-3-Clause */
/* block_jacobi.h -- the preconditioner M = the diagonal blocks of H: their inverses, and products with them. */
#ifndef FGOI_BLOCK_JACOBI_H
#define FGOI_BLOCK_JACOBI_H
#include "matrix/pattern.h"

/* Where block j of the pattern begins if diagonal blocks lie one after the other, whole, for j = 0 .. n (their end). */
size_t fgoi_block_jacobi_offset(const fgoi_pattern *p, int j);

/* inverse: that of each diagonal block, exactly symmetric. values: the blocks, of which the lower triangles are read.
 * Returns FGO_OUTCOME_NOT_POSITIVE_DEFINITE with the row where it showed in *failed_at. */
fgo_outcome fgoi_block_jacobi_invert(const fgoi_pattern *p, const double *values, double *inverse, size_t *failed_at);

/* z = M^-1 s; returns s' z. */
double fgoi_block_jacobi_apply(const fgoi_pattern *p, const double *inverse, const double *s, double *z);
#endif
