/* SPDX-License-Identifier: BSD-3-Clause */
/* pattern.h -- the block structure of the normal matrix: all that linear solvers are told about a graph. */
#ifndef FGOI_PATTERN_H
#define FGOI_PATTERN_H
#include <stddef.h>
#include <stdint.h>

/* Blocks of the lower triangle of H by block columns: column j has the block rows row[start[j]] .. row[start[j + 1] -
 * 1], ascending, the diagonal first. */
typedef struct fgoi_pattern {
    int n;          /* block columns */
    int *dim;       /* size of each, n */
    size_t *offset; /* where each starts in a vector, n + 1 */
    size_t *start;  /* n + 1 */
    int *row;       /* start[n] */
} fgoi_pattern;

/* Where a linear solver wants the entries of one block: entry (a, b) at values[offset + b * ld + a], or with a and b
 * exchanged if transposed. Diagonal blocks are written whole. */
typedef struct fgoi_slot {
    size_t offset;
    int32_t ld;
    int32_t transposed;
} fgoi_slot;

void fgoi_pattern_free(fgoi_pattern *p);
#endif
