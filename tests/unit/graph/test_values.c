/* SPDX-License-Identifier: BSD-3-Clause */
/* test_values.c -- values beside a graph's own: kept, compared, exchanged, refused where they do not fit. */
#include "support.h"
#include <fgopt/arrays.h>

static fgo_graph *some_graph(uint64_t seed)
{
    rng r = { seed };
    return exact_graph(&r, &fgo_manifold_se3, &fgo_between_se3, 15, 10, 0.1, NULL);
}

static void test_keep_and_go_back(UNUSED_STATE)
{
    (void)state;
    fgo_graph *g = some_graph(1);
    fgo_values *before = NULL, *copy = NULL;
    fgo_summary s;
    size_t n, m;
    double cost, moved = -1, back = -1;
    int64_t key = -1;
    assert_ok(fgo_graph_cost(g, &cost));
    assert_ok(fgo_values_create(g, &before));
    assert_ok(fgo_values_distance(g, before, NULL, &moved, &key));
    assert_true(moved < 1e-15);
    assert_ok(fgo_solve(g, NULL, &s));
    assert_ok(fgo_values_distance(g, before, NULL, &moved, &key));
    assert_true(moved > 0.05);
    assert_ok(fgo_graph_cost_at(g, before, &back));
    assert_true(back == cost);
    assert_ok(fgo_values_copy(before, &copy));
    const double *mine = fgo_values_data(before, &m), *solved = fgo_graph_values(g, &n);
    assert_int_equal(n, m);
    assert_ok(fgo_graph_swap_values(g, before));
    assert_ptr_equal(fgo_graph_values(g, NULL), mine); /* nothing was copied */
    assert_ptr_equal(fgo_values_data(before, NULL), solved);
    assert_ok(fgo_graph_cost(g, &back));
    assert_true(back == cost);
    assert_ok(fgo_graph_load_values(g, before)); /* forth again, by copying */
    assert_ok(fgo_graph_cost(g, &back));
    assert_true(back == s.cost_final);
    assert_ok(fgo_values_store(before, g));
    assert_ok(fgo_values_distance(g, before, copy, &back, NULL));
    assert_close(back, moved, 1e-12);
    fgo_values_free(before);
    fgo_values_free(copy);
    fgo_values_free(NULL);
    fgo_graph_free(g);
}

/* The distance is the largest of all variables, each in its own tangent space. */
static void test_distance(UNUSED_STATE)
{
    (void)state;
    fgo_graph *g = some_graph(2);
    fgo_values *v = NULL;
    double x[7], largest = 0, delta[6] = { 0.3, 0, 0, 0, 0, 0.4 };
    int64_t key = -1;
    assert_ok(fgo_values_create(g, &v));
    assert_ok(fgo_values_get(v, g, 11, x));
    fgo_manifold_se3.retract(&fgo_manifold_se3, x, delta, x);
    assert_ok(fgo_values_set(v, g, 11, x));
    assert_ok(fgo_values_distance(g, v, NULL, &largest, &key));
    assert_int_equal(key, 11);
    assert_close(largest, 0.5, 1e-12);
    x[3] *= 3, x[4] *= 3, x[5] *= 3, x[6] *= 3; /* brought onto the manifold */
    assert_ok(fgo_values_set(v, g, 11, x));
    assert_ok(fgo_values_distance(g, v, NULL, &largest, NULL));
    assert_close(largest, 0.5, 1e-12);
    assert_int_equal(fgo_values_set(v, g, 11, (double[7]){ 0 }), FGO_ERROR_ARGUMENT); /* no quaternion */
    assert_int_equal(fgo_values_set(v, g, 11, (double[7]){ (double)NAN, 0, 0, 0, 0, 0, 1 }), FGO_ERROR_ARGUMENT);
    assert_ok(fgo_values_distance(g, v, NULL, &largest, NULL));
    assert_close(largest, 0.5, 1e-12);
    assert_int_equal(fgo_values_get(v, g, 99, x), FGO_ERROR_KEY);
    fgo_values_free(v);
    fgo_graph_free(g);
}

static void test_fit(UNUSED_STATE)
{
    (void)state;
    fgo_graph *g = some_graph(3), *copy = NULL, *twin = some_graph(4); /* the same keys, other values */
    fgo_values *v = NULL;
    double cost, x[7];
    assert_ok(fgo_values_create(g, &v));
    assert_ok(fgo_graph_copy(g, &copy));
    assert_true(fgo_values_fit(v, g) && fgo_values_fit(v, copy) && fgo_values_fit(v, twin));
    assert_ok(fgo_graph_remove_factor(g, 3)); /* factors are no matter of values */
    assert_true(fgo_values_fit(v, g));
    assert_ok(fgo_graph_get_value(g, 14, x));
    assert_ok(fgo_graph_remove_variable(g, 14));
    assert_false(fgo_values_fit(v, g));
    assert_int_equal(fgo_graph_swap_values(g, v), FGO_ERROR_ARGUMENT);
    assert_int_equal(fgo_graph_load_values(g, v), FGO_ERROR_ARGUMENT);
    assert_int_equal(fgo_values_store(v, g), FGO_ERROR_ARGUMENT);
    assert_int_equal(fgo_graph_cost_at(g, v, &cost), FGO_ERROR_ARGUMENT);
    assert_int_equal(fgo_values_get(v, g, 1, x), FGO_ERROR_ARGUMENT);
    assert_int_equal(fgo_values_set(v, g, 1, x), FGO_ERROR_ARGUMENT);
    assert_int_equal(fgo_values_distance(g, v, NULL, NULL, NULL), FGO_ERROR_ARGUMENT);
    assert_ok(fgo_graph_add_variable(g, 15, &fgo_manifold_se3, x)); /* as many numbers, another key */
    assert_false(fgo_values_fit(v, g));
    assert_ok(fgo_graph_remove_variable(g, 15));
    assert_ok(fgo_graph_add_rn(g, 14, 7, x)); /* as many numbers, another manifold */
    assert_false(fgo_values_fit(v, g));
    assert_ok(fgo_graph_remove_variable(g, 14));
    assert_ok(fgo_graph_add_variable(g, 14, &fgo_manifold_se3, x));
    assert_true(fgo_values_fit(v, g));
    assert_false(fgo_values_fit(NULL, g) || fgo_values_fit(v, NULL));
    fgo_values_free(v);
    fgo_graph_free(g);
    fgo_graph_free(copy);
    fgo_graph_free(twin);
}

/* Values that cannot be evaluated are said to be so; the graph's own stay what they are. */
static void test_cost_of_bad_values(UNUSED_STATE)
{
    (void)state;
    fgo_graph *g = some_graph(5);
    fgo_values *v = NULL;
    double cost = -1;
    assert_ok(fgo_values_create(g, &v));
    fgo_values_data(v, NULL)[0] = (double)INFINITY;
    assert_int_equal(fgo_graph_cost_at(g, v, &cost), FGO_ERROR_EVALUATE);
    assert_true(cost == -1);
    assert_ok(fgo_graph_cost(g, &cost));
    fgo_values_free(v);
    fgo_graph_free(g);
}

static void test_no_variables(UNUSED_STATE)
{
    (void)state;
    fgo_graph *g = NULL;
    fgo_values *v = NULL;
    double largest = -1;
    int64_t key = 77;
    assert_ok(fgo_graph_create(&g));
    assert_ok(fgo_values_create(g, &v));
    assert_ok(fgo_graph_swap_values(g, v));
    assert_ok(fgo_values_distance(g, v, NULL, &largest, &key));
    assert_true(largest == 0 && key == 77);
    assert_int_equal(fgo_values_create(NULL, &v), FGO_ERROR_ARGUMENT);
    assert_int_equal(fgo_values_create(g, NULL), FGO_ERROR_ARGUMENT);
    assert_int_equal(fgo_values_copy(NULL, &v), FGO_ERROR_ARGUMENT);
    assert_null(fgo_values_data(NULL, NULL));
    fgo_values_free(v);
    fgo_graph_free(g);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_keep_and_go_back),   cmocka_unit_test(test_distance),     cmocka_unit_test(test_fit),
        cmocka_unit_test(test_cost_of_bad_values), cmocka_unit_test(test_no_variables),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
