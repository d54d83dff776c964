/* SPDX-License-Identifier: BSD-3-Clause */
/* test_solve.c -- fgo_solve finds its own first estimate as the program does; and what is solved, and what covariances and
 * redundancy say, with overrides: as if the graph were changed, which stays as it is. */
#include "analysis/analysis.h"
#include "base/memory.h"
#include "doctor/redundancy.h"
#include "marginal/covariance.h"
#include "optimize/solver.h"
#include "solve/solve.h"
#include "support.h"

/* ---- the first estimate ---- */

static fgo_graph *lost_graph(uint64_t seed)
{
    rng r = { seed };
    return exact_graph(&r, &fgo_manifold_se3, &fgo_between_se3, 80, 60, 2.0, NULL); /* start values that say nothing */
}

static void test_init(UNUSED_STATE)
{
    (void)state;
    for (int init = 0; init <= FGO_INIT_AUTO; init++) {
        fgo_graph *g = lost_graph(7), *copy;
        fgo_init_report report;
        fgo_options o = fgo_options_default();
        fgo_summary s, by_hand;
        assert_int_equal(o.init, FGO_INIT_AUTO);
        assert_ok(fgo_graph_copy(g, &copy));
        o.init = init;
        assert_ok(fgo_solve(g, &o, &s));
        assert_ok(fgo_initialize(copy, (fgo_init)init, &report));
        o.init = FGO_INIT_KEEP;
        assert_ok(fgo_solve(copy, &o, &by_hand));
        assert_true(s.cost_initial == by_hand.cost_initial && s.cost_final == by_hand.cost_final);
        assert_memory_equal(g->x, copy->x, g->x_size * sizeof *g->x);
        assert_int_equal(s.init.chosen, report.chosen);
        assert_string_equal(s.init.reason, report.reason);
        assert_memory_equal(s.init.cost, report.cost, sizeof report.cost);
        if (init != FGO_INIT_KEEP) assert_true(s.cost_final < 1e-9); /* from nowhere it is another minimum */
        fgo_graph_free(copy);
        fgo_graph_free(g);
    }
}

/* The sets whose estimates in the file lead to other minima: 19972 of torus3D, 2060 of MIT. */
static void test_init_of_sets(UNUSED_STATE)
{
    (void)state;
    static const struct {
        const char *name;
        double cost;
    } sets[] = { { "torus3D", 14574.746 }, { "MIT", 41.163 } };
    const char *folder = getenv("FGOPT_DATASETS");
    if (!folder) skip();
    for (size_t i = 0; i < sizeof sets / sizeof *sets; i++) {
        char path[512];
        fgo_graph *g;
        fgo_summary s;
        snprintf(path, sizeof path, "%s/%s.g2o", folder, sets[i].name);
        assert_ok(fgo_graph_read(path, NULL, &g));
        assert_ok(fgo_solve(g, NULL, &s));
        assert_close(s.cost_final, sets[i].cost, 1e-5);
        assert_true(s.init.chosen == FGO_INIT_CHORDAL && fgo_termination_class(s.termination) == 1);
        fgo_graph_free(g);
    }
}

/* A solver that is kept begins where the graph is, whatever the option says. */
static void test_kept_solver(UNUSED_STATE)
{
    (void)state;
    fgo_graph *g = lost_graph(8);
    double cost;
    fgo_solver *solver;
    fgo_summary s;
    assert_ok(fgo_graph_cost(g, &cost));
    assert_ok(fgo_solver_create(g, NULL, &solver));
    assert_ok(fgo_solver_solve(solver, &s));
    assert_true(s.cost_initial == cost && s.init.reason[0] == '\0');
    fgo_solver_free(solver);
    fgo_graph_free(g);
}

/* What is held, wholly or in part, is held by the initialization too. */
static void test_held(UNUSED_STATE)
{
    (void)state;
    for (int init = 0; init <= FGO_INIT_AUTO; init++) {
        rng r = { 9 };
        fgo_graph *g = exact_graph(&r, &fgo_manifold_se2, &fgo_between_se2, 60, 50, 2.0, NULL);
        fgo_options o = fgo_options_default();
        double whole[4], part[4], x[4];
        assert_ok(fgo_graph_hold(g, 30));
        assert_ok(fgo_graph_hold_dof(g, 11, 2));
        assert_ok(fgo_graph_get_value(g, 30, whole));
        assert_ok(fgo_graph_get_value(g, 11, part));
        o.init = init;
        assert_ok(fgo_solve(g, &o, NULL));
        assert_ok(fgo_graph_get_value(g, 30, x));
        assert_memory_equal(x, whole, sizeof x);
        assert_ok(fgo_graph_get_value(g, 11, x));
        assert_memory_equal(x + 2, part + 2, 2 * sizeof *x);
        fgo_graph_free(g);
    }
}

/* An error leaves the values, also what the initialization had found. */
static void test_error(UNUSED_STATE)
{
    (void)state;
    fgo_graph *g = lost_graph(10);
    fgo_options o = fgo_options_default();
    double x[80 * 7];
    memcpy(x, g->x, sizeof x);
    o.init = FGO_INIT_AUTO + 1;
    assert_int_equal(fgo_solve(g, &o, NULL), FGO_ERROR_ARGUMENT);
    assert_non_null(strstr(fgo_last_message(), "init"));
    assert_memory_equal(x, g->x, sizeof x);
    fgo_graph_free(g);
}

/* ---- overrides ---- */

enum { POSES = 40, LOOPS = 60, FACTORS = POSES - 1 + LOOPS };

static fgo_graph *contradictory_graph(rng *r)
{
    fgo_graph *g = exact_graph(r, &fgo_manifold_se2, &fgo_between_se2, POSES, LOOPS, 0.2, NULL);
    for (size_t f = POSES; f < FACTORS; f += 4) assert_ok(fgo_graph_set_measurement(g, f, (double[]){ 1, 1, 0.6, 0.8 }));
    return g;
}

/* Of problem and of the graph that is changed so: the optimum, covariances and redundancy, bit by bit. p's graph stays. */
static void compare(fgoi_problem p, fgo_graph *changed)
{
    double x[4 * POSES], Sigma[2][9], redundancy[2][FACTORS];
    const fgo_graph *g = p.g;
    fgo_graph *before;
    fgo_summary s[2];
    fgo_covariance *c[2];
    memcpy(x, fgoi_problem_values(&p), sizeof x);
    assert_ok(fgo_graph_copy(g, &before));
    assert_ok(fgoi_solve(&p, NULL, x, &s[0]));
    assert_ok(fgo_solve(changed, NULL, &s[1]));
    assert_true(s[0].cost_final == s[1].cost_final && s[0].iterations == s[1].iterations && s[0].init.chosen == s[1].init.chosen);
    assert_memory_equal(x, changed->x, sizeof x);
    p.x = x;
    assert_ok(fgoi_covariance_create(&p, 1, &c[0]));
    assert_ok(fgo_covariance_create(changed, 1, &c[1]));
    for (int i = 0; i < 2; i++) assert_ok(fgo_covariance_marginal(c[i], 20, Sigma[i]));
    assert_memory_equal(Sigma[0], Sigma[1], sizeof *Sigma);
    assert_ok(fgoi_redundancy(&p, 1, redundancy[0]));
    assert_ok(fgo_graph_redundancy(changed, 1, redundancy[1]));
    assert_memory_equal(redundancy[0], redundancy[1], sizeof *redundancy);
    for (int i = 0; i < 2; i++) fgo_covariance_free(c[i]);
    assert_memory_equal(g->x, before->x, g->x_size * sizeof *g->x);
    for (size_t f = 0; f < FACTORS; f++)
        assert_memory_equal(fgoi_group_loss(&g->group[0], f), fgoi_group_loss(&before->group[0], f), sizeof(fgo_loss));
    assert_memory_equal(g->group[0].W, before->group[0].W, FACTORS * fgoi_packed(3) * sizeof(double));
    fgo_graph_free(before);
}

static void test_overrides(UNUSED_STATE)
{
    (void)state;
    rng r = { 20 };
    fgo_graph *g = contradictory_graph(&r), *changed;
    const fgo_loss cauchy = fgo_loss_cauchy(1.0);
    double weight[FACTORS];
    assert_ok(fgo_graph_copy(g, &changed));
    assert_ok(fgo_graph_set_all_losses(changed, cauchy));
    compare((fgoi_problem){ .g = g, .loss = &cauchy }, changed);
    fgo_graph_free(changed);
    assert_ok(fgo_graph_copy(g, &changed));
    for (size_t f = 0; f < FACTORS; f++) {
        weight[f] = ldexp(1.0, 2 * (rng_below(&r, 3) - 1));
        for (size_t i = 0; i < fgoi_packed(3); i++) changed->group[0].W[f * fgoi_packed(3) + i] *= sqrt(weight[f]);
    }
    compare((fgoi_problem){ .g = g, .weight = weight }, changed);
    fgo_graph_free(changed);
    fgo_graph_free(g);
}

/* A robust outer loop: weights are rewritten between solves of one solver, which neither allocates nor analyses. Rejecting what
 * is wrong leads to the truth. */
static void test_outer_loop(UNUSED_STATE)
{
    (void)state;
    rng r = { 22 };
    fgo_graph *g = contradictory_graph(&r);
    double weight[FACTORS], x[4 * POSES], cost;
    fgoi_problem p = { .g = g, .weight = weight };
    fgo_solver *solver;
    fgo_summary s;
    for (size_t f = 0; f < FACTORS; f++) weight[f] = 1.0;
    memcpy(x, g->x, sizeof x);
    assert_ok(fgoi_solver_create(&p, NULL, &solver));
    const size_t allocations = fgoi_allocation_count(), analyses = fgoi_analysis_count();
    assert_ok(fgoi_solver_solve(solver, x, &s));
    assert_true(s.cost_final > 1.0);
    for (int outer = 0; outer < 10; outer++) { /* Geman-McClure by weights, ever narrower */
        const double width2 = ldexp(1e4, -3 * outer);
        for (size_t f = 0; f < FACTORS; f++) {
            const fgoi_group *group = &g->group[0];
            double e[3];
            weight[f] = 1.0;
            assert_int_equal(fgoi_whiten_run(&(fgoi_problem){ .g = g }, group, x, f, 1, e, NULL), 0);
            const double u2 = (e[0] * e[0] + e[1] * e[1] + e[2] * e[2]) / width2;
            weight[f] = u2 > 100.0 ? 0.0 : 1.0 / ((1.0 + u2) * (1.0 + u2));
        }
        assert_ok(fgoi_solver_solve(solver, x, &s));
    }
    assert_int_equal(fgoi_allocation_count(), allocations);
    assert_int_equal(fgoi_analysis_count(), analyses);
    assert_true(s.cost_final < 1e-9);
    for (size_t f = POSES; f < FACTORS; f += 4) assert_true(weight[f] == 0.0);
    for (size_t f = 0; f < POSES - 1; f++) assert_true(weight[f] > 0.9);
    assert_ok(fgo_graph_cost(g, &cost));
    assert_true(cost > 1.0); /* of the graph, which knows nothing of all this */
    fgo_solver_free(solver);
    fgo_graph_free(g);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_init),       cmocka_unit_test(test_init_of_sets), cmocka_unit_test(test_kept_solver),
        cmocka_unit_test(test_held),       cmocka_unit_test(test_error),        cmocka_unit_test(test_overrides),
        cmocka_unit_test(test_outer_loop),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
