/* SPDX-License-Identifier: BSD-3-Clause */
/* test_solver_queries.c -- what a solver tells about its analysis: whom the gauge rule held, what is held in all, in which
 * order it eliminates. */
#include "support.h"

enum { POSES = 30 };

/* 1 if keys[0 .. count) are the numbers 0 .. POSES without `missing`, each once. */
static int is_permutation(const int64_t *keys, size_t count, int poses, int64_t missing)
{
    char seen[POSES + 1] = { 0 };
    for (size_t i = 0; i < count; i++) {
        if (keys[i] < 0 || keys[i] >= poses || keys[i] == missing || seen[keys[i]]) return 0;
        seen[keys[i]] = 1;
    }
    return count + 1 == (size_t)poses;
}

static void test_before_and_after_a_change(UNUSED_STATE)
{
    (void)state;
    rng r = { 3 };
    fgo_graph *g = exact_graph(&r, &fgo_manifold_se2, &fgo_between_se2, POSES, 20, 0.1, NULL);
    fgo_solver *s;
    const int64_t *keys;
    size_t count;
    assert_ok(fgo_solver_create(g, NULL, &s));
    assert_int_equal(fgo_solver_gauge_keys(s, NULL), 1);
    assert_int_equal(fgo_solver_gauge_keys(s, &keys), 1);
    assert_int_equal(keys[0], 0);
    for (int d = 0; d < 3 * POSES; d++) assert_int_equal(fgo_solver_held(s)[d], d < 3);
    assert_ok(fgo_solver_elimination_order(s, &keys, &count));
    assert_true(is_permutation(keys, count, POSES, 0));

    assert_ok(fgo_graph_hold(g, 7)); /* then the gauge rule has nothing to do, */
    assert_ok(fgo_graph_add_se2(g, POSES, 1, 2, 3));
    assert_ok(fgo_graph_add_factor(g, &fgo_between_se2, (int64_t[]){ 4, POSES }, (double[]){ 1, 0, 1, 0 }, fgo_noise_unit(),
                                   fgo_loss_none()));
    assert_ok(fgo_solver_elimination_order(s, &keys, &count)); /* which the order, asked for first, finds out */
    assert_true(is_permutation(keys, count, POSES + 1, 7));
    assert_int_equal(fgo_solver_gauge_keys(s, &keys), 0);
    for (int d = 0; d < 3 * (POSES + 1); d++) assert_int_equal(fgo_solver_held(s)[d], d / 3 == 7);
    assert_ok(fgo_solver_solve(s, NULL));
    fgo_solver_free(s);
    fgo_graph_free(g);
}

/* The other linear solvers say that they cannot, by name. */
static void test_unsupported(UNUSED_STATE)
{
    (void)state;
    rng r = { 5 };
    fgo_graph *g = exact_graph(&r, &fgo_manifold_se2, &fgo_between_se2, 5, 2, 0.1, NULL);
    static const fgo_linear_solver others[] = { FGO_LINEAR_CHOLMOD, FGO_LINEAR_DENSE, FGO_LINEAR_CGLS };
    for (int i = 0; i < 3; i++) {
        fgo_options o = fgo_options_default();
        fgo_solver *s;
        const int64_t *keys;
        size_t count;
        o.linear_solver = (int)others[i];
        assert_ok(fgo_solver_create(g, &o, &s));
        if (others[i] == FGO_LINEAR_CHOLMOD) { /* tells its order, but chooses it */
            assert_ok(fgo_solver_elimination_order(s, &keys, &count));
            assert_int_equal(count, fgo_graph_variable_count(g) - 1);
        } else {
            assert_int_equal(fgo_solver_elimination_order(s, &keys, &count), FGO_ERROR_UNSUPPORTED);
            assert_non_null(strstr(fgo_last_message(), fgo_linear_solver_name(others[i])));
        }
        assert_int_equal(fgo_solver_order_last(s, (int64_t[]){ 1 }, 1), FGO_ERROR_UNSUPPORTED);
        assert_non_null(strstr(fgo_last_message(), fgo_linear_solver_name(others[i])));
        fgo_solver_free(s);
    }
    fgo_graph_free(g);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_before_and_after_a_change),
        cmocka_unit_test(test_unsupported),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
