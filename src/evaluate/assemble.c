/* SPDX-License-Identifier: BSD-3-Clause */
/* assemble.c -- chooses the kernels for this CPU. */
#include "assemble.h"

extern const fgoi_assemble_kernels fgoi_assemble_portable;
#ifdef FGOI_X86_LEVELS
extern const fgoi_assemble_kernels fgoi_assemble_avx2, fgoi_assemble_avx512;
#endif

const fgoi_assemble_kernels *fgoi_assemble(void)
{
    switch (fgoi_cpu_level()) {
#ifdef FGOI_X86_LEVELS
    case FGOI_CPU_AVX512: return &fgoi_assemble_avx512;
    case FGOI_CPU_AVX2: return &fgoi_assemble_avx2;
#else
    case FGOI_CPU_AVX512:
    case FGOI_CPU_AVX2:
#endif
    case FGOI_CPU_PORTABLE:
    case FGOI_CPU_LEVELS: break;
    }
    return &fgoi_assemble_portable;
}
