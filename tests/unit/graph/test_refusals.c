/* SPDX-License-Identifier: BSD-3-Clause */
/* test_refusals.c -- what is asked wrongly, beyond what tests/refusals tries of all functions; a factor that cannot be evaluated is
 * named by all who meet it. */
#include "support.h"

static fgo_graph *small_graph(void)
{
    rng r = { 9 };
    return exact_graph(&r, &fgo_manifold_se3, &fgo_between_se3, 5, 3, 0.1, NULL);
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
        cmocka_unit_test(test_out_of_range),
        cmocka_unit_test(test_the_factor_is_named),
        cmocka_unit_test(test_what_it_is),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
