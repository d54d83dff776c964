/* SPDX-License-Identifier: BSD-3-Clause */
/* test_strategy_dogleg.c -- Powell's dogleg (M. J. D. Powell, "A hybrid method for nonlinear equations", 1970; J. Nocedal,
 * S. Wright, "Numerical Optimization", 2nd ed., section 4.1), written against the public header alone: what a user can add. */
#include "base/memory.h"
#include "support.h"
#define main example_of_a_strategy /* the program of docs/extend/strategy.md, with its strategy and its problem */
int example_of_a_strategy(void);
#include "../../extend/strategy.c"
#undef main

/* ---- pose graphs ---- */

enum { MOST_RECORDS = 128 };

static fgo_summary solve(fgo_graph *g, const fgo_strategy_class *c, int linear_solver, fgo_iteration *records)
{
    fgo_options o = fgo_options_default();
    fgo_summary s;
    o.strategy = c;
    o.linear_solver = linear_solver;
    o.cgls_tolerance = 1e-12;
    o.records = records;
    o.record_capacity = records ? MOST_RECORDS : 0;
    assert_ok(fgo_solve(g, &o, &s));
    return s;
}

/* From far away, with every linear solver: to the minimum that Levenberg-Marquardt finds. */
static void test_graphs(UNUSED_STATE)
{
    (void)state;
    for (int linear = 1; fgo_linear_solver_name((fgo_linear_solver)linear); linear++)
        for (uint64_t seed = 1; seed <= 6; seed++) {
            fgo_graph *g[2];
            fgo_summary s[2];
            for (int i = 0; i < 2; i++) {
                rng r = { seed };
                g[i] = seed % 2 ? exact_graph(&r, &fgo_manifold_se2, &fgo_between_se2, 20, 20, 0.3, NULL)
                                : exact_graph(&r, &fgo_manifold_se3, &fgo_between_se3, 12, 12, 0.2, NULL);
                s[i] = solve(g[i], i ? &dogleg_class : NULL, linear, NULL);
                assert_int_equal(fgo_termination_class(s[i].termination), 1);
            }
            assert_close(s[1].cost_final, s[0].cost_final, 1e-9 * (1.0 + s[0].cost_initial));
            fgo_graph_free(g[0]);
            fgo_graph_free(g[1]);
        }
}

/* ---- two unknowns: the valley of the example, and the curve u exp(v t) through points ---- */

static int curve(const fgo_factor_class *self, size_t count, const double *const *x, const void *z, double *e, double *J)
{
    (void)self;
    for (size_t f = 0; f < count; f++) {
        const double t = ((const double *)z)[2 * f], y = ((const double *)z)[2 * f + 1], grown = exp(x[f][1] * t);
        e[f] = x[f][0] * grown - y;
        if (J) J[2 * f] = grown, J[2 * f + 1] = x[f][0] * t * grown;
    }
    return 0;
}
static const fgo_factor_class curve_class = { .abi = FGO_FACTOR_ABI,
                                              .arity = 1,
                                              .rows = 1,
                                              .partials = 2,
                                              .name = "curve",
                                              .evaluate = curve,
                                              .measurement_size = 2 * sizeof(double),
                                              .variable = { { "R2", 2 } },
                                              .gauge = FGO_GAUGE_ABSOLUTE };

static fgo_graph *two_unknowns(const double *start)
{
    fgo_graph *g;
    assert_ok(fgo_graph_create(&g));
    assert_ok(fgo_graph_add_rn(g, 7, 2, start));
    return g;
}

/* The trust region follows the valley; a shortened or rejected step costs no second linear system. */
static void test_valley(UNUSED_STATE)
{
    (void)state;
    const double from[][2] = { { -1.2, 1.0 }, { 5.0, -3.0 }, { 0.0, 0.0 }, { -30.0, 40.0 } };
    for (size_t i = 0; i < sizeof from / sizeof *from; i++) {
        fgo_graph *g = two_unknowns(from[i]);
        fgo_iteration it[MOST_RECORDS];
        assert_ok(fgo_graph_add_factor(g, &valley_class, (int64_t[]){ 7 }, NULL, fgo_noise_unit(), fgo_loss_none()));
        const fgo_summary s = solve(g, &dogleg_class, FGO_LINEAR_AUTO, it);
        assert_int_equal(fgo_termination_class(s.termination), 1);
        assert_true(s.cost_final < 1e-20);
        for (int k = 1; k < s.records; k++) {
            assert_true(it[k].cost <= it[k - 1].cost);
            assert_true(it[k].step_norm <= it[k].lambda * (1.0 + 1e-12)); /* within the trust region */
            if (isfinite(it[k].gain_ratio) && it[k].cost > 1e-16)
                assert_true(it[k].gain_ratio < 1e3); /* the prediction is sane */
            if (!it[k].accepted && k + 1 < s.records) assert_true(it[k + 1].time_factorize_s == 0.0);
        }
        fgo_graph_free(g);
    }
}

static void test_curve(UNUSED_STATE)
{
    (void)state;
    const double start_at[] = { 1.0, 0.0 };
    fgo_graph *g = two_unknowns(start_at);
    rng r = { 3 };
    for (int k = 0; k < 40; k++) {
        const double t = 0.1 * k, point[] = { t, 2.5 * exp(-0.7 * t) + 0.01 * rng_normal(&r) };
        assert_ok(fgo_graph_add_factor(g, &curve_class, (int64_t[]){ 7 }, point, fgo_noise_sigma(0.01), fgo_loss_none()));
    }
    const fgo_summary s = solve(g, &dogleg_class, FGO_LINEAR_AUTO, NULL);
    assert_int_equal(fgo_termination_class(s.termination), 1);
    assert_close(fgo_graph_values(g, NULL)[0], 2.5, 0.05);
    assert_close(fgo_graph_values(g, NULL)[1], -0.7, 0.05);
    fgo_graph_free(g);
}

/* ---- the loop ---- */

/* Nothing is allocated by a second solve, which is the loop alone, of any strategy. */
static void test_allocations(UNUSED_STATE)
{
    (void)state;
    const fgo_strategy_class *own[] = { NULL, NULL, &dogleg_class };
    for (int i = 0; i < 3; i++) {
        rng r = { 5 };
        fgo_graph *g = exact_graph(&r, &fgo_manifold_se2, &fgo_between_se2, 20, 20, 0.3, NULL);
        fgo_options o = fgo_options_default();
        fgo_solver *solver;
        o.method = i % 2;
        o.strategy = own[i];
        assert_ok(fgo_solver_create(g, &o, &solver));
        const size_t before = fgoi_allocation_count();
        assert_ok(fgo_solver_solve(solver, NULL));
        assert_int_equal(fgoi_allocation_count(), before);
        fgo_solver_free(solver);
        fgo_graph_free(g);
    }
}

/* A class that lacks something is refused, before anything is done. */
static void test_incomplete(UNUSED_STATE)
{
    (void)state;
    fgo_graph *g = two_unknowns((double[]){ 0.0, 0.0 });
    fgo_strategy_class c[4] = { dogleg_class, dogleg_class, dogleg_class, dogleg_class };
    c[0].size = 8, c[1].step = NULL, c[2].name = NULL, c[3].vectors = -1;
    for (int i = 0; i < 4; i++) {
        fgo_options o = fgo_options_default();
        fgo_solver *s = NULL;
        o.strategy = &c[i];
        assert_int_equal(fgo_solver_create(g, &o, &s), FGO_ERROR_ARGUMENT);
        assert_null(s);
    }
    fgo_graph_free(g);
}

int main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(test_graphs), cmocka_unit_test(test_valley),
                                        cmocka_unit_test(test_curve), cmocka_unit_test(test_allocations),
                                        cmocka_unit_test(test_incomplete) };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
