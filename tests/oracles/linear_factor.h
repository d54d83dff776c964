/* SPDX-License-Identifier: BSD-3-Clause */
/* linear_factor.h -- factors whose residuals are linear: the simplest that a test can have. */
#ifndef FGOPT_TESTS_LINEAR_FACTOR_H
#define FGOPT_TESTS_LINEAR_FACTOR_H
#include <fgopt/factor.h>
#include <string.h>

static inline int linear_evaluate(const fgo_factor_class *self, size_t count, const double *const *x, const void *z, double *e,
                                  double *J)
{
    const size_t rows = (size_t)self->rows, p = (size_t)self->partials, stride = rows * (p + 1);
    for (size_t f = 0; f < count; f++, x += self->arity, e += rows) {
        const double *A = (const double *)z + f * stride, *c = A + rows * p, *Ai = A;
        for (size_t i = 0; i < rows; i++) {
            double sum = -c[i];
            for (int k = 0; k < self->arity; Ai += self->variable[k].tangent, k++)
                for (int d = 0; d < self->variable[k].tangent; d++) sum += Ai[d] * x[k][d];
            e[i] = sum;
        }
        if (J) memcpy(J + f * rows * p, A, rows * p * sizeof *A);
    }
    return 0;
}

/* A factor class  e = A x - c  on `arity` variables of R^n with these dimensions: the measurement is A, rows x partials,
 * row-major, then c. It counts as absolute, so that the gauge rule leaves such graphs alone. */
static inline fgo_factor_class linear_factor(int rows, int arity, const int *dim)
{
    fgo_factor_class c = { .abi = FGO_FACTOR_ABI,
                           .arity = arity,
                           .rows = rows,
                           .name = "linear",
                           .evaluate = linear_evaluate,
                           .gauge = FGO_GAUGE_ABSOLUTE };
    for (int k = 0; k < arity; k++) {
        c.variable[k] = (fgo_factor_variable){ NULL, dim[k] };
        c.partials += dim[k];
    }
    c.measurement_size = (size_t)rows * ((size_t)c.partials + 1) * sizeof(double);
    return c;
}
#endif
