/* SPDX-License-Identifier: BSD-3-Clause */
/* spill.c -- the block Cholesky's own tile with more strips than there are registers for: test_spills.py compiles it
 * with SPILL_LANES 4 (20 accumulators, of 16 registers) and 8 (32 of 32), and must find the spills. */
#define LANES   SPILL_LANES
#define VECTORS 1
#define TILE    (SPILL_LANES == 4 ? 5 : 4)
#include "block/kernel/tile.h"

void canary_kernel(double *to, const double *A, size_t stride, const double *B, int depth);
void canary_kernel(double *to, const double *A, size_t stride, const double *B, int depth)
{
    size_t at[TILE];
    tile t;
    UNROLL
    for (int v = 0; v < TILE; v++) at[v] = (size_t)v * stride;
    tile_load(&t, TILE, to, stride);
    tile_multiply(&t, TILE, A, at, B, depth);
    UNROLL
    for (int c = 0; c < S; c++) UNROLL
    for (int v = 0; v < TILE; v++) store(to + (size_t)c * stride + v * LANES, t.v[c][v]);
}
