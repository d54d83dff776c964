/* SPDX-License-Identifier: BSD-3-Clause */
/* redundancy.c -- r = rows - trace(A Sigma A') for each factor, where A is its weighted Jacobian. Over all factors of a graph
 * that is determined, r adds up to the number of residual rows minus the number of free degrees of freedom. */
#include "redundancy.h"
#include "base/memory.h"
#include "base/refuse.h"
#include "base/threads.h"
#include "evaluate/evaluate.h"
#include "marginal/covariance.h"
#include <fgopt/doctor.h>
#include <math.h>

/* Returns trace(A Sigma A'), where A is rows x n and Sigma n x n, symmetric. */
static double trace(const double *A, const double *Sigma, int rows, int n)
{
    double sum = 0.0;
    for (int row = 0; row < rows; row++, A += n)
        for (int i = 0; i < n; i++) {
            double product = 0.0;
            for (int j = 0; j < n; j++) product += Sigma[i * n + j] * A[j];
            sum += A[i] * product;
        }
    return sum;
}

static fgo_status of_factor(const fgo_graph *g, fgo_covariance *covariance, const fgoi_group *group, size_t f, const double *A,
                            double *Sigma, double *redundancy)
{
    int64_t key[FGO_MAX_ARITY];
    const size_t arity = (size_t)group->c.arity;
    for (size_t k = 0; k < arity; k++) key[k] = g->variable[group->variable[f * arity + k]].key;
    fgo_status status = fgo_covariance_joint(covariance, key, arity, Sigma);
    if (status) return status;
    const double r = group->c.rows - trace(A, Sigma, group->c.rows, group->c.partials);
    redundancy[group->number[f]] = fmin(fmax(r, 0.0), group->c.rows); /* only rounding takes r out of this range */
    return FGO_OK;
}

static fgo_status of_group(const fgoi_problem *p, fgo_covariance *covariance, const fgoi_group *group, double *redundancy)
{
    const size_t rows = (size_t)group->c.rows, n = (size_t)group->c.partials, batch = fgoi_batch(group);
    double *A = fgoi_alloc(batch * rows, n * sizeof *A), *r = fgoi_alloc(batch * rows, sizeof *r);
    double *Sigma = fgoi_alloc(n * n, sizeof *Sigma), cost;
    fgo_status status = A && r && Sigma ? FGO_OK : fgoi_fail_memory();
    for (size_t first = 0; first < group->count && !status; first += batch) {
        const size_t left = group->count - first, count = left < batch ? left : batch;
        if (fgoi_evaluate_run(p, group, fgoi_problem_values(p), first, count, r, A, &cost))
            status = fgoi_fail(FGO_ERROR_EVALUATE, "no redundancy: a %s factor cannot be evaluated", group->c.name);
        for (size_t k = 0; k < count && !status; k++)
            status = of_factor(p->g, covariance, group, first + k, A + k * rows * n, Sigma, redundancy);
    }
    fgoi_free(A);
    fgoi_free(r);
    fgoi_free(Sigma);
    return status;
}

fgo_status fgoi_redundancy(const fgoi_problem *p, int threads, double *redundancy)
{
    const fgo_graph *g = p->g;
    fgo_covariance *covariance = NULL;
    fgo_status status = fgoi_covariance_create(p, threads, &covariance);
    for (size_t f = 0; f < g->factor_count && !status; f++)
        if (!fgoi_has_factor(g, f)) redundancy[f] = (double)NAN;
    for (size_t i = 0; i < g->group_count && !status; i++) status = of_group(p, covariance, &g->group[i], redundancy);
    fgo_covariance_free(covariance);
    return status;
}

fgo_status fgo_graph_redundancy(const fgo_graph *g, int threads, double *redundancy)
{
    FGOI_REQUIRE(g);
    FGOI_REQUIRE(redundancy);
    const fgo_status status = fgoi_threads_check(threads);
    return status ? status : fgoi_redundancy(&(fgoi_problem){ .g = g }, threads, redundancy);
}
