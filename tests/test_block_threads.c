/* SPDX-License-Identifier: BSD-3-Clause */
/* test_block_threads.c -- the block solver gives the same bits with any number of threads, also when it fails. */
#include "block_cholesky.h"
#include "block_matrices.h"

enum { MOST_THREADS = 4 };

/* A solver with this many threads that uses them for any amount of work. */
static fgoi_linear *eager_solver(fgoi_threads *threads)
{
    fgoi_linear *ls;
    assert_ok(fgoi_linear_block.create(NULL, &ls));
    ((fgoi_block_solver *)ls)->least_cycles = 0.0;
    ls->threads = threads;
    return ls;
}

/* Factorizes and solves; x is b on entry. */
static fgoi_outcome run(fgoi_linear *ls, const fgoi_pattern *p, fgoi_slot *slot, const double *H, double *x)
{
    fill_values(p, slot, H, ls->values);
    const fgoi_outcome outcome = ls->c->factorize(ls);
    if (outcome == FGOI_SOLVED) assert_int_equal(ls->c->solve(ls, x), FGOI_SOLVED);
    return outcome;
}

/* One system by every number of threads: with the matrix as it is, then with bad entries on its diagonal. */
static void compare(rng *r, fgoi_linear *const *solver, const fgoi_pattern *p)
{
    const size_t n = p->offset[p->n];
    double *H = malloc(n * n * sizeof *H), *b = malloc(n * sizeof *b), *x = malloc(n * sizeof *x),
           *first = malloc(n * sizeof *x);
    fgoi_slot *slot = malloc(p->start[p->n] * sizeof *slot);
    assert_true(H && b && x && first && slot);
    make_matrix(r, p, 0.01, H);
    for (size_t i = 0; i < n; i++) b[i] = rng_normal(r);
    for (int round = 0; round < 4; round++) {
        fgoi_outcome outcome = FGOI_SOLVED;
        size_t failed_at = 0;
        for (int bad = 0; round >= 2 && bad < round; bad++) H[(size_t)rng_below(r, (int)n) * (n + 1)] = -1.0;
        for (int t = 0; t < MOST_THREADS; t++) {
            memcpy(x, b, n * sizeof *x);
            assert_ok(solver[t]->c->analyze(solver[t], NULL, p, slot));
            assert_int_equal(((fgoi_block_solver *)solver[t])->workers, t + 1);
            const fgoi_outcome got = run(solver[t], p, slot, H, x);
            if (t == 0) {
                memcpy(first, x, n * sizeof *x);
                outcome = got;
                failed_at = solver[0]->failed_at;
                if (got == FGOI_SOLVED) assert_true(backward_error(n, H, x, b) < 2e-14);
                assert_int_equal(got, round < 2 ? FGOI_SOLVED : FGOI_NOT_POSITIVE_DEFINITE);
            }
            assert_int_equal(got, outcome);
            if (got == FGOI_SOLVED)
                assert_memory_equal(x, first, n * sizeof *x);
            else
                assert_int_equal(solver[t]->failed_at, failed_at);
        }
    }
    free(H), free(b), free(x), free(first), free(slot);
}

static void test_same_bits(UNUSED_STATE)
{
    (void)state;
    rng r = { 51 };
    fgoi_threads *threads[MOST_THREADS] = { NULL };
    fgoi_linear *solver[MOST_THREADS];
    for (int t = 0; t < MOST_THREADS; t++) {
        if (t) assert_non_null(threads[t] = fgoi_threads_create(t + 1));
        solver[t] = eager_solver(threads[t]);
    }
    for (int level = 0; level < FGOI_CPU_LEVELS; level++)
        for (int t = 0; t < 12 * KINDS; t++) {
            fgoi_cpu_limit((fgoi_cpu)level);
            const int largest = t % 2 ? 6 : -3 * (1 + t / 2 % 2);
            fgoi_pattern p =
                make_pattern(&r, (kind)(t % KINDS), 1 + rng_below(&r, MOST_BLOCKS), largest, rng_uniform(&r, 0, 0.2));
            compare(&r, solver, &p);
            fgoi_pattern_free(&p);
        }
    fgoi_cpu_limit(FGOI_CPU_LEVELS);
    for (int t = 0; t < MOST_THREADS; t++) {
        solver[t]->c->free(solver[t]);
        fgoi_threads_free(threads[t]);
    }
}

/* Little work is not given to threads. */
static void test_little_work(UNUSED_STATE)
{
    (void)state;
    rng r = { 52 };
    fgoi_pattern p = make_pattern(&r, GRID, 50, -3, 0.0);
    fgoi_slot *slot = malloc(p.start[p.n] * sizeof *slot);
    fgoi_linear *ls;
    assert_non_null(slot);
    assert_ok(fgoi_linear_block.create(NULL, &ls));
    assert_non_null(ls->threads = fgoi_threads_create(2));
    assert_ok(ls->c->analyze(ls, NULL, &p, slot));
    assert_int_equal(((fgoi_block_solver *)ls)->workers, 1);
    fgoi_threads_free(ls->threads);
    ls->c->free(ls);
    free(slot);
    fgoi_pattern_free(&p);
}

int main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(test_same_bits), cmocka_unit_test(test_little_work) };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
