/* SPDX-License-Identifier: BSD-3-Clause */
/* test_block_inverse.c -- the selected inverse and single columns of the inverse against the dense inverse, on random
 * block graphs of every kind and mixture of sizes, at every level of the CPU and by any number of threads. */
#include "block/cholesky.h"
#include "block/inverse.h"
#include "block_matrices.h"
#include "linear/registry.h"
#include <float.h>

enum { MOST_THREADS = 3 };

/* Under emulation quadruple precision, which some processors have instead, would take minutes. */
#if LDBL_MANT_DIG > 64
typedef double wide;
#else
typedef long double wide;
#endif

/* H^-1 by Gauss-Jordan elimination in long double, without pivoting: H is positive definite. */
static void invert_densely(size_t n, const double *H, double *Z)
{
    wide *A = malloc(n * n * sizeof *A);
    assert_non_null(A);
    for (size_t i = 0; i < n * n; i++) A[i] = H[i];
    for (size_t k = 0; k < n; k++) {
        const wide pivot = A[k * n + k];
        A[k * n + k] = (wide)1;
        for (size_t j = 0; j < n; j++) A[k * n + j] /= pivot;
        for (size_t i = 0; i < n; i++) {
            const wide a = A[i * n + k];
            if (i == k || a == (wide)0) continue;
            A[i * n + k] = (wide)0;
            for (size_t j = 0; j < n; j++) A[i * n + j] -= a * A[k * n + j];
        }
    }
    for (size_t i = 0; i < n * n; i++) Z[i] = (double)A[i];
    free(A);
}

/* |got - Z_pq|, largest entry, relative to the variances of its row and column. */
static double block_error(const fgoi_pattern *p, const double *Z, int a, int b, const double *got)
{
    const size_t n = p->offset[p->n];
    double worst = 0.0;
    for (int i = 0; i < p->dim[a]; i++)
        for (int j = 0; j < p->dim[b]; j++) {
            const size_t row = p->offset[a] + (size_t)i, col = p->offset[b] + (size_t)j;
            worst = larger(worst, fabs(got[i * p->dim[b] + j] - Z[row * n + col]) / sqrt(Z[row * n + row] * Z[col * n + col]));
        }
    return worst;
}

/* Every pair of blocks: from the pattern where L has it, which is at least where H has, and by solves in any case. */
static void check_blocks(rng *r, fgoi_inverse *z, const fgoi_pattern *p, const double *Z, double tolerance)
{
    double got[15 * 15], again[15 * 15];
    for (int a = 0; a < p->n; a++)
        for (int b = 0; b < p->n; b++) {
            const int m = p->dim[a], n = p->dim[b];
            const int none = fgoi_inverse_block(z, p->offset[a], m, p->offset[b], n, got, (size_t)n);
            int in_H = a == b;
            for (size_t k = p->start[a < b ? a : b]; k < p->start[(a < b ? a : b) + 1]; k++) in_H |= p->row[k] == (a < b ? b : a);
            assert_false(none && in_H);
            if (!none) assert_true(block_error(p, Z, a, b, got) < tolerance);
            if (a == b)
                for (int i = 0; i < m * n; i++) assert_true(got[i] == got[i % n * n + i / n]);
            if (rng_below(r, 8)) continue;
            fgoi_inverse_solve(z, p->offset[a], m, p->offset[b], n, again, (size_t)n, 1);
            assert_true(block_error(p, Z, a, b, again) < tolerance);
        }
}

static void check_inverse(rng *r, fgoi_linear *const *solver, int solvers, const fgoi_pattern *p)
{
    const size_t n = p->offset[p->n];
    double *H = malloc(n * n * sizeof *H), *Z = malloc(n * n * sizeof *Z), *first = NULL;
    fgoi_slot *slot = malloc(p->start[p->n] * sizeof *slot);
    assert_true(H && Z && slot);
    make_matrix(r, p, 0.01, H);
    invert_densely(n, H, Z);
    for (int t = 0; t < solvers; t++) {
        fgoi_linear *ls = solver[t];
        const fgoi_block_solver *s = ls->self;
        assert_ok(fgoi_linear_analyze(ls, p, slot));
        fgoi_inverse *z = fgoi_inverse_create(ls->self);
        assert_non_null(z);
        for (int again = 0; again < 2; again++) {
            fill_values(p, slot, H, ls->report.values);
            for (size_t i = 0; i < s->layout.arena_start + s->layout.arena_size; i++) s->L[i] = NAN; /* nothing of that counts */
            assert_int_equal(fgoi_linear_factorize(ls, NULL), FGO_OUTCOME_SOLVED);
            const size_t allocations = fgoi_allocation_count();
            fgoi_inverse_compute(z);
            check_blocks(r, z, p, Z, 1e-9);
            assert_int_equal(fgoi_allocation_count(), allocations);
        }
        /* the same bits by every number of threads, block by block */
        size_t at = 0, size = 0;
        for (int j = 0; j < p->n; j++) size += (size_t)(p->dim[j] * p->dim[j]);
        double *diagonal = malloc(size * sizeof *diagonal);
        assert_non_null(diagonal);
        for (int j = 0; j < p->n; at += (size_t)(p->dim[j] * p->dim[j]), j++)
            assert_int_equal(
                fgoi_inverse_block(z, p->offset[j], p->dim[j], p->offset[j], p->dim[j], diagonal + at, (size_t)p->dim[j]), 0);
        if (first)
            assert_memory_equal(diagonal, first, size * sizeof *diagonal);
        else
            first = diagonal;
        if (t) free(diagonal);
        fgoi_inverse_free(z);
    }
    free(H), free(Z), free(slot), free(first);
}

static void test_graphs(UNUSED_STATE)
{
    (void)state;
    rng r = { 61 };
    fgoi_linear *ls;
    assert_ok(fgoi_linear_create(&fgoi_linear_block, &ls));
    for (int t = 0; t < REPEATED(900); t++) {
        const int largest = t % 3 == 0 ? -1 - rng_below(&r, 15) : 1 + rng_below(&r, 15);
        const int blocks = 1 + rng_below(&r, abs(largest) > 7 ? MOST_BLOCKS / 4 : MOST_BLOCKS / 2);
        fgoi_pattern p = make_pattern(&r, (kind)(t % KINDS), blocks, largest, rng_uniform(&r, 0, 1) * rng_uniform(&r, 0, 1));
        fgoi_cpu_limit((fgoi_cpu)(t / KINDS % FGOI_CPU_LEVELS));
        check_inverse(&r, &ls, 1, &p);
        fgoi_pattern_free(&p);
    }
    fgoi_cpu_limit(FGOI_CPU_LEVELS);
    fgoi_linear_free(ls);
    fgoi_inverse_free(NULL);
}

static void test_threads(UNUSED_STATE)
{
    (void)state;
    rng r = { 62 };
    fgoi_threads *threads[MOST_THREADS] = { NULL };
    fgoi_linear *solver[MOST_THREADS];
    for (int t = 0; t < MOST_THREADS; t++) {
        if (t) assert_non_null(threads[t] = fgoi_threads_create(t + 1));
        assert_ok(fgoi_linear_create(&fgoi_linear_block, &solver[t]));
        ((fgoi_block_solver *)solver[t]->self)->min_threaded_cycles = 0.0; /* threads for any amount of work */
        solver[t]->request.threads = threads[t];
    }
    for (int t = 0; t < REPEATED(6) * KINDS; t++) {
        fgoi_pattern p = make_pattern(&r, (kind)(t % KINDS), 1 + rng_below(&r, MOST_BLOCKS), t % 2 ? 6 : -3, 0.1);
        fgoi_cpu_limit((fgoi_cpu)(t % FGOI_CPU_LEVELS));
        check_inverse(&r, solver, MOST_THREADS, &p);
        fgoi_pattern_free(&p);
    }
    fgoi_cpu_limit(FGOI_CPU_LEVELS);
    for (int t = 0; t < MOST_THREADS; t++) {
        fgoi_linear_free(solver[t]);
        fgoi_threads_free(threads[t]);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(test_graphs), cmocka_unit_test(test_threads) };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
