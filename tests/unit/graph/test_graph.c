/* SPDX-License-Identifier: BSD-3-Clause */
/* test_graph.c -- building graphs: keys, values, holds, factors, and every way to get it wrong. */
#include "linear_factor.h"
#include "support.h"
#include <limits.h>

static const double identity7[7] = { 0, 0, 0, 0, 0, 0, 1 };

static void test_variables(UNUSED_STATE)
{
    (void)state;
    fgo_graph *g;
    double x[8];
    size_t index;
    assert_ok(fgo_graph_create(&g));
    assert_ok(fgo_graph_add_se2(g, INT64_MIN, 1, 2, 0.5));
    assert_ok(fgo_graph_add_so2(g, INT64_MAX, -3.0));
    assert_ok(fgo_graph_add_rn(g, -1, 8, (double[]){ 1, 2, 3, 4, 5, 6, 7, 8 }));
    assert_ok(fgo_graph_add_so3(g, 0, (double[]){ 0, 0, 2, 0 }));
    assert_ok(fgo_graph_add_se3(g, 5, (double[]){ 1, 2, 3 }, (double[]){ 0, 3, 0, 4 }));
    assert_int_equal(fgo_graph_variable_count(g), 5);
    assert_int_equal(fgo_graph_tangent_dimension(g), 3 + 1 + 8 + 3 + 6);
    assert_ok(fgo_graph_get_value(g, 5, x));
    assert_close(x[4], 0.6, 1e-15); /* normalized */
    assert_close(x[6], 0.8, 1e-15);
    assert_ok(fgo_graph_get_value(g, INT64_MIN, x));
    assert_close(atan2(x[3], x[2]), 0.5, 1e-15);
    assert_ok(fgo_graph_find(g, -1, &index));
    assert_int_equal(index, 2);
    assert_string_equal(fgo_graph_variable_manifold(g, index)->name, "R8");
    assert_int_equal(fgo_graph_variable_key(g, 1), INT64_MAX);
    assert_int_equal(fgo_graph_variable_tangent_offset(g, 3), 12);
    /* a value may come from the graph itself, whose arrays move */
    for (int i = 100; i < 200; i++)
        assert_ok(fgo_graph_add_variable(g, i, fgo_graph_variable_manifold(g, 0), fgo_graph_variable_value(g, 0)));
    assert_memory_equal(fgo_graph_variable_value(g, 104), fgo_graph_variable_value(g, 0), 4 * sizeof(double));
    fgo_graph_free(g);
    fgo_graph_free(NULL);
}

/* What fails leaves the graph as it was, with a message that names the culprit. */
static void test_wrong_variables(UNUSED_STATE)
{
    (void)state;
    fgo_graph *g;
    fgo_manifold m = fgo_manifold_se2;
    double x[4] = { 0, 0, 1, 0 };
    assert_ok(fgo_graph_create(&g));
    assert_string_equal(fgo_last_message(), "");
    assert_ok(fgo_graph_add_se2(g, 3, 0, 0, 0));
    assert_int_equal(fgo_graph_add_se2(g, 3, 1, 1, 1), FGO_ERROR_KEY);
    assert_string_equal(fgo_last_message(), "variable 3 exists already");
    assert_int_equal(fgo_graph_add_se2(g, 4, NAN, 0, 0), FGO_ERROR_ARGUMENT);
    assert_int_equal(fgo_graph_add_se2(g, 4, 0, 0, INFINITY), FGO_ERROR_ARGUMENT);
    assert_int_equal(fgo_graph_add_so3(g, 4, (double[]){ 0, 0, 0, 0 }), FGO_ERROR_ARGUMENT);
    assert_non_null(strstr(fgo_last_message(), "cannot be normalized"));
    assert_int_equal(fgo_graph_add_rn(g, 4, 0, x), FGO_ERROR_ARGUMENT);
    assert_int_equal(fgo_graph_add_rn(g, 4, FGO_MAX_DIMENSION + 1, x), FGO_ERROR_ARGUMENT);
    m.tangent = 0;
    assert_int_equal(fgo_graph_add_variable(g, 4, &m, x), FGO_ERROR_ARGUMENT);
    m = fgo_manifold_se2, m.retract = NULL;
    assert_int_equal(fgo_graph_add_variable(g, 4, &m, x), FGO_ERROR_ARGUMENT);
    assert_int_equal(fgo_graph_add_variable(g, 4, NULL, x), FGO_ERROR_ARGUMENT);
    assert_int_equal(fgo_graph_set_value(g, 9, x), FGO_ERROR_KEY);
    assert_int_equal(fgo_graph_set_value(g, 3, (double[]){ 0, 0, 0, 0 }), FGO_ERROR_ARGUMENT);
    assert_int_equal(fgo_graph_get_value(g, 9, x), FGO_ERROR_KEY);
    assert_int_equal(fgo_graph_variable_count(g), 1);
    assert_ok(fgo_graph_get_value(g, 3, x));
    assert_true(x[0] == 0 && x[2] == 1);
    fgo_graph_free(g);
    assert_int_equal(fgo_graph_create(NULL), FGO_ERROR_ARGUMENT);
}

static void test_holds(UNUSED_STATE)
{
    (void)state;
    fgo_graph *g;
    assert_ok(fgo_graph_create(&g));
    assert_ok(fgo_graph_add_se2(g, 0, 0, 0, 0));
    assert_int_equal(fgo_graph_variable_held(g, 0), 0);
    assert_ok(fgo_graph_hold_dof(g, 0, 2));
    assert_ok(fgo_graph_hold_dof(g, 0, 2));
    assert_int_equal(fgo_graph_variable_held(g, 0), 1);
    assert_ok(fgo_graph_hold(g, 0));
    assert_int_equal(fgo_graph_variable_held(g, 0), 3);
    assert_ok(fgo_graph_release_dof(g, 0, 0));
    assert_int_equal(fgo_graph_variable_held(g, 0), 2);
    assert_ok(fgo_graph_release(g, 0));
    assert_int_equal(fgo_graph_variable_held(g, 0), 0);
    assert_int_equal(fgo_graph_hold_dof(g, 0, 3), FGO_ERROR_ARGUMENT);
    assert_int_equal(fgo_graph_hold_dof(g, 0, -1), FGO_ERROR_ARGUMENT);
    assert_int_equal(fgo_graph_hold(g, 1), FGO_ERROR_KEY);
    fgo_graph_free(g);
}

static void test_factors(UNUSED_STATE)
{
    (void)state;
    fgo_graph *g;
    fgo_factor_class prior;
    int64_t keys[2];
    double Omega[36], e[6], chi2, cost;
    fgo_loss loss;
    rng r = { 21 };
    assert_ok(fgo_graph_create(&g));
    for (int i = 0; i < 3; i++) assert_ok(fgo_graph_add_se3(g, 10 * i, (double[]){ i, 0, 0 }, identity7 + 3));
    assert_ok(fgo_graph_add_rn(g, 7, 2, (double[]){ 3, 4 }));
    assert_ok(fgo_prior_rn(2, &prior));
    const fgo_se3 z = { { 1.5, 0, 0 }, { 0, 0, 0, 1 } };
    double given[36];
    random_information(&r, 6, 10.0, given);
    assert_ok(
        fgo_graph_add_factor(g, &fgo_between_se3, (int64_t[]){ 20, 10 }, &z, fgo_noise_information(given), fgo_loss_huber(2.0)));
    assert_ok(fgo_graph_add_factor(g, &prior, (int64_t[]){ 7 }, (double[]){ 0, 0 }, fgo_noise_sigma(2.0), fgo_loss_none()));
    assert_ok(fgo_graph_add_factor(g, &fgo_between_se3, (int64_t[]){ 0, 10 }, &z, fgo_noise_unit(), fgo_loss_none()));
    assert_int_equal(fgo_graph_factor_count(g), 3);
    assert_string_equal(fgo_graph_factor_class(g, 1)->name, "prior_rn");
    assert_null(fgo_graph_factor_class(g, 3));
    assert_ok(fgo_graph_factor_keys(g, 0, keys));
    assert_true(keys[0] == 20 && keys[1] == 10);
    assert_ok(fgo_graph_factor_information(g, 0, Omega));
    for (int i = 0; i < 36; i++) assert_close(Omega[i], given[i], 1e-13);
    assert_memory_equal(fgo_graph_factor_measurement(g, 2), &z, sizeof z);
    assert_ok(fgo_graph_factor_loss(g, 0, &loss));
    assert_true(loss.loss_class == &fgo_loss_class_huber && loss.parameter[0] == 2.0);
    assert_ok(fgo_graph_residual(g, 2, e)); /* 1 metre measured as 1.5 */
    assert_close(e[0], -0.5, 1e-15);
    assert_ok(fgo_graph_chi2(g, 1, &chi2));
    assert_close(chi2, 25.0 / 4.0, 1e-15);
    assert_ok(fgo_graph_set_measurement(g, 1, (double[]){ 3, 4 }));
    assert_ok(fgo_graph_chi2(g, 1, &chi2));
    assert_true(chi2 == 0.0);
    assert_ok(fgo_graph_set_noise(g, 2, fgo_noise_sigma(0.5)));
    assert_ok(fgo_graph_set_all_losses(g, fgo_loss_none()));
    double first;
    assert_ok(fgo_graph_chi2(g, 0, &first));
    assert_ok(fgo_graph_cost(g, &cost));
    assert_close(cost, first + 0.25 / 0.25, 1e-14);
    fgo_graph_free(g);
}

/* Classes of one function that differ only in how their partials are shared out among the variables stay apart. */
static void test_alike_classes(UNUSED_STATE)
{
    (void)state;
    const fgo_factor_class c[2] = { linear_factor(1, 2, (int[]){ 1, 2 }), linear_factor(1, 2, (int[]){ 2, 1 }) };
    const double z[] = { 1, 2, 3, 0 }, wanted[2][3] = { { 1, 2, 3 }, { 3, 1, 2 } }; /* partials of keys 1 and 2 */
    double gradient[6], e;
    fgo_graph *g;
    assert_ok(fgo_graph_create(&g));
    for (int f = 0; f < 2; f++) {
        assert_ok(fgo_graph_add_rn(g, 10 * f + 1, 1, (double[]){ 5 }));
        assert_ok(fgo_graph_add_rn(g, 10 * f + 2, 2, (double[]){ 7, 11 }));
        const int64_t keys[] = { 10 * f + 1, 10 * f + 2, 10 * f + 1 };
        assert_ok(fgo_graph_add_factor(g, &c[f], keys + f, z, fgo_noise_unit(), fgo_loss_none()));
    }
    assert_ok(fgo_graph_gradient(g, gradient));
    for (size_t f = 0; f < 2; f++) {
        assert_ok(fgo_graph_residual(g, f, &e));
        assert_true(e == wanted[f][0] * 5 + wanted[f][1] * 7 + wanted[f][2] * 11);
        for (int i = 0; i < 3; i++) assert_true(gradient[3 * f + (size_t)i] == 2 * e * wanted[f][i]);
    }
    fgo_graph_free(g);
}

static void test_wrong_factors(UNUSED_STATE)
{
    (void)state;
    fgo_graph *g;
    const fgo_se2 z = fgo_se2_from_angle(1, 0, 0);
    fgo_factor_class c = fgo_between_se2;
    double indefinite[9] = { 1, 0, 0, 0, -2, 0, 0, 0, 1 };
    const int64_t pair[2] = { 0, 1 };
    assert_ok(fgo_graph_create(&g));
    assert_ok(fgo_graph_add_se2(g, 0, 0, 0, 0));
    assert_ok(fgo_graph_add_se2(g, 1, 0, 0, 0));
    assert_ok(fgo_graph_add_so2(g, 2, 0));
    assert_int_equal(fgo_graph_add_factor(g, &c, (int64_t[]){ 0, 9 }, &z, fgo_noise_unit(), fgo_loss_none()), FGO_ERROR_KEY);
    assert_string_equal(fgo_last_message(), "between_se2 factor: there is no variable 9");
    assert_int_equal(fgo_graph_add_factor(g, &c, (int64_t[]){ 1, 1 }, &z, fgo_noise_unit(), fgo_loss_none()), FGO_ERROR_KEY);
    assert_int_equal(fgo_graph_add_factor(g, &c, (int64_t[]){ 0, 2 }, &z, fgo_noise_unit(), fgo_loss_none()), FGO_ERROR_TYPE);
    assert_int_equal(fgo_graph_add_factor(g, &c, pair, NULL, fgo_noise_unit(), fgo_loss_none()), FGO_ERROR_ARGUMENT);
    assert_int_equal(fgo_graph_add_factor(g, &c, pair, &z, fgo_noise_information(indefinite), fgo_loss_none()),
                     FGO_ERROR_INFORMATION);
    assert_non_null(strstr(fgo_last_message(),
                           "between_se2 factor 0 1: the information matrix is not positive semi-definite (eigenvalue -2)"));
    assert_int_equal(fgo_graph_add_factor(g, &c, pair, &z, fgo_noise_unit(), fgo_loss_huber(0)), FGO_ERROR_ARGUMENT);
    assert_int_equal(fgo_graph_add_factor(g, &c, pair, &z, fgo_noise_unit(), (fgo_loss){ NULL, { 1 } }), FGO_ERROR_ARGUMENT);
    c.abi = 99;
    assert_int_equal(fgo_graph_add_factor(g, &c, pair, &z, fgo_noise_unit(), fgo_loss_none()), FGO_ERROR_ARGUMENT);
    fgo_factor_class wrong[6];
    for (int i = 0; i < 6; i++) wrong[i] = fgo_between_se2;
    wrong[0].partials = 5;
    wrong[1].name = "";
    wrong[2].gauge = (fgo_gauge)3;
    wrong[3].gauge = (fgo_gauge)-1;
    wrong[4].variable[0].tangent = 0, wrong[4].variable[1].tangent = 6;
    wrong[5].variable[0].tangent = wrong[5].variable[1].tangent = INT_MAX; /* their sum is no int */
    for (int i = 0; i < 6; i++)
        assert_int_equal(fgo_graph_add_factor(g, &wrong[i], pair, &z, fgo_noise_unit(), fgo_loss_none()), FGO_ERROR_ARGUMENT);
    assert_int_equal(fgo_graph_factor_count(g), 0);
    assert_int_equal(fgo_graph_set_loss(g, 0, fgo_loss_none()), FGO_ERROR_ARGUMENT);
    assert_int_equal(fgo_graph_projected_count(g), 0);
    assert_ok(fgo_graph_add_factor(g, &fgo_between_se2, pair, &z, fgo_noise_projected(indefinite), fgo_loss_none()));
    assert_int_equal(fgo_graph_projected_count(g), 1);
    assert_int_equal(fgo_graph_set_noise(g, 0, fgo_noise_information(indefinite)), FGO_ERROR_INFORMATION);
    assert_int_equal(fgo_graph_projected_count(g), 1);
    assert_ok(fgo_graph_set_noise(g, 0, fgo_noise_unit()));
    assert_int_equal(fgo_graph_projected_count(g), 0);
    fgo_graph_free(g);
}

static void test_status_texts(UNUSED_STATE)
{
    (void)state;
    for (int s = FGO_ERROR_SINGULAR; s <= FGO_OK; s++) assert_string_not_equal(fgo_status_text((fgo_status)s), "unknown status");
    assert_string_equal(fgo_status_text((fgo_status)-99), "unknown status");
    assert_string_equal(fgo_status_text((fgo_status)99), "unknown status");
}

int main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(test_variables),     cmocka_unit_test(test_wrong_variables),
                                        cmocka_unit_test(test_holds),         cmocka_unit_test(test_factors),
                                        cmocka_unit_test(test_wrong_factors), cmocka_unit_test(test_alike_classes),
                                        cmocka_unit_test(test_status_texts) };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
