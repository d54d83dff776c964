/* SPDX-License-Identifier: BSD-3-Clause */
/* dense.c -- LAPACK's Cholesky on the whole matrix: for small graphs, and the oracle of the tests. On one thread:
 * OpenBLAS gives other bits with another number, and its threads spin where other programs have the CPUs. */
#include "base/host_threads.h"
#include "base/memory.h"
#include "matrix/linear.h"
#include <lapacke.h>
#include <string.h>

typedef struct {
    fgoi_linear base;
    int n;
    double *L; /* n x n, column-major, lower triangle */
} dense;

static void release(dense *d)
{
    fgoi_free(d->base.values);
    fgoi_free(d->L);
    d->base.values = d->L = NULL;
}

static fgo_status create(fgoi_linear **out)
{
    dense *d = fgoi_alloc(1, sizeof *d);
    if (!d) return fgoi_fail_memory();
    d->base.c = &fgoi_linear_dense;
    d->base.factorization = "dense";
    *out = &d->base;
    return FGO_OK;
}

static fgo_status analyze(fgoi_linear *ls, const fgoi_pattern *p, fgoi_slot *slot)
{
    enum { LARGEST = 20000 }; /* 3.2 GB a matrix, and well past where dense makes sense */
    dense *d = (dense *)ls;
    const size_t n = p->offset[p->n];
    if (n > LARGEST)
        return fgoi_fail(FGO_ERROR_TOO_LARGE, "the dense solver takes at most %d degrees of freedom, not %zu; use cholmod",
                         LARGEST, n);
    release(d);
    d->n = (int)n;
    d->base.values = fgoi_alloc(n * n, sizeof *d->base.values);
    d->L = fgoi_alloc(n * n, sizeof *d->L);
    if (!d->base.values || !d->L) {
        release(d);
        return fgoi_fail_memory();
    }
    for (int j = 0; j < p->n; j++)
        for (size_t k = p->start[j]; k < p->start[j + 1]; k++)
            slot[k] = (fgoi_slot){ .offset = p->offset[j] * n + p->offset[p->row[k]], .ld = (int32_t)n };
    ls->nonzeros_L = n * (n + 1) / 2;
    ls->flops = (double)n * (double)n * (double)n / 3.0;
    return FGO_OK;
}

static fgoi_outcome factorize(fgoi_linear *ls, const double *b)
{
    (void)b;
    dense *d = (dense *)ls;
    memcpy(d->L, d->base.values, (size_t)d->n * (size_t)d->n * sizeof *d->L);
    const fgoi_host_threads before = fgoi_host_threads_quiet();
    int info = LAPACKE_dpotrf_work(LAPACK_COL_MAJOR, 'L', d->n, d->L, d->n > 0 ? d->n : 1);
    fgoi_host_threads_restore(before);
    if (info == 0) return FGOI_SOLVED;
    ls->failed_at = info > 0 ? (size_t)info - 1 : SIZE_MAX;
    return FGOI_NOT_POSITIVE_DEFINITE;
}

static fgoi_outcome solve(fgoi_linear *ls, double *b)
{
    dense *d = (dense *)ls;
    const int ld = d->n > 0 ? d->n : 1;
    const fgoi_host_threads before = fgoi_host_threads_quiet();
    LAPACKE_dpotrs_work(LAPACK_COL_MAJOR, 'L', d->n, 1, d->L, ld, b, ld);
    fgoi_host_threads_restore(before);
    return FGOI_SOLVED;
}

static void destroy(fgoi_linear *ls)
{
    if (!ls) return;
    release((dense *)ls);
    fgoi_free(ls);
}

const fgoi_linear_class fgoi_linear_dense = { "dense", create, analyze, factorize, solve, destroy };
