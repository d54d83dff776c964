/* SPDX-License-Identifier: BSD-3-Clause */
/* dense.c -- LAPACK's Cholesky on the whole matrix: for small graphs, and the oracle of the tests. On one thread:
 * OpenBLAS gives other bits with another number, and its threads spin where other programs have the CPUs. */
#include "base/error.h"
#include "base/host_threads.h"
#include "base/memory.h"
#include "matrix/pattern.h"
#include "registry.h"
#include <lapacke.h>
#include <string.h>

typedef struct {
    int n;
    double *H, *L; /* n x n, column-major, lower triangle */
} dense;

static void release(dense *d)
{
    fgoi_free(d->H);
    fgoi_free(d->L);
    d->H = d->L = NULL;
}

static fgo_status create(void **out)
{
    dense *d = fgoi_alloc(1, sizeof *d);
    if (!d) return fgoi_fail_memory();
    *out = d;
    return FGO_OK;
}

static fgo_status analyze(void *self, const fgo_linear_request *request, fgoi_slot *slot, fgo_linear_report *report)
{
    enum { LARGEST = 20000 }; /* 3.2 GB per matrix, and far beyond where a dense factorization makes sense */
    dense *d = self;
    const fgoi_pattern *p = request->pattern;
    const size_t n = p->offset[p->n];
    if (n > LARGEST)
        return fgoi_fail(FGO_ERROR_TOO_LARGE, "the dense solver takes at most %d degrees of freedom, not %zu; use cholmod",
                         LARGEST, n);
    release(d);
    d->n = (int)n;
    d->H = fgoi_alloc(n * n, sizeof *d->H);
    d->L = fgoi_alloc(n * n, sizeof *d->L);
    if (!d->H || !d->L) {
        release(d);
        return fgoi_fail_memory();
    }
    for (int j = 0; j < p->n; j++)
        for (size_t k = p->start[j]; k < p->start[j + 1]; k++)
            slot[k] = (fgoi_slot){ .offset = p->offset[j] * n + p->offset[p->row[k]], .ld = (int32_t)n };
    report->values = d->H;
    report->factorization = "dense";
    report->bytes = 2 * n * n * sizeof *d->H;
    report->nonzeros_L = n * (n + 1) / 2;
    report->flops = (double)n * (double)n * (double)n / 3.0;
    return FGO_OK;
}

static fgo_outcome factorize(void *self, const double *b, fgo_linear_report *report)
{
    (void)b;
    dense *d = self;
    memcpy(d->L, d->H, (size_t)d->n * (size_t)d->n * sizeof *d->L);
    const fgoi_host_threads before = fgoi_host_threads_quiet();
    int info = LAPACKE_dpotrf_work(LAPACK_COL_MAJOR, 'L', d->n, d->L, d->n > 0 ? d->n : 1);
    fgoi_host_threads_restore(before);
    if (info == 0) return FGO_OUTCOME_SOLVED;
    report->failed_at = info > 0 ? (size_t)info - 1 : SIZE_MAX;
    return FGO_OUTCOME_NOT_POSITIVE_DEFINITE;
}

static fgo_outcome solve(void *self, double *b, fgo_linear_report *report)
{
    (void)report;
    const dense *d = self;
    const int ld = d->n > 0 ? d->n : 1;
    const fgoi_host_threads before = fgoi_host_threads_quiet();
    LAPACKE_dpotrs_work(LAPACK_COL_MAJOR, 'L', d->n, 1, d->L, ld, b, ld);
    fgoi_host_threads_restore(before);
    return FGO_OUTCOME_SOLVED;
}

static fgo_outcome solve_many(void *self, double *B, size_t count, size_t ld, fgo_linear_report *report)
{
    (void)report;
    const dense *d = self;
    const fgoi_host_threads before = fgoi_host_threads_quiet();
    LAPACKE_dpotrs_work(LAPACK_COL_MAJOR, 'L', d->n, (lapack_int)count, d->L, d->n > 0 ? d->n : 1, B,
                        ld > 0 ? (lapack_int)ld : 1);
    fgoi_host_threads_restore(before);
    return FGO_OUTCOME_SOLVED;
}

static void destroy(void *self)
{
    if (!self) return;
    release(self);
    fgoi_free(self);
}

const fgo_linear_solver_class fgoi_linear_dense = {
    .size = sizeof fgoi_linear_dense,
    .name = "dense",
    .traits = FGO_LINEAR_IS_EXACT,
    .create = create,
    .analyze = analyze,
    .factorize = factorize,
    .solve = solve,
    .free = destroy,
    .solve_many = solve_many,
};
