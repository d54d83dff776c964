/* SPDX-License-Identifier: BSD-3-Clause */
/* test_block_order.c -- variables that are to be eliminated last are, and the solution is the same: for the linear
 * solver on random block graphs, by any number of threads, and through fgo_solver. */
#include "block/cholesky.h"
#include "block/inverse.h"
#include "block_matrices.h"
#include "linear/registry.h"

enum { MOST_THREADS = 3 };

/* All rows of blocks with last come behind all others. */
static void check_order(const fgoi_linear *ls, const fgoi_pattern *p, const unsigned char *last)
{
    int seen = 0;
    char *once = calloc(p->offset[p->n] + 1, 1);
    assert_non_null(once);
    for (size_t i = 0; i < p->offset[p->n]; i++) {
        int j = 0;
        while (p->offset[j + 1] <= (size_t)ls->report.elimination[i]) j++;
        assert_false(seen && !last[j]);
        seen |= last[j];
        assert_false(once[ls->report.elimination[i]]++);
    }
    free(once);
}

static void check_problem(rng *r, fgoi_linear *const *solver, const fgoi_pattern *p, const unsigned char *last)
{
    const size_t n = p->offset[p->n];
    double *H = malloc(n * n * sizeof *H), *b = malloc(n * sizeof *b), *x = malloc(n * sizeof *x), *first = malloc(n * sizeof *x);
    double block[36], again[36];
    fgoi_slot *slot = malloc(p->start[p->n] * sizeof *slot);
    assert_true(H && b && x && first && slot);
    make_matrix(r, p, 0.1, H);
    for (size_t i = 0; i < n; i++) b[i] = rng_normal(r);
    for (int t = 0; t < MOST_THREADS; t++) {
        fgoi_linear *ls = solver[t];
        ls->request.eliminate_last = last;
        assert_ok(fgoi_linear_analyze(ls, p, slot));
        assert_string_equal(ls->report.factorization, "block, CAMD");
        check_order(ls, p, last);
        fill_values(p, slot, H, ls->report.values);
        assert_int_equal(fgoi_linear_factorize(ls, NULL), FGO_OUTCOME_SOLVED);
        memcpy(x, b, n * sizeof *x);
        assert_int_equal(fgoi_linear_solve(ls, x), FGO_OUTCOME_SOLVED);
        assert_true(backward_error(n, H, x, b) < 2e-14);
        if (t)
            assert_memory_equal(x, first, n * sizeof *x);
        else
            memcpy(first, x, n * sizeof *x);
        fgoi_inverse *z = fgoi_inverse_create(ls->self); /* it goes through the same tree */
        assert_non_null(z);
        fgoi_inverse_compute(z);
        for (int j = 0; j < p->n; j++) {
            const int d = p->dim[j];
            assert_int_equal(fgoi_inverse_block(z, p->offset[j], d, p->offset[j], d, block, (size_t)d), 0);
            fgoi_inverse_solve(z, p->offset[j], d, p->offset[j], d, again, (size_t)d, 1);
            for (int i = 0; i < d * d; i++) assert_close(block[i], again[i], 1e-9);
        }
        fgoi_inverse_free(z);
    }
    free(H), free(b), free(x), free(first), free(slot);
}

static void test_last_columns(UNUSED_STATE)
{
    (void)state;
    rng r = { 81 };
    fgoi_threads *threads[MOST_THREADS] = { NULL };
    fgoi_linear *solver[MOST_THREADS];
    for (int t = 0; t < MOST_THREADS; t++) {
        if (t) assert_non_null(threads[t] = fgoi_threads_create(t + 1));
        assert_ok(fgoi_linear_create(&fgoi_linear_block, &solver[t]));
        ((fgoi_block_solver *)solver[t]->self)->min_threaded_cycles = 0.0; /* threads for any amount of work */
        solver[t]->request.threads = threads[t];
    }
    for (int t = 0; t < REPEATED(40) * KINDS; t++) {
        unsigned char last[MOST_BLOCKS];
        const double share = (const double[]){ 0.0, 0.05, 0.3, 1.0 }[t / KINDS % 4];
        fgoi_pattern p =
            make_pattern(&r, (kind)(t % KINDS), 1 + rng_below(&r, MOST_BLOCKS), t % 3 ? 6 : -3, rng_uniform(&r, 0, 0.3));
        for (int j = 0; j < p.n; j++) last[j] = rng_uniform(&r, 0, 1) < share;
        check_problem(&r, solver, &p, last);
        fgoi_pattern_free(&p);
    }
    for (int t = 0; t < MOST_THREADS; t++) {
        fgoi_linear_free(solver[t]);
        fgoi_threads_free(threads[t]);
    }
}

static void test_solver(UNUSED_STATE)
{
    (void)state;
    enum { POSES = 120, LAST = 7 };
    rng r = { 82 };
    fgo_graph *a = exact_graph(&r, &fgo_manifold_se2, &fgo_between_se2, POSES, 60, 0.05, NULL), *b;
    const int64_t last[LAST] = { 119, 3, 118, 60, 117, 0, 61 }; /* 0 is held by the gauge rule */
    const int64_t *keys;
    size_t count;
    fgo_options o = fgo_options_default();
    fgo_summary free_order, constrained;
    fgo_solver *s;
    r.state = 82; /* the same graph once more */
    b = exact_graph(&r, &fgo_manifold_se2, &fgo_between_se2, POSES, 60, 0.05, NULL);
    assert_ok(fgo_solve(a, &o, &free_order));
    assert_ok(fgo_solver_create(b, &o, &s));
    assert_ok(fgo_solver_order_last(s, last, LAST));
    assert_ok(fgo_solver_solve(s, &constrained));
    assert_string_equal(constrained.factorization, "block, CAMD");
    assert_int_equal(free_order.iterations, constrained.iterations);
    for (size_t v = 0; v < POSES; v++)
        for (int d = 0; d < 4; d++) assert_close(fgo_graph_variable_value(b, v)[d], fgo_graph_variable_value(a, v)[d], 1e-9);
    assert_ok(fgo_solver_elimination_order(s, &keys, &count));
    assert_int_equal(count, POSES - 1);
    for (size_t i = 0; i < LAST; i++) {
        size_t at = 0;
        while (at < count && keys[at] != last[i]) at++;
        assert_true(last[i] == 0 ? at == count : at >= count - (LAST - 1) && at < count);
    }
    assert_ok(fgo_solver_order_last(s, NULL, 0)); /* the order is as without constraint */
    assert_ok(fgo_solver_solve(s, &constrained));
    assert_string_equal(constrained.factorization, free_order.factorization);
    assert_int_equal(constrained.nonzeros_L, free_order.nonzeros_L);
    assert_int_equal(fgo_solver_order_last(s, (int64_t[]){ 1, 999 }, 2), FGO_ERROR_KEY);
    assert_int_equal(fgo_solver_order_last(s, NULL, 2), FGO_ERROR_ARGUMENT);
    assert_int_equal(fgo_solver_order_last(NULL, last, 2), FGO_ERROR_ARGUMENT);
    assert_int_equal(fgo_solver_elimination_order(s, NULL, &count), FGO_ERROR_ARGUMENT);
    fgo_solver_free(s);
    o.linear_solver = FGO_LINEAR_CHOLMOD;
    assert_ok(fgo_solver_create(b, &o, &s));
    assert_int_equal(fgo_solver_order_last(s, last, LAST), FGO_ERROR_UNSUPPORTED);
    fgo_solver_free(s);
    fgo_graph_free(a);
    fgo_graph_free(b);
}

int main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(test_last_columns), cmocka_unit_test(test_solver) };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
