/* SPDX-License-Identifier: BSD-3-Clause */
/* sparsity.h -- the patterns of H and L from a block structure and an elimination order. */
#ifndef FGOI_SPARSITY_H
#define FGOI_SPARSITY_H
#include "matrix/pattern.h"
#include <fgopt/sparsity.h>

/* elimination[k]: the row of H that is eliminated k-th; the rows of a block follow each other. The keys are the caller's to
 * fill: key[k] becomes the block column of the pattern. NULL when memory is out. */
fgo_sparsity *fgoi_sparsity_create(const fgoi_pattern *p, const int *elimination);
#endif
