/* SPDX-License-Identifier: BSD-3-Clause */
/* test_block_datasets.c -- the block solver against CHOLMOD on the normal systems of the standard data sets in the
 * folder FGOPT_DATASETS, at every level of the CPU and by two threads; and covariances against single columns of the
 * inverse. */
#define _POSIX_C_SOURCE 200809L /* glob */
#include "block/cholesky.h"
#include "block/inverse.h"
#include "linear/registry.h"
#include "matrix/linear.h"
#include "support.h"
#include "whole_system.h"
#include <glob.h>

static glob_t sets;

static int setup(void **state)
{
    const char *folder = getenv("FGOPT_DATASETS");
    char pattern[4096];
    (void)state;
    if (!folder) return 0;
    snprintf(pattern, sizeof pattern, "%s/*.g2o", folder);
    if (glob(pattern, 0, NULL, &sets)) fail_msg("no data set in %s", folder);
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    if (sets.gl_pathc) globfree(&sets);
    return 0;
}

static void need_datasets(void)
{
    if (sets.gl_pathc) return;
    print_message("FGOPT_DATASETS, the folder of the standard data sets, is not set\n");
    skip();
}

/* H of the file's estimate with 1e-6 of its diagonal added, as after LM's first steps, factorized. */
static fgoi_linear *factorize(const fgo_linear_solver_class *c, fgo_graph *g, fgoi_system *s, fgoi_threads *threads, double *b)
{
    fgoi_linear *ls;
    assert_ok(fgoi_linear_create(c, &ls));
    ls->request.threads = threads;
    assert_ok(fgoi_linear_analyze(ls, &s->pattern, s->slot));
    assert_true(isfinite(fgoi_system_linearize(s, NULL, g->x, ls->report.values, b)));
    for (int j = 0; j < s->pattern.n; j++)
        for (int d = 0; d < s->pattern.dim[j]; d++) ls->report.values[fgoi_system_diagonal(s, j, d)] *= 1.0 + 1e-6;
    assert_int_equal(fgoi_linear_factorize(ls, NULL), FGO_OUTCOME_SOLVED);
    return ls;
}

/* |b - H x| / |b| with the H that is in values by the system's slots. */
static double residual(const fgoi_system *s, const double *values, const double *x, const double *b)
{
    const fgoi_pattern *p = &s->pattern;
    const size_t n = p->offset[p->n];
    double *y = calloc(n, sizeof *y), error = 0.0, size = 0.0;
    assert_non_null(y);
    for (int j = 0; j < p->n; j++)
        for (size_t k = p->start[j]; k < p->start[j + 1]; k++)
            for (size_t r = 0; r < (size_t)p->dim[p->row[k]]; r++)
                for (size_t c = 0; c < (size_t)p->dim[j]; c++) {
                    const size_t u = p->offset[p->row[k]] + r, v = p->offset[j] + c, ld = (size_t)s->slot[k].ld;
                    const double h = values[s->slot[k].offset + (s->slot[k].transposed ? r * ld + c : c * ld + r)];
                    y[u] += h * x[v];
                    if (p->row[k] != j) y[v] += h * x[u];
                }
    for (size_t i = 0; i < n; i++) error += (y[i] - b[i]) * (y[i] - b[i]), size += b[i] * b[i];
    free(y);
    return sqrt(error / size);
}

static double difference(size_t n, const double *x, const double *y)
{
    double error = 0.0, size = 0.0;
    for (size_t i = 0; i < n; i++) error += (x[i] - y[i]) * (x[i] - y[i]), size += y[i] * y[i];
    return sqrt(error / size);
}

/* Blocks of Z: some diagonal ones, and some that factors connect, against columns by solves. */
static void check_inverse(rng *r, fgoi_linear *ls, const fgoi_pattern *p)
{
    double block[36], column[36];
    fgoi_inverse *z = fgoi_inverse_create(ls->self);
    assert_non_null(z);
    fgoi_inverse_compute(z);
    for (int t = 0; t < 60; t++) {
        const int j = rng_below(r, p->n);
        const size_t k = p->start[j] + (size_t)rng_below(r, (int)(p->start[j + 1] - p->start[j]));
        const int i = t % 2 ? p->row[k] : j, m = p->dim[i], n = p->dim[j];
        double size = 0.0;
        assert_int_equal(fgoi_inverse_block(z, p->offset[i], m, p->offset[j], n, block, (size_t)n), 0);
        fgoi_inverse_solve(z, p->offset[i], m, p->offset[j], n, column, (size_t)n, 1);
        for (int e = 0; e < m * n; e++) size = fmax(size, fabs(column[e]));
        for (int e = 0; e < m * n; e++) assert_true(fabs(block[e] - column[e]) <= 1e-7 * size);
    }
    fgoi_inverse_free(z);
}

static void check_set(rng *r, const char *path, fgoi_threads *threads)
{
    fgo_read_options read = fgo_read_options_default();
    fgo_graph *g;
    fgoi_system s;
    read.project_information = 1; /* cubicle's are not positive semi-definite as written */
    assert_ok(fgo_graph_read(path, &read, &g));
    assert_ok(whole_system_create(g, &s));
    const size_t n = s.pattern.offset[s.pattern.n];
    double *b = malloc(n * sizeof *b), *x = malloc(n * sizeof *x), *want = malloc(n * sizeof *want),
           *first = malloc(n * sizeof *first);
    assert_true(b && x && want && first);
    fgoi_linear *ls = factorize(&fgoi_linear_cholmod, g, &s, NULL, b);
    memcpy(want, b, n * sizeof *want);
    assert_int_equal(fgoi_linear_solve(ls, want), FGO_OUTCOME_SOLVED);
    fgoi_linear_free(ls);
    for (int level = 0; level < FGOI_CPU_LEVELS; level++) {
        if (fgoi_cpu_limit((fgoi_cpu)level) != (fgoi_cpu)level) break; /* this CPU has no more */
        for (int t = 0; t < 2; t++) {
            ls = factorize(&fgoi_linear_block, g, &s, t ? threads : NULL, b);
            memcpy(x, b, n * sizeof *x);
            assert_int_equal(fgoi_linear_solve(ls, x), FGO_OUTCOME_SOLVED);
            const double error = difference(n, x, want), left = residual(&s, ls->report.values, x, b);
            if (t)
                assert_memory_equal(x, first, n * sizeof *x);
            else
                print_message("%-28s %-8s from CHOLMOD's %.1e, residual %.1e\n", strrchr(path, '/') + 1,
                              fgoi_cpu_name((fgoi_cpu)level), error, left);
            memcpy(first, x, n * sizeof *x);
            assert_true(error < 4e-9); /* MIT: 7e-10, as its condition lets it */
            assert_true(left < 1e-13);
            check_inverse(r, ls, &s.pattern);
            fgoi_linear_free(ls);
        }
    }
    fgoi_cpu_limit(FGOI_CPU_LEVELS);
    free(b), free(x), free(want), free(first);
    whole_system_free(&s);
    fgo_graph_free(g);
}

static void test_every_set(UNUSED_STATE)
{
    (void)state;
    rng r = { 91 };
    need_datasets();
    fgoi_threads *threads = fgoi_threads_create(2);
    assert_non_null(threads);
    for (size_t i = 0; i < sets.gl_pathc; i++) check_set(&r, sets.gl_pathv[i], threads);
    fgoi_threads_free(threads);
}

int main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(test_every_set) };
    return cmocka_run_group_tests(tests, setup, teardown);
}
