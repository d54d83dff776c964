/* SPDX-License-Identifier: BSD-3-Clause */
/* test_refusals.c -- what is asked wrongly: every function refuses NULL where it needs more, names itself, leaves the graph as
 * it was; a factor that cannot be evaluated is named by all who meet it. */
#include "support.h"

static fgo_graph *small_graph(void)
{
    rng r = { 9 };
    return exact_graph(&r, &fgo_manifold_se3, &fgo_between_se3, 5, 3, 0.1, NULL);
}

/* The call is refused with a message that begins with the function's name and says what `why` says. */
static void refused(fgo_status got, const char *function, const char *why, int line)
{
    const char *message = fgo_last_message();
    if (got == FGO_ERROR_ARGUMENT && !strncmp(message, function, strlen(function)) && strstr(message, why)) return;
    print_error("line %d: %s gave %s (%s)\n", line, function, fgo_status_text(got), message);
    fail();
}
#define REFUSED(function, ...) refused(function(__VA_ARGS__), #function, "NULL argument", __LINE__)

static void check_graph_functions(fgo_graph *g)
{
    const double t[3] = { 0 }, q[4] = { 0, 0, 0, 1 };
    const int64_t key[2] = { 0, 1 };
    const double z[12] = { 0 };
    double number[64];
    fgo_factor_group group;
    REFUSED(fgo_graph_add_variable, NULL, 9, &fgo_manifold_se3, q);
    REFUSED(fgo_graph_add_variable, g, 9, &fgo_manifold_se3, NULL);
    REFUSED(fgo_graph_add_se3, g, 9, NULL, q);
    REFUSED(fgo_graph_add_se3, g, 9, t, NULL);
    REFUSED(fgo_graph_add_se3, NULL, 9, t, NULL);
    REFUSED(fgo_graph_add_variables, NULL, &fgo_manifold_se3, 1, key, q);
    REFUSED(fgo_graph_add_variables, g, NULL, 1, key, q);
    REFUSED(fgo_graph_add_variables, g, &fgo_manifold_se3, 1, NULL, q);
    REFUSED(fgo_graph_add_variables, g, &fgo_manifold_se3, 1, key, NULL);
    REFUSED(fgo_graph_add_factor, NULL, &fgo_between_se3, key, z, fgo_noise_unit(), fgo_loss_none());
    REFUSED(fgo_graph_add_factor, g, NULL, key, z, fgo_noise_unit(), fgo_loss_none());
    REFUSED(fgo_graph_add_factor, g, &fgo_between_se3, NULL, z, fgo_noise_unit(), fgo_loss_none());
    REFUSED(fgo_graph_add_factor, g, &fgo_between_se3, key, NULL, fgo_noise_unit(), fgo_loss_none());
    REFUSED(fgo_graph_add_factors, NULL, &fgo_between_se3, 1, key, z, fgo_noise_unit(), 0, fgo_loss_none());
    REFUSED(fgo_graph_add_factors, g, NULL, 1, key, z, fgo_noise_unit(), 0, fgo_loss_none());
    REFUSED(fgo_graph_add_factors, g, &fgo_between_se3, 1, NULL, z, fgo_noise_unit(), 0, fgo_loss_none());
    REFUSED(fgo_graph_add_factors, g, &fgo_between_se3, 1, key, NULL, fgo_noise_unit(), 0, fgo_loss_none());
    REFUSED(fgo_graph_set_values, NULL, number);
    REFUSED(fgo_graph_set_values, g, NULL);
    REFUSED(fgo_graph_group, NULL, 0, &group);
    REFUSED(fgo_graph_group, g, 0, NULL);
    REFUSED(fgo_graph_cost, NULL, number);
    REFUSED(fgo_graph_cost, g, NULL);
    REFUSED(fgo_graph_residual, NULL, 0, number);
    REFUSED(fgo_graph_residual, g, 0, NULL);
    REFUSED(fgo_graph_chi2, NULL, 0, number);
    REFUSED(fgo_graph_chi2, g, 0, NULL);
    REFUSED(fgo_graph_gradient, NULL, number);
    REFUSED(fgo_graph_gradient, g, NULL);
    REFUSED(fgo_graph_evaluate_group, NULL, 0, FGO_WEIGHTING_LOSS, number, NULL);
    REFUSED(fgo_graph_evaluate_group, g, 0, FGO_WEIGHTING_LOSS, NULL, number);
}

static void check_other_functions(fgo_graph *g)
{
    fgo_graph *copy = g;
    fgo_comparison comparison;
    fgo_file_report report;
    fgo_findings *findings;
    fgo_covariance *covariance;
    fgo_options o;
    fgo_loss loss;
    fgo_weights weights;
    size_t i, j, count;
    double number[64];
    REFUSED(fgo_graph_copy, NULL, &copy);
    REFUSED(fgo_graph_copy, g, NULL);
    assert_ptr_equal(copy, g);
    REFUSED(fgo_graph_compare, g, NULL, NULL, &comparison, NULL);
    REFUSED(fgo_graph_compare, g, g, NULL, NULL, NULL);
    REFUSED(fgo_match_times, NULL, 1, number, 1, 0, 1, &i, &j, &count);
    REFUSED(fgo_match_times, number, 1, NULL, 1, 0, 1, &i, &j, &count);
    REFUSED(fgo_match_times, number, 1, number, 1, 0, 1, NULL, &j, &count);
    REFUSED(fgo_match_times, number, 1, number, 1, 0, 1, &i, NULL, &count);
    REFUSED(fgo_match_times, number, 1, number, 1, 0, 1, &i, &j, NULL);
    REFUSED(fgo_graph_chi2_in, NULL, FGO_CONVENTION_G2O, number);
    REFUSED(fgo_graph_chi2_in, g, FGO_CONVENTION_G2O, NULL);
    REFUSED(fgo_graph_chi2_in, g, (fgo_convention)-1, number);
    REFUSED(fgo_graph_chi2_in, g, (fgo_convention)(FGO_CONVENTION_CERES + 1), number);
    REFUSED(fgo_graph_file_report, NULL, &report);
    REFUSED(fgo_graph_file_report, g, NULL);
    REFUSED(fgo_graph_examine, NULL, FGO_DOCTOR_ALL, 0.01, &findings);
    REFUSED(fgo_graph_examine, g, FGO_DOCTOR_ALL, 0.01, NULL);
    REFUSED(fgo_graph_examine, g, 0, 0.01, &findings);
    REFUSED(fgo_graph_examine, g, FGO_DOCTOR_ALL, 0, &findings);
    REFUSED(fgo_graph_examine, g, FGO_DOCTOR_ALL, 1, &findings);
    REFUSED(fgo_graph_redundancy, NULL, 1, number);
    REFUSED(fgo_graph_redundancy, g, 1, NULL);
    REFUSED(fgo_covariance_create, NULL, 1, &covariance);
    REFUSED(fgo_covariance_create, g, 1, NULL);
    REFUSED(fgo_option_set, NULL, "method", "lm");
    REFUSED(fgo_option_set, &o, NULL, "lm");
    REFUSED(fgo_option_set, &o, "method", NULL);
    REFUSED(fgo_loss_parse, NULL, &loss);
    REFUSED(fgo_loss_parse, "huber", NULL);
    REFUSED(fgo_weights_parse, NULL, &weights);
    REFUSED(fgo_weights_parse, "", NULL);
}

static void check_solver_functions(fgo_graph *g, fgo_solver *s)
{
    const int64_t *keys;
    size_t count;
    fgo_sparsity *sparsity;
    REFUSED(fgo_solver_create, NULL, NULL, &s);
    REFUSED(fgo_solver_create, g, NULL, NULL);
    REFUSED(fgo_solver_order_last, NULL, NULL, 0);
    REFUSED(fgo_solver_order_last, s, NULL, 1);
    REFUSED(fgo_solver_elimination_order, NULL, &keys, &count);
    REFUSED(fgo_solver_elimination_order, s, NULL, &count);
    REFUSED(fgo_solver_elimination_order, s, &keys, NULL);
    REFUSED(fgo_solver_sparsity, NULL, &sparsity);
    REFUSED(fgo_solver_sparsity, s, NULL);
}

static void test_null(UNUSED_STATE)
{
    (void)state;
    fgo_graph *g = small_graph();
    fgo_solver *s;
    double before, after;
    assert_ok(fgo_graph_cost(g, &before));
    assert_ok(fgo_solver_create(g, NULL, &s));
    check_graph_functions(g);
    check_other_functions(g);
    check_solver_functions(g, s);
    assert_int_equal(fgo_graph_variable_count(g), 5);
    assert_ok(fgo_graph_cost(g, &after));
    assert_true(before == after);
    assert_non_null(strstr(fgo_last_message(), "NULL argument")); /* the graph has kept the last of those it was given */
    assert_ok(fgo_solver_solve(s, NULL));
    fgo_solver_free(s);
    fgo_graph_free(g);
}

/* What lies outside of a table, an enumeration or a limit. */
static void test_out_of_range(UNUSED_STATE)
{
    (void)state;
    fgo_graph *g = small_graph();
    double number[64];
    fgo_factor_group group;
    fgo_options o = fgo_options_default();
    assert_int_equal(fgo_graph_residual(g, 99, number), FGO_ERROR_ARGUMENT);
    assert_non_null(strstr(fgo_last_message(), "no factor 99"));
    assert_int_equal(fgo_graph_group(g, 99, &group), FGO_ERROR_ARGUMENT);
    for (int w = -1; w <= FGO_WEIGHTING_LOSS + 1; w += FGO_WEIGHTING_LOSS + 2)
        assert_int_equal(fgo_graph_evaluate_group(g, 0, (fgo_weighting)w, number, NULL), FGO_ERROR_ARGUMENT);
    fgo_iteration record;
    o.records = &record;
    o.record_capacity = -1;
    assert_int_equal(fgo_solve(g, &o, NULL), FGO_ERROR_ARGUMENT);
    assert_non_null(strstr(fgo_last_message(), "record_capacity"));
    o.record_capacity = 0; /* room for none is no mistake */
    assert_ok(fgo_solve(g, &o, NULL));
    for (int part = 0; part < 4; part++) { /* a class without a name or function, with too many variables or rows */
        fgo_factor_class c = fgo_between_se3;
        if (part == 0) c.name = NULL;
        if (part == 1) c.evaluate = NULL;
        if (part == 2) c.arity = FGO_MAX_ARITY + 1;
        if (part == 3) c.rows = FGO_MAX_DIMENSION + 1;
        assert_int_equal(fgo_graph_add_factor(g, &c, (int64_t[]){ 0, 1 }, number, fgo_noise_unit(), fgo_loss_none()),
                         FGO_ERROR_ARGUMENT);
        assert_non_null(strstr(fgo_last_message(), part ? c.name : "(no name)"));
    }
    assert_string_equal(fgo_status_text((fgo_status)-99), "unknown status");
    assert_string_equal(fgo_status_text((fgo_status)1), "unknown status");
    fgo_graph_free(g);
}

/* e = x, which fails at the factor whose measurement is 1, and is infinite where that is 2. */
static int failing(const fgo_factor_class *self, size_t count, const double *const *x, const void *z, double *e, double *J)
{
    (void)self;
    for (size_t f = 0; f < count; f++) {
        const double kind = ((const double *)z)[f];
        if (kind == 1) return -1;
        e[f] = kind == 2 ? INFINITY : x[f][0];
        if (J) J[f] = 1;
    }
    return 0;
}

static void test_the_factor_is_named(UNUSED_STATE)
{
    (void)state;
    static const fgo_factor_class c = { .abi = FGO_FACTOR_ABI,
                                        .arity = 1,
                                        .rows = 1,
                                        .partials = 1,
                                        .name = "failing",
                                        .evaluate = failing,
                                        .variable = { { "R1", 1 } },
                                        .gauge = FGO_GAUGE_ABSOLUTE,
                                        .measurement_size = sizeof(double) };
    enum { FACTORS = 700, BAD = 430 }; /* in a run of many, not the first */
    for (double kind = 1; kind <= 2; kind++) {
        double one, gradient[FACTORS], e[FACTORS];
        fgo_graph *g;
        fgo_summary summary;
        assert_ok(fgo_graph_create(&g));
        for (int i = 0; i < FACTORS; i++) {
            assert_ok(fgo_graph_add_rn(g, 1000 + i, 1, (double[]){ 3 }));
            assert_ok(fgo_graph_add_factor(g, &c, (int64_t[]){ 1000 + i }, i == BAD ? &kind : (double[]){ 0 }, fgo_noise_unit(),
                                           fgo_loss_none()));
        }
        const fgo_status status[] = { fgo_graph_cost(g, &one),
                                      fgo_graph_gradient(g, gradient),
                                      fgo_graph_residual(g, BAD, &one),
                                      fgo_graph_chi2(g, BAD, &one),
                                      fgo_graph_evaluate_group(g, 0, FGO_WEIGHTING_LOSS, e, NULL),
                                      fgo_graph_evaluate_group(g, 0, FGO_WEIGHTING_NOISE, e, NULL),
                                      fgo_graph_evaluate_group(g, 0, FGO_WEIGHTING_NONE, e, NULL) };
        for (size_t i = 0; i < sizeof status / sizeof *status; i++) assert_int_equal(status[i], FGO_ERROR_EVALUATE);
        for (int call = 0; call < 3; call++) {
            const fgo_status again = call == 0   ? fgo_graph_cost(g, &one)
                                     : call == 1 ? fgo_graph_evaluate_group(g, 0, FGO_WEIGHTING_NONE, e, NULL)
                                                 : fgo_graph_residual(g, BAD, &one);
            assert_int_equal(again, FGO_ERROR_EVALUATE);
            assert_string_equal(fgo_last_message(), "factor 430 (failing, first variable 1430) cannot be evaluated");
        }
        assert_ok(fgo_graph_residual(g, BAD + 1, &one));
        assert_true(one == 3);
        assert_ok(fgo_solve(g, NULL, &summary));
        assert_int_equal(summary.termination, FGO_TERMINATION_FAILED_COST);
        fgo_graph_free(g);
    }
}

/* The library says what it is and under which licence. */
static void test_what_it_is(UNUSED_STATE)
{
    (void)state;
    assert_string_equal(fgo_version(), FGO_VERSION);
    assert_int_equal(strncmp(fgo_license(), "BSD-3-Clause", 12), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_null),
        cmocka_unit_test(test_out_of_range),
        cmocka_unit_test(test_the_factor_is_named),
        cmocka_unit_test(test_what_it_is),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
