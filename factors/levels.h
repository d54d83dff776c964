/* SPDX-License-Identifier: BSD-3-Clause */
/* levels.h -- residual.h for the built-in factors, which are compiled twice: for the family's baseline, with the class, and for
 * AVX2 (FGOI_FACTOR_AVX2), where only the evaluate function is made, under another name. The class's evaluate chooses at run time
 * by src/base/cpu.h. AVX-512 runs the AVX2 code: vectors of 8 are slower on 6 and 12 partials (bench/factors.c).
 *
 * A factor file includes this in place of residual.h and is otherwise what any author would write. */
#ifndef FGOI_FACTOR_LEVELS_H
#define FGOI_FACTOR_LEVELS_H
#include <fgopt/factors.h>
#include <fgopt/residual.h>

/* Makes the body of the batched function, as residual.h does. */
#define FGOI_EVALUATE_BODY(NAME)                                                                                                 \
    {                                                                                                                            \
        (void)self;                                                                                                              \
        if (J)                                                                                                                   \
            NAME##_loop(1, count, x, z, e, J);                                                                                   \
        else                                                                                                                     \
            NAME##_loop(0, count, x, z, e, NULL);                                                                                \
        return 0;                                                                                                                \
    }
#define FGOI_EVALUATE(FUNCTION)                                                                                                  \
    FUNCTION(const fgo_factor_class *self, size_t count, const double *const *x, const void *z, double *e, double *J)

#ifdef FGOI_FACTOR_AVX2
#undef FGO_DEFINE_EVALUATE
#define FGO_DEFINE_EVALUATE(NAME)                                                                                                \
    int FGOI_EVALUATE(fgoi_##NAME##_avx2);                                                                                       \
    int FGOI_EVALUATE(fgoi_##NAME##_avx2) FGOI_EVALUATE_BODY(NAME)
#undef FGO_DEFINE_CLASS
#define FGO_DEFINE_CLASS(NAME, ROWS, MEASUREMENT, ARITY, ...)
#elif defined FGOI_X86_LEVELS
/* clang-format off */ /* which does not know that FGOI_EVALUATE_BODY ends a function */
#include "base/cpu.h"
#undef FGO_DEFINE_EVALUATE
#define FGO_DEFINE_EVALUATE(NAME)                                                                                                \
    int FGOI_EVALUATE(fgoi_##NAME##_avx2);                                                                                       \
    static int FGOI_EVALUATE(NAME##_portable) FGOI_EVALUATE_BODY(NAME)                                                           \
    static int FGOI_EVALUATE(NAME##_evaluate)                                                                                    \
    {                                                                                                                            \
        return (fgoi_cpu_level() >= FGOI_CPU_AVX2 ? fgoi_##NAME##_avx2 : NAME##_portable)(self, count, x, z, e, J);              \
    }
/* clang-format on */
#endif
#endif
