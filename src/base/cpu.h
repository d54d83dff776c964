/* SPDX-License-Identifier: BSD-3-Clause */
/* cpu.h -- which instruction set the hot kernels use. They are compiled once per level and chosen at run time, so that
 * one binary runs on every CPU of its family and fast on the newest. */
#ifndef FGOI_CPU_H
#define FGOI_CPU_H

typedef enum fgoi_cpu {
    FGOI_CPU_PORTABLE = 0, /* the family's baseline: SSE2, NEON */
    FGOI_CPU_AVX2,         /* with FMA */
    FGOI_CPU_AVX512,       /* F, DQ and VL */
    FGOI_CPU_LEVELS
} fgoi_cpu;

/* Returns the highest level that this CPU has and this build was compiled for. The environment variable FGOPT_CPU (portable,
 * avx2, avx512) lowers it: for comparisons, and for tests. */
fgoi_cpu fgoi_cpu_level(void);

/* Lowers the level for the rest of the process, or raises it to the highest again if `level` is FGOI_CPU_LEVELS. Solvers keep the
 * level that they were analysed with. Returns the level now in effect. */
fgoi_cpu fgoi_cpu_limit(fgoi_cpu level);

const char *fgoi_cpu_name(fgoi_cpu level);
#endif
