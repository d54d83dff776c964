/* SPDX-License-Identifier: BSD-3-Clause */
/* assemble_portable.c -- the kernels for the baseline of the processor family: SSE2 or NEON. */
#define LANES   2
#define LEVEL   FGOI_CPU_PORTABLE
#define KERNELS fgoi_assemble_portable
#include "assemble_kernel.h"
