/* SPDX-License-Identifier: BSD-3-Clause */
/* portable.c -- the kernels for the baseline of the processor family, such as SSE2 or NEON, and the choice of kernels. */
#define LANES   2 /* doubles in a vector */
#define VECTORS 2 /* vectors in a strip */
#ifdef __aarch64__
#define TILE 2 /* strips in a tile: TILE * VECTORS * S accumulators, of 32 registers */
#else
#define TILE 1 /* here of 16 registers */
#endif
#define LEVEL   FGOI_CPU_PORTABLE
#define KERNELS fgoi_block_kernels_portable
#include "factor.h"
#include "inverse.h"
#include "solve.h"

const fgoi_block_kernels KERNELS = { LEVEL, S, TILE, clear, extend, add_H, eliminate, update, forward, backward, gather, invert };

const fgoi_block_kernels *fgoi_block_kernels_for(fgoi_cpu level)
{
#ifdef FGOI_X86_LEVELS
    if (level == FGOI_CPU_AVX512) return &fgoi_block_kernels_avx512;
    if (level == FGOI_CPU_AVX2) return &fgoi_block_kernels_avx2;
#endif
    (void)level;
    return &fgoi_block_kernels_portable;
}
