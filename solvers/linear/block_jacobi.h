/* SPDX-License-Identifier: BSD-3-Clause */
/* block_jacobi.h -- the preconditioner M = the diagonal blocks of H: their inverses, and products with them. */
#ifndef FGOI_BLOCK_JACOBI_H
#define FGOI_BLOCK_JACOBI_H
#include "matrix/pattern.h"

/* Returns where diagonal block j of the pattern begins if whole diagonal blocks are stored one after the other; for j = n, their
 * end. */
size_t fgoi_block_jacobi_offset(const fgoi_pattern *p, int j);

/* Inverts the diagonal blocks. `values` has the blocks, of which the lower triangles are read; `inverse` receives the inverse of
 * each, exactly symmetric. If a block is not positive definite, returns FGO_OUTCOME_NOT_POSITIVE_DEFINITE and sets *failed_at to
 * the row of the pivot that failed. */
fgo_outcome fgoi_block_jacobi_invert(const fgoi_pattern *p, const double *values, double *inverse, size_t *failed_at);

/* Computes z = M^-1 s; returns s' z. */
double fgoi_block_jacobi_apply(const fgoi_pattern *p, const double *inverse, const double *s, double *z);
#endif
