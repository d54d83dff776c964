/* SPDX-License-Identifier: BSD-3-Clause */
/* test_strategy_auto.c -- the automatic method: up a valley's wall and down again, back to the best estimate where that leads nowhere,
 * and no convergence above the best estimate, for Gauss-Newton neither. */
#include "support.h"

enum { RECORDS = 200 };

/* Solves one R^1 or R^n variable of key 0 with a class, from x, which gets the result. */
static fgo_summary solve(const fgo_factor_class *c, double *x, int method, fgo_iteration *it)
{
    fgo_graph *g;
    fgo_summary s;
    fgo_options o = fgo_options_default();
    o.init = FGO_INIT_KEEP;
    o.method = method;
    o.records = it;
    o.record_capacity = it ? RECORDS : 0;
    assert_ok(fgo_graph_create(&g));
    for (int k = 0; k < c->arity; k++) assert_ok(fgo_graph_add_rn(g, k, 1, &x[k]));
    assert_ok(fgo_graph_add_factor(g, c, (int64_t[]){ 0, 1 }, NULL, fgo_noise_unit(), fgo_loss_none()));
    assert_ok(fgo_solve(g, &o, &s));
    for (int k = 0; k < c->arity; k++) assert_ok(fgo_graph_get_value(g, k, &x[k]));
    fgo_graph_free(g);
    return s;
}

/* H. Rosenbrock's valley: residuals 10 (v - u^2) and 1 - u. */
static int valley(const fgo_factor_class *self, size_t count, const double *const *x, const void *z, double *e, double *J)
{
    (void)self, (void)z;
    for (size_t f = 0; f < count; f++) {
        const double u = x[2 * f][0], v = x[2 * f + 1][0], rows[] = { -20.0 * u, 10.0, -1.0, 0.0 };
        e[2 * f] = 10.0 * (v - u * u);
        e[2 * f + 1] = 1.0 - u;
        if (J) memcpy(J + 4 * f, rows, sizeof rows);
    }
    return 0;
}
static const fgo_factor_class valley_class = { .abi = FGO_FACTOR_ABI,
                                               .arity = 2,
                                               .rows = 2,
                                               .partials = 2,
                                               .name = "valley",
                                               .variable = { { "R1", 1 }, { "R1", 1 } },
                                               .evaluate = valley,
                                               .gauge = FGO_GAUGE_ABSOLUTE };

static void test_over_the_wall(UNUSED_STATE)
{
    (void)state;
    fgo_iteration it[RECORDS];
    double x[2] = { -1.2, 1.0 };
    fgo_summary s = solve(&valley_class, x, FGO_METHOD_AUTO, it);
    assert_int_equal(fgo_termination_class(s.termination), 1);
    assert_true(s.iterations <= 3 && it[1].accepted && it[1].cost > 50.0 * it[0].cost);
    assert_close(x[0], 1.0, 1e-12);
    assert_close(x[1], 1.0, 1e-12);
    double y[2] = { -1.2, 1.0 };
    assert_true(solve(&valley_class, y, FGO_METHOD_LM, NULL).iterations > 10); /* along the valley */
}

/* A residual v whose Jacobian has the wrong sign: full steps double v. */
static int lie(const fgo_factor_class *self, size_t count, const double *const *x, const void *z, double *e, double *J)
{
    (void)self, (void)z;
    for (size_t f = 0; f < count; f++) {
        e[f] = x[f][0];
        if (J) J[f] = -1.0;
    }
    return 0;
}

/* Near 0 the cost is 0.25 and falls slowly to the left, but a step to the model's minimum leads to -10, into the basin of another
 * minimum, -12, whose cost is 1. */
static int trap(const fgo_factor_class *self, size_t count, const double *const *x, const void *z, double *e, double *J)
{
    (void)self, (void)z;
    for (size_t f = 0; f < count; f++) {
        const double v = x[f][0];
        const int far = v < -5.0;
        e[2 * f] = far ? 1.0 : 0.5;
        e[2 * f + 1] = far ? v + 12.0 : 0.05 * v + 0.01;
        if (J) J[2 * f] = 0.0, J[2 * f + 1] = far ? 1.0 : 0.001;
    }
    return 0;
}

static fgo_factor_class
scalar_class(int (*evaluate)(const fgo_factor_class *, size_t, const double *const *, const void *, double *, double *), int rows)
{
    return (fgo_factor_class){ .abi = FGO_FACTOR_ABI,
                               .arity = 1,
                               .rows = rows,
                               .partials = 1,
                               .name = "scalar",
                               .variable = { { "R1", 1 } },
                               .evaluate = evaluate,
                               .gauge = FGO_GAUGE_ABSOLUTE };
}

static void test_back_to_the_best(UNUSED_STATE)
{
    (void)state;
    const fgo_factor_class c = scalar_class(lie, 1);
    fgo_iteration it[RECORDS];
    double x = 5.0;
    fgo_summary s = solve(&c, &x, FGO_METHOD_AUTO, it);
    assert_int_equal(s.termination, FGO_TERMINATION_FAILED_DIVERGED);
    assert_true(x == 5.0 && s.cost_final == s.cost_initial);
    int full = 0;
    while (it[full + 1].accepted) full++;
    assert_true(full >= 2 && full <= 8 && it[full].cost > it[0].cost);
    for (int i = full + 1; i < s.records; i++) assert_true(!it[i].accepted && it[i].cost == it[0].cost);
    assert_true(it[full + 1].lambda == 0.0 && it[full + 2].lambda == 1e-4);
}

static void test_no_convergence_above_the_best(UNUSED_STATE)
{
    (void)state;
    const fgo_factor_class c = scalar_class(trap, 2);
    double x = 0.0;
    fgo_summary s = solve(&c, &x, FGO_METHOD_GN, NULL);
    assert_int_equal(s.termination, FGO_TERMINATION_FAILED_DIVERGED);
    assert_true(x == 0.0 && s.cost_final == s.cost_initial);
    s = solve(&c, &x, FGO_METHOD_AUTO, NULL);
    assert_true(s.cost_final < s.cost_initial && x > -5.0);
}

/* Tolerances of zero end where rounding is all that is left, for every method. */
static void test_zero_tolerances(UNUSED_STATE)
{
    (void)state;
    rng r = { 5 };
    for (int method = 0; fgo_method_name((fgo_method)method); method++)
        for (int t = 0; t < 20; t++) {
            fgo_graph *g = exact_graph(&r, &fgo_manifold_se2, &fgo_between_se2, 20, 20, 0.02, NULL);
            fgo_options o = fgo_options_default();
            fgo_summary s;
            if (t % 2) { /* a cost that is not 0 */
                double z[4];
                memcpy(z, fgo_graph_factor_measurement(g, 25), sizeof z);
                z[0] += 0.05;
                assert_ok(fgo_graph_set_measurement(g, 25, z));
            }
            o.method = method;
            o.cost_tolerance = o.step_tolerance = o.gradient_tolerance = 0.0;
            assert_ok(fgo_solve(g, &o, &s));
            assert_int_equal(fgo_termination_class(s.termination), 1);
            fgo_graph_free(g);
        }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_over_the_wall),
        cmocka_unit_test(test_back_to_the_best),
        cmocka_unit_test(test_no_convergence_above_the_best),
        cmocka_unit_test(test_zero_tolerances),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
