/* SPDX-License-Identifier: BSD-3-Clause */
/* test_initialize.c -- walking along factors: exact graphs come out exact, whatever the values before. */
#include "support.h"

static void test_exact(UNUSED_STATE)
{
    (void)state;
    const struct { const fgo_manifold *m; const fgo_factor_class *c; } cases[] = {
        { &fgo_manifold_so2, &fgo_between_so2 }, { &fgo_manifold_se2, &fgo_between_se2 }, { &fgo_manifold_so3, &fgo_between_so3_log },
        { &fgo_manifold_se3, &fgo_between_se3 }, { &fgo_manifold_se3, &fgo_between_se3_log },
    };
    rng r = { 51 };
    for (int t = 0; t < 50; t++) {
        const fgo_manifold *m = cases[t % 5].m;
        fgo_graph *g = exact_graph(&r, m, cases[t % 5].c, 30, 20, 2.0, NULL);
        size_t reached = 99;
        double cost;
        assert_ok(fgo_initialize(g, FGO_INIT_FILE, &reached));
        assert_int_equal(reached, 0);
        assert_ok(fgo_initialize(g, FGO_INIT_ODOMETRY, &reached));
        assert_int_equal(reached, 29);
        assert_ok(fgo_graph_cost(g, &cost));
        assert_true(cost < 1e-16);
        fgo_graph_free(g);
    }
}

/* Neighbouring keys go before short cuts: a wrong loop closure 0-3 must not be used to reach 3. */
static void test_neighbours_first(UNUSED_STATE)
{
    (void)state;
    fgo_graph *g;
    double x[4];
    assert_ok(fgo_graph_create(&g));
    const int64_t keys[] = { 3, 1, 0, 2, 9 };
    for (int i = 0; i < 5; i++) assert_ok(fgo_graph_add_se2(g, keys[i], 7, 7, 0));
    const fgo_se2 step = fgo_se2_from_angle(1, 0, 0), wrong = fgo_se2_from_angle(-50, 0, 0);
    assert_ok(fgo_graph_add_factor(g, &fgo_between_se2, (int64_t[]){ 0, 3 }, &wrong, fgo_unit(), fgo_no_loss()));
    for (int i = 0; i < 3; i++)
        assert_ok(fgo_graph_add_factor(g, &fgo_between_se2, (int64_t[]){ i, i + 1 }, &step, fgo_unit(), fgo_no_loss()));
    size_t reached;
    assert_ok(fgo_initialize(g, FGO_INIT_ODOMETRY, &reached));
    assert_int_equal(reached, 3);
    for (int i = 0; i < 4; i++) {
        assert_ok(fgo_graph_get_value(g, i, x));
        assert_close(x[0], 7.0 + i, 1e-15); /* from key 0, which stays */
    }
    assert_ok(fgo_graph_get_value(g, 9, x)); /* no factor reaches it */
    assert_true(x[0] == 7.0);
    fgo_graph_free(g);
}

/* It starts at what is held, and at priors, and walks edges backwards. */
static void test_starts(UNUSED_STATE)
{
    (void)state;
    fgo_graph *g;
    double x[4];
    const fgo_se2 step = fgo_se2_from_angle(1, 0, 0), at = fgo_se2_from_angle(10, 5, 0);
    for (int prior = 0; prior < 2; prior++) {
        assert_ok(fgo_graph_create(&g));
        for (int i = 0; i < 4; i++) assert_ok(fgo_graph_add_se2(g, i, i == 2 && !prior ? 10 : 0, i == 2 && !prior ? 5 : 0, 0));
        for (int i = 0; i < 3; i++)
            assert_ok(fgo_graph_add_factor(g, &fgo_between_se2, (int64_t[]){ i, i + 1 }, &step, fgo_unit(), fgo_no_loss()));
        if (prior) assert_ok(fgo_graph_add_factor(g, &fgo_prior_se2, (int64_t[]){ 2 }, &at, fgo_unit(), fgo_no_loss()));
        else assert_ok(fgo_graph_hold(g, 2));
        assert_ok(fgo_initialize(g, FGO_INIT_ODOMETRY, NULL));
        for (int i = 0; i < 4; i++) {
            assert_ok(fgo_graph_get_value(g, i, x));
            assert_close(x[0], 8.0 + i, 1e-14);
            assert_close(x[1], 5.0, 1e-14);
        }
        fgo_graph_free(g);
    }
}

static void test_wrong(UNUSED_STATE)
{
    (void)state;
    fgo_graph *g;
    assert_ok(fgo_graph_create(&g));
    assert_ok(fgo_initialize(g, FGO_INIT_ODOMETRY, NULL)); /* an empty graph is fine */
    assert_int_equal(fgo_initialize(g, (fgo_init)77, NULL), FGO_ERROR_ARGUMENT);
    assert_int_equal(fgo_initialize(NULL, FGO_INIT_FILE, NULL), FGO_ERROR_ARGUMENT);
    assert_string_equal(fgo_init_name(FGO_INIT_ODOMETRY), "odometry");
    assert_null(fgo_init_name((fgo_init)77));
    fgo_graph_free(g);
}

int main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(test_exact), cmocka_unit_test(test_neighbours_first),
                                        cmocka_unit_test(test_starts), cmocka_unit_test(test_wrong) };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
