/* SPDX-License-Identifier: BSD-3-Clause */
/* avx2.c -- the kernels for AVX2 with FMA; the build gives this file flags of its own. */
#ifdef FGOI_X86_LEVELS
#define LANES   4 /* doubles in a vector */
#define VECTORS 1 /* vectors in a strip */
#define TILE    3 /* strips in a tile: 12 accumulators of 16 registers; 12 rows are whole blocks of 3 and of 6 */
#define LEVEL   FGOI_CPU_AVX2
#define KERNELS fgoi_block_kernels_avx2
#include "factor.h"
#include "inverse.h"
#include "solve.h"

const fgoi_block_kernels KERNELS = { LEVEL, S, TILE, clear, extend, add_H, eliminate, update, forward, backward, gather, invert };
#else
typedef int fgoi_not_this_processor; /* a translation unit must not be empty */
#endif
