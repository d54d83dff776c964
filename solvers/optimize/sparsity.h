/* SPDX-License-Identifier: BSD-3-Clause */
/* sparsity.h -- computes the patterns of H and L from a block pattern and an elimination order. */
#ifndef FGOI_SPARSITY_H
#define FGOI_SPARSITY_H
#include "matrix/pattern.h"
#include <fgopt/sparsity.h>

/* Computes both patterns. elimination[k] is the row of H that is eliminated k-th; the rows of a block follow each other. key[k]
 * becomes the block column of p; the caller replaces it by the variable's key. Returns NULL when out of memory. */
fgo_sparsity *fgoi_sparsity_create(const fgoi_pattern *p, const int *elimination);
#endif
