/* SPDX-License-Identifier: BSD-3-Clause */
/* cpu.c -- asks once what the CPU can do; the environment variable FGOPT_CPU lowers the level, for tests. */
#include "cpu.h"
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

static const char *const names[] = { "portable", "avx2", "avx512" };

static fgoi_cpu detect(void)
{
#ifdef FGOI_X86_LEVELS
    __builtin_cpu_init();
    if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma")) {
        if (__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512vl"))
            return FGOI_CPU_AVX512;
        return FGOI_CPU_AVX2;
    }
#endif
    return FGOI_CPU_PORTABLE;
}

static fgoi_cpu highest(void)
{
    const fgoi_cpu has = detect();
    const char *wanted = getenv("FGOPT_CPU");
    for (int level = 0; wanted && level < FGOI_CPU_LEVELS; level++)
        if (!strcmp(wanted, names[level]) && level < (int)has) return (fgoi_cpu)level;
    return has;
}

/* The level plus one; 0: not looked at yet. Two threads that look at the same time find the same level. */
static atomic_int known;

fgoi_cpu fgoi_cpu_level(void)
{
    int level = atomic_load_explicit(&known, memory_order_relaxed);
    if (!level) atomic_store_explicit(&known, level = (int)highest() + 1, memory_order_relaxed);
    return (fgoi_cpu)(level - 1);
}

fgoi_cpu fgoi_cpu_limit(fgoi_cpu level)
{
    const fgoi_cpu has = highest();
    const fgoi_cpu now = level < has ? level : has;
    atomic_store_explicit(&known, (int)now + 1, memory_order_relaxed);
    return now;
}

const char *fgoi_cpu_name(fgoi_cpu level) { return (unsigned)level < FGOI_CPU_LEVELS ? names[level] : NULL; }
