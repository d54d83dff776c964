/* SPDX-License-Identifier: BSD-3-Clause */
/* rn.c -- measured value of a vector, e = x - z, and measured difference of two, e = (b - a) - z, in R^n for any n.
 *
 * n is known only when the class is made, so these are plain loops: the Jacobians are I and [-I I]. */
#include "base/refuse.h"
#include "manifold/rn_name.h"
#include "row.h"
#include <fgopt/factors.h>
#include <string.h>

static int prior_evaluate(const fgo_factor_class *self, size_t count, const double *const *x, const void *z, double *e, double *J)
{
    const double *m = z;
    size_t n = (size_t)self->rows;
    if (J) memset(J, 0, count * n * n * sizeof *J);
    for (size_t f = 0; f < count; f++, m += n, e += n) {
        for (size_t i = 0; i < n; i++) e[i] = x[f][i] - m[i];
        if (!J) continue;
        for (size_t i = 0; i < n; i++) J[i * n + i] = 1.0;
        J += n * n;
    }
    return 0;
}

static int between_evaluate(const fgo_factor_class *self, size_t count, const double *const *x, const void *z, double *e,
                            double *J)
{
    const double *m = z;
    size_t n = (size_t)self->rows;
    if (J) memset(J, 0, count * 2 * n * n * sizeof *J);
    for (size_t f = 0; f < count; f++, m += n, e += n) {
        const double *a = x[2 * f], *b = x[2 * f + 1];
        for (size_t i = 0; i < n; i++) e[i] = (b[i] - a[i]) - m[i];
        if (!J) continue;
        for (size_t i = 0; i < n; i++) {
            J[i * 2 * n + i] = -1.0;
            J[i * 2 * n + n + i] = 1.0;
        }
        J += 2 * n * n;
    }
    return 0;
}

static int prior_predict(const fgo_factor_class *self, const void *z, const double *const *x, int k, double *out)
{
    (void)x, (void)k;
    memcpy(out, z, (size_t)self->rows * sizeof *out);
    return 0;
}

static int between_predict(const fgo_factor_class *self, const void *z, const double *const *x, int k, double *out)
{
    const double *m = z;
    for (int i = 0; i < self->rows; i++) out[i] = k == 1 ? x[0][i] + m[i] : x[1][i] - m[i];
    return 0;
}

static fgo_status check(int n)
{
    if (n < 1 || n > FGO_MAX_DIMENSION)
        return fgoi_fail(FGO_ERROR_ARGUMENT, "R^%d: the dimension must be 1 to %d", n, FGO_MAX_DIMENSION);
    return FGO_OK;
}

fgo_status fgo_prior_rn(int n, fgo_factor_class *out)
{
    FGOI_REQUIRE(out);
    fgo_status st = check(n);
    if (st) return st;
    *out = (fgo_factor_class){ .abi = FGO_FACTOR_ABI,
                               .arity = 1,
                               .rows = n,
                               .partials = n,
                               .name = "prior_rn",
                               .measurement_size = (size_t)n * sizeof(double),
                               .variable = { { fgoi_rn_name(n), n } },
                               .evaluate = prior_evaluate,
                               .predict = prior_predict,
                               .gauge = FGO_GAUGE_ABSOLUTE };
    return FGO_OK;
}

fgo_status fgo_between_rn(int n, fgo_factor_class *out)
{
    FGOI_REQUIRE(out);
    fgo_status st = check(n);
    if (st) return st;
    *out = (fgo_factor_class){ .abi = FGO_FACTOR_ABI,
                               .arity = 2,
                               .rows = n,
                               .partials = 2 * n,
                               .name = "between_rn",
                               .measurement_size = (size_t)n * sizeof(double),
                               .variable = { { fgoi_rn_name(n), n }, { fgoi_rn_name(n), n } },
                               .evaluate = between_evaluate,
                               .predict = between_predict,
                               .gauge = FGO_GAUGE_RELATIVE };
    return FGO_OK;
}

FGOI_ROW_RN(prior_rn, ({ "value", FGO_FIELD_NUMBER, 0, 0, "", "", 0 }), .formula = "x - z");
FGOI_ROW_RN(between_rn, ({ "value", FGO_FIELD_NUMBER, 0, 0, "", "", 0 }), .formula = "(b - a) - z");
