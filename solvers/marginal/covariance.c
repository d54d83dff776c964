/* SPDX-License-Identifier: BSD-3-Clause */
/* covariance.c -- blocks of the inverse of H, from a linear solver that can compute them. */
#include "covariance.h"
#include "analysis/analysis.h"
#include "base/memory.h"
#include "base/refuse.h"
#include "linear/registry.h"
#include "matrix/linear.h"
#include "system/system.h"
#include <inttypes.h>
#include <math.h>
#include <string.h>

struct fgo_covariance {
    fgoi_problem problem;
    fgoi_analysis *analysis; /* or NULL */
    int valid;               /* 1: the linear solver has inverted an H of this analysis */
    fgoi_system system;
    fgoi_linear *linear;
    int threads_wanted, analysed;
    fgoi_threads *threads; /* or NULL */
    double *b;
};

static void release_analysis(fgo_covariance *c)
{
    fgoi_system_free(&c->system);
    fgoi_analysis_release(c->analysis);
    fgoi_free(c->b);
    c->analysis = NULL;
    c->analysed = 0;
    c->b = NULL;
}

void fgo_covariance_free(fgo_covariance *c)
{
    if (!c) return;
    release_analysis(c);
    fgoi_linear_free(c->linear);
    fgoi_threads_free(c->threads);
    fgoi_free(c);
}

static fgo_status analyse(fgo_covariance *c)
{
    const struct fgoi_symbolic *symbolic = NULL;
    release_analysis(c);
    fgo_status status = fgoi_analysis_of(c->problem.g, &c->analysis);
    if (!status) status = fgoi_analysis_system(c->analysis, &c->problem, NULL, &c->system);
    if (!status && !c->threads && fgoi_threads_start(c->threads_wanted, c->analysis->structure.J_size, &c->threads))
        status = fgoi_fail(FGO_ERROR_MEMORY, "%d threads cannot be had", c->threads_wanted);
    c->linear->request.threads = c->threads;
    if (!status) status = fgoi_analysis_order(c->analysis, &symbolic);
    c->linear->request.symbolic = symbolic;
    if (!status) status = fgoi_linear_analyze(c->linear, &c->system.pattern, c->system.slot);
    if (status) return status;
    c->b = fgoi_alloc(c->system.pattern.offset[c->system.pattern.n], sizeof *c->b);
    if (!c->b) {
        release_analysis(c);
        return fgoi_fail_memory();
    }
    c->analysed = 1;
    return FGO_OK;
}

/* Returns the error for a factorization that failed at row `at` of H, which the factors do not determine. */
static fgo_status singular(const fgo_covariance *c, size_t at)
{
    const fgoi_pattern *p = &c->system.pattern;
    int j = 0;
    while (j + 1 < p->n && at >= p->offset[j + 1]) j++;
    const fgoi_variable *v = &c->problem.g->variable[c->system.variable[j]];
    return fgoi_fail_as(&(fgo_error){ .status = FGO_ERROR_SINGULAR,
                                      .cause = FGO_CAUSE_UNDETERMINED,
                                      .remedy = { FGO_REMEDY_MEASURE, 0 },
                                      .keys = 1,
                                      .key = { v->key } },
                        "no covariance: degree of freedom %zu of variable %" PRId64 " (%s) is not determined by the factors at "
                        "these values, or not by those before it; hold it, or add a factor",
                        at - p->offset[j], v->key, v->manifold->name);
}

fgo_status fgo_covariance_update(fgo_covariance *c)
{
    FGOI_REQUIRE(c);
    int analysed = 0;
    c->valid = 0;
    fgo_status status = c->analysed ? fgoi_analysis_validate(c->analysis, c->problem.g, &analysed) : FGO_OK;
    if (!status && !analysed) status = analyse(c);
    if (status) return status;
    if (!isfinite(
            fgoi_system_linearize(&c->system, c->threads, fgoi_problem_values(&c->problem), c->linear->report.values, c->b)))
        return fgoi_fail(FGO_ERROR_EVALUATE, "no covariance: a factor cannot be evaluated at these values");
    if (fgoi_linear_factorize(c->linear, NULL) != FGO_OUTCOME_SOLVED) return singular(c, c->linear->report.failed_at);
    if (c->linear->c.invert(c->linear->self)) return fgoi_fail_memory();
    c->valid = 1;
    return FGO_OK;
}

fgo_status fgoi_covariance_create(const fgoi_problem *problem, int threads, fgo_covariance **out)
{
    fgo_covariance *c = fgoi_alloc(1, sizeof *c);
    if (!c) return fgoi_fail_memory();
    c->problem = *problem;
    c->threads_wanted = threads;
    fgo_status status = fgoi_linear_create(fgoi_linear_class_with(FGO_LINEAR_FINDS_RANK | FGO_LINEAR_INVERTS), &c->linear);
    if (!status) status = fgo_covariance_update(c);
    if (status) {
        fgo_covariance_free(c);
        return status;
    }
    *out = c;
    return FGO_OK;
}

fgo_status fgo_covariance_create(const fgo_graph *g, int threads, fgo_covariance **out)
{
    FGOI_REQUIRE(g);
    FGOI_REQUIRE(out);
    const fgo_status status = fgoi_threads_check(threads);
    return status ? status : fgoi_covariance_create(&(fgoi_problem){ .g = g }, threads, out);
}

/* ---- blocks ---- */

static fgo_status check(fgo_covariance *c, const char *function)
{
    if (!c->valid || c->analysis->revision != c->problem.g->revision)
        return fgoi_fail(FGO_ERROR_ARGUMENT, "%s: the graph changed, or the last update failed: update first", function);
    return FGO_OK;
}

/* Writes the covariance of variables u (rows) and v (columns) to Sigma[i * ld + j]. */
static void copy_block(fgo_covariance *c, size_t u, size_t v, double *Sigma, size_t ld)
{
    const fgo_graph *g = c->problem.g;
    const fgoi_variable *a = &g->variable[u], *b = &g->variable[v];
    const int m = a->manifold->tangent, n = b->manifold->tangent, p = c->system.column[u], q = c->system.column[v];
    const size_t *offset = c->system.pattern.offset;
    const unsigned char *held = c->analysis->structure.gauge.held;
    if (p >= 0 && q >= 0) c->linear->c.inverse_block(c->linear->self, offset[p], m, offset[q], n, Sigma, ld);
    for (int i = 0; i < m; i++)
        for (int j = 0; j < n; j++)
            if (p < 0 || q < 0 || held[a->tangent + (size_t)i] || held[b->tangent + (size_t)j])
                Sigma[(size_t)i * ld + (size_t)j] = 0.0;
}

static size_t tangent(const fgo_covariance *c, size_t v) { return (size_t)c->problem.g->variable[v].manifold->tangent; }

fgo_status fgo_covariance_marginal(fgo_covariance *c, int64_t key, double *Sigma)
{
    size_t v = 0;
    FGOI_REQUIRE(c);
    FGOI_REQUIRE(Sigma);
    fgo_status status = check(c, "fgo_covariance_marginal");
    if (!status) status = fgo_graph_find(c->problem.g, key, &v);
    if (!status) copy_block(c, v, v, Sigma, tangent(c, v));
    return status;
}

fgo_status fgo_covariance_cross(fgo_covariance *c, int64_t a, int64_t b, double *Sigma)
{
    size_t u = 0, v = 0;
    FGOI_REQUIRE(c);
    FGOI_REQUIRE(Sigma);
    fgo_status status = check(c, "fgo_covariance_cross");
    if (!status) status = fgo_graph_find(c->problem.g, a, &u);
    if (!status) status = fgo_graph_find(c->problem.g, b, &v);
    if (!status) copy_block(c, u, v, Sigma, tangent(c, v));
    return status;
}

fgo_status fgo_covariance_joint(fgo_covariance *c, const int64_t *keys, size_t count, double *Sigma)
{
    size_t D = 0, row = 0, u = 0, v = 0;
    FGOI_REQUIRE(c);
    FGOI_REQUIRE_ARRAY(keys, count);
    FGOI_REQUIRE_ARRAY(Sigma, count);
    fgo_status status = check(c, "fgo_covariance_joint");
    for (size_t k = 0; !status && k < count; k++) {
        status = fgo_graph_find(c->problem.g, keys[k], &v);
        if (!status) D += tangent(c, v);
    }
    for (size_t k = 0; !status && k < count; k++) {
        fgo_graph_find(c->problem.g, keys[k], &u);
        for (size_t l = 0, col = 0; l < k + 1; l++, col += tangent(c, v)) {
            fgo_graph_find(c->problem.g, keys[l], &v);
            double *below = Sigma + row * D + col, *above = Sigma + col * D + row;
            copy_block(c, u, v, below, D);
            for (size_t i = 0; l < k && i < tangent(c, u); i++)
                for (size_t j = 0; j < tangent(c, v); j++) above[j * D + i] = below[i * D + j];
        }
        row += tangent(c, u);
    }
    return status;
}

fgo_status fgo_covariance_marginals(fgo_covariance *c, double *Sigma)
{
    FGOI_REQUIRE(c);
    FGOI_REQUIRE(Sigma);
    const fgo_status status = check(c, "fgo_covariance_marginals");
    for (size_t v = 0; !status && v < c->problem.g->variable_count; Sigma += tangent(c, v) * tangent(c, v), v++)
        copy_block(c, v, v, Sigma, tangent(c, v));
    return status;
}
