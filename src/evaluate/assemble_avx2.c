/* SPDX-License-Identifier: BSD-3-Clause */
/* assemble_avx2.c -- the kernels for AVX2; the build gives this file its own flags. */
#ifdef FGOI_X86_LEVELS
#define LANES   4
#define LEVEL   FGOI_CPU_AVX2
#define KERNELS fgoi_assemble_avx2
#include "assemble_kernel.h"
#else
typedef int fgoi_not_this_processor; /* a translation unit must not be empty */
#endif
