/* SPDX-License-Identifier: BSD-3-Clause */
/* test_block_threads.c -- the block solver gives the same bits with any number of threads, also when it fails. */
#include "block/cholesky.h"
#include "block_matrices.h"
#include "linear/registry.h"

enum { MOST_THREADS = 4, ROUNDS = REPEATED(12) };

/* A solver with this many threads that uses them for any amount of work. */
static fgoi_linear *eager_solver(fgoi_threads *threads)
{
    fgoi_linear *ls;
    assert_ok(fgoi_linear_create(&fgoi_linear_block, &ls));
    ((fgoi_block_solver *)ls->self)->min_threaded_cycles = 0.0;
    ls->request.threads = threads;
    return ls;
}

/* Factorizes and solves; x is b on entry. */
static fgo_outcome run(fgoi_linear *ls, const fgoi_pattern *p, fgoi_slot *slot, const double *H, double *x)
{
    fill_values(p, slot, H, ls->report.values);
    const fgo_outcome outcome = fgoi_linear_factorize(ls, NULL);
    if (outcome == FGO_OUTCOME_SOLVED) assert_int_equal(fgoi_linear_solve(ls, x), FGO_OUTCOME_SOLVED);
    return outcome;
}

/* A bad entry: on the diagonal, negative or infinite; or NaN in any block. */
static void spoil(rng *r, const fgoi_pattern *p, int what, double *H)
{
    const size_t n = p->offset[p->n];
    const int j = rng_below(r, p->n);
    const size_t k = p->start[j] + (size_t)rng_below(r, (int)(p->start[j + 1] - p->start[j]));
    const size_t row = p->offset[p->row[k]], col = p->offset[j];
    if (what == 1) H[col * (n + 1)] = -1.0;
    if (what == 2) H[col * (n + 1)] = rng_below(r, 2) ? INFINITY : -INFINITY;
    if (what == 3) H[row * n + col] = H[col * n + row] = NAN;
}

/* One system by every number of threads: with the matrix as it is, then with bad entries, ever more. */
static void compare(rng *r, fgoi_linear *const *solver, const fgoi_pattern *p)
{
    const size_t n = p->offset[p->n];
    double *H = malloc(n * n * sizeof *H), *b = malloc(n * sizeof *b), *x = malloc(n * sizeof *x), *first = malloc(n * sizeof *x);
    fgoi_slot *slot = malloc(p->start[p->n] * sizeof *slot);
    assert_true(H && b && x && first && slot);
    make_matrix(r, p, 0.01, H);
    for (size_t i = 0; i < n; i++) b[i] = rng_normal(r);
    for (int round = 0; round < 8; round++) {
        fgo_outcome outcome = FGO_OUTCOME_SOLVED;
        size_t failed_at = 0;
        for (int bad = 0; round >= 2 && bad < 2 + round % 2; bad++) spoil(r, p, round / 2, H);
        for (int t = 0; t < MOST_THREADS; t++) {
            memcpy(x, b, n * sizeof *x);
            assert_ok(fgoi_linear_analyze(solver[t], p, slot));
            assert_int_equal(((fgoi_block_solver *)solver[t]->self)->workers, t + 1);
            const fgo_outcome got = run(solver[t], p, slot, H, x);
            if (t == 0) {
                memcpy(first, x, n * sizeof *x);
                outcome = got;
                failed_at = solver[0]->report.failed_at;
                if (got == FGO_OUTCOME_SOLVED) assert_true(backward_error(n, H, x, b) < 2e-14);
                assert_int_equal(got, round < 2 ? FGO_OUTCOME_SOLVED : FGO_OUTCOME_NOT_POSITIVE_DEFINITE);
            }
            assert_int_equal(got, outcome);
            if (got == FGO_OUTCOME_SOLVED) {
                assert_memory_equal(x, first, n * sizeof *x);
                for (size_t i = 0; i < n; i++) x[i] = NAN; /* leaves nothing behind, in no thread */
                fgoi_linear_solve(solver[t], x);
                memcpy(x, b, n * sizeof *x);
                assert_int_equal(fgoi_linear_solve(solver[t], x), FGO_OUTCOME_SOLVED);
                assert_memory_equal(x, first, n * sizeof *x);
            } else
                assert_int_equal(solver[t]->report.failed_at, failed_at);
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
        for (int t = 0; t < ROUNDS * KINDS; t++) {
            fgoi_cpu_limit((fgoi_cpu)level);
            const int largest = t % 2 ? 6 : -3 * (1 + t / 2 % 2);
            fgoi_pattern p =
                make_pattern(&r, (kind)(t % KINDS), 1 + rng_below(&r, MOST_BLOCKS), largest, rng_uniform(&r, 0, 0.2));
            compare(&r, solver, &p);
            fgoi_pattern_free(&p);
        }
    fgoi_cpu_limit(FGOI_CPU_LEVELS);
    for (int t = 0; t < MOST_THREADS; t++) {
        fgoi_linear_free(solver[t]);
        fgoi_threads_free(threads[t]);
    }
}

/* What is not determined is named by its key, the same by any number of threads: a point of which only the range is
 * known, in a graph large enough that threads factorize it. */
static void test_key(UNUSED_STATE)
{
    (void)state;
    enum { POSES = 400 };
    rng r = { 53 };
    char message[sizeof((fgo_summary *)0)->message] = "";
    fgo_graph *g = exact_graph(&r, &fgo_manifold_se3, &fgo_between_se3, POSES, 2 * POSES, 0.0, NULL);
    assert_ok(fgo_graph_add_rn(g, 777000, 3, (double[]){ 3, 4, 5 }));
    assert_ok(fgo_graph_add_factor(g, &fgo_range_se3, (int64_t[]){ POSES / 2, 777000 }, &(fgo_range_measurement){ 5.0 },
                                   fgo_noise_sigma(0.1), fgo_loss_none()));
    for (int threads = 1; threads <= MOST_THREADS; threads++) {
        fgo_options o = fgo_options_default();
        fgo_summary s;
        o.method = FGO_METHOD_GN;
        o.linear_solver = FGO_LINEAR_BLOCK;
        o.threads = threads;
        assert_ok(fgo_solve(g, &o, &s));
        assert_true(s.flops > 4e7); /* some 4e6 cycles: LEAST_CYCLES is passed */
        assert_int_equal(s.termination, FGO_TERMINATION_FAILED_SINGULAR);
        assert_non_null(strstr(s.message, "variable 777000 (R3)"));
        if (threads > 1) assert_string_equal(s.message, message);
        memcpy(message, s.message, sizeof message);
    }
    fgo_graph_free(g);
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
    assert_ok(fgoi_linear_create(&fgoi_linear_block, &ls));
    assert_non_null(ls->request.threads = fgoi_threads_create(2));
    assert_ok(fgoi_linear_analyze(ls, &p, slot));
    assert_int_equal(((fgoi_block_solver *)ls->self)->workers, 1);
    fgoi_threads_free(ls->request.threads);
    fgoi_linear_free(ls);
    free(slot);
    fgoi_pattern_free(&p);
}

int main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(test_same_bits), cmocka_unit_test(test_key),
                                        cmocka_unit_test(test_little_work) };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
