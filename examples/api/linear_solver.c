/* SPDX-License-Identifier: BSD-3-Clause */
/* linear_solver.c -- a linear solver of your own: the square-root-free factorization H = L D L' of a dense matrix, written for
 * brevity, and what fgo_check_linear_solver says of it. */
#include <fgopt/linear_solver.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef struct dense {
    size_t n;
    double *H, *L; /* n x n, column by column, lower triangles; the diagonal of L is D */
} dense;

static fgo_status create(void **self)
{
    *self = calloc(1, sizeof(dense));
    return *self ? FGO_OK : FGO_ERROR_MEMORY;
}

static void clear(dense *s)
{
    free(s->H);
    free(s->L);
    *s = (dense){ 0 };
}

static void release(void *self)
{
    if (self) clear(self);
    free(self);
}

static fgo_status analyze(void *self, const fgo_linear_request *request, fgo_block_slot *slot, fgo_linear_report *report)
{
    dense *s = self;
    const fgo_block_pattern *p = request->pattern;
    const size_t n = p->offset[p->n];
    clear(s);
    s->n = n;
    s->H = calloc(n * n + 1, sizeof *s->H); /* what no slot covers stays zero */
    s->L = calloc(n * n + 1, sizeof *s->L);
    if (!s->H || !s->L) return FGO_ERROR_MEMORY;
    for (int j = 0; j < p->n; j++)
        for (size_t k = p->start[j]; k < p->start[j + 1]; k++)
            slot[k] = (fgo_block_slot){ .offset = p->offset[j] * n + p->offset[p->row[k]], .ld = (int32_t)n };
    report->values = s->H;
    report->factorization = "dense LDL";
    report->nonzeros_L = n * (n + 1) / 2;
    report->flops = (double)n * (double)n * (double)n / 3.0;
    report->bytes = 2 * n * n * sizeof(double);
    return FGO_OK;
}

static fgo_outcome factorize(void *self, const double *b, fgo_linear_report *report)
{
    dense *s = self;
    const size_t n = s->n;
    (void)b;
    memcpy(s->L, s->H, n * n * sizeof *s->L);
    for (size_t j = 0; j < n; j++) {
        double *column = s->L + j * n;
        const double d = column[j];
        if (!(d > 1e-14 * s->H[j * n + j]) || isinf(d)) { /* NaN too */
            report->failed_at = j;
            return FGO_OUTCOME_NOT_POSITIVE_DEFINITE;
        }
        for (size_t k = j + 1; k < n; k++) {
            const double l = column[k] / d;
            for (size_t i = k; i < n; i++) s->L[k * n + i] -= l * column[i];
        }
        for (size_t i = j + 1; i < n; i++) column[i] /= d;
    }
    return FGO_OUTCOME_SOLVED;
}

static fgo_outcome solve(void *self, double *b, fgo_linear_report *report)
{
    const dense *s = self;
    const size_t n = s->n;
    (void)report;
    for (size_t j = 0; j < n; j++)
        for (size_t i = j + 1; i < n; i++) b[i] -= s->L[j * n + i] * b[j];
    for (size_t j = n; j-- > 0;) {
        b[j] /= s->L[j * n + j];
        for (size_t i = j + 1; i < n; i++) b[j] -= s->L[j * n + i] * b[i];
    }
    return FGO_OUTCOME_SOLVED;
}

static const fgo_linear_solver_class ldl = { .size = sizeof ldl,
                                             .name = "ldl",
                                             .traits = FGO_LINEAR_IS_EXACT | FGO_LINEAR_FINDS_RANK,
                                             .create = create,
                                             .analyze = analyze,
                                             .factorize = factorize,
                                             .solve = solve,
                                             .free = release };

int main(void)
{
    fgo_linear_check check;
    if (fgo_check_linear_solver(&ldl, &check)) return 1;
    printf("%zu matrices, error %.2g: %s\n", check.problems, check.error, check.fault ? check.message : "right");
    return check.fault != FGO_LINEAR_FAULT_NONE;
}
