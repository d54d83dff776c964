/* SPDX-License-Identifier: BSD-3-Clause */
/* test_solver.c -- whole solves: optima known by construction, solving again, holds, determinism, no allocation. */
#include "base/memory.h"
#include "support.h"

/* Distance of the graph's values to the truth in the tangent space, after both are moved so that key 0 agrees. */
static double distance(fgo_graph *g, const fgo_manifold *m, const double *truth)
{
    double worst = 0.0, d[2][16], x0[16], x[16];
    assert_ok(fgo_graph_get_value(g, 0, x0));
    for (int64_t i = 1; i < (int64_t)fgo_graph_variable_count(g); i++) {
        assert_ok(fgo_graph_get_value(g, i, x));
        m->local(m, x0, x, d[0]);
        m->local(m, truth, truth + (size_t)i * (size_t)m->ambient, d[1]);
        for (int k = 0; k < m->tangent; k++) { /* compare Log(x0^-1 x): rotations near pi may differ by a turn */
            const double e = fabs(d[0][k] - d[1][k]);
            worst = fmax(worst, e);
        }
    }
    return worst;
}

static void test_known_optimum(UNUSED_STATE)
{
    (void)state;
    const struct {
        const fgo_manifold *m;
        const fgo_factor_class *c;
    } cases[] = {
        { &fgo_manifold_so2, &fgo_between_so2 },     { &fgo_manifold_se2, &fgo_between_se2 },
        { &fgo_manifold_se2, &fgo_between_se2_log }, { &fgo_manifold_so3, &fgo_between_so3 },
        { &fgo_manifold_so3, &fgo_between_so3_log }, { &fgo_manifold_se3, &fgo_between_se3 },
        { &fgo_manifold_se3, &fgo_between_se3_log },
    };
    rng r = { 41 };
    for (int t = 0; t < 56 * REPEATED(4); t++) {
        const int i = t % 7, poses = 2 + rng_below(&r, 60);
        double truth[64 * 8];
        fgo_graph *g = exact_graph(&r, cases[i].m, cases[i].c, poses, rng_below(&r, 2 * poses), 0.05, truth);
        fgo_options o = fgo_options_default();
        o.init = FGO_INIT_KEEP;
        o.method = t / 7 % 2 ? FGO_METHOD_GN : FGO_METHOD_LM;
        o.linear_solver = t / 14 % 4;
        fgo_summary s;
        assert_ok(fgo_solve(g, &o, &s));
        assert_int_equal(fgo_termination_class(s.termination), 1);
        assert_true(s.cost_final < 1e-12 && s.cost_final < s.cost_initial);
        assert_true(distance(g, cases[i].m, truth) < 1e-5);
        assert_int_equal(s.linear_solver, o.linear_solver == FGO_LINEAR_AUTO ? FGO_LINEAR_BLOCK : o.linear_solver);
        assert_int_equal(s.gauge_held, 1);
        assert_int_equal(s.gauge_key, 0);
        assert_int_equal(s.tangent_dimension, (size_t)(poses - 1) * (size_t)cases[i].m->tangent);
        fgo_graph_free(g);
    }
}

/* A linear problem has its optimum in one step: a chain of R^2 with two conflicting priors. */
static void test_linear_problem(UNUSED_STATE)
{
    (void)state;
    fgo_factor_class between, prior;
    fgo_graph *g;
    fgo_summary s;
    double x[2];
    assert_ok(fgo_between_rn(2, &between));
    assert_ok(fgo_prior_rn(2, &prior));
    assert_ok(fgo_graph_create(&g));
    for (int i = 0; i < 3; i++) assert_ok(fgo_graph_add_rn(g, i, 2, (double[]){ 100.0 * i, -3.0 }));
    assert_ok(fgo_graph_add_factor(g, &prior, (int64_t[]){ 0 }, (double[]){ 0, 0 }, fgo_noise_unit(), fgo_loss_none()));
    assert_ok(fgo_graph_add_factor(g, &prior, (int64_t[]){ 2 }, (double[]){ 4, 0 }, fgo_noise_unit(), fgo_loss_none()));
    for (int i = 0; i < 2; i++)
        assert_ok(
            fgo_graph_add_factor(g, &between, (int64_t[]){ i, i + 1 }, (double[]){ 1, 0 }, fgo_noise_unit(), fgo_loss_none()));
    fgo_options o = fgo_options_default();
    o.method = FGO_METHOD_GN;
    assert_ok(fgo_solve(g, &o, &s));
    assert_true(s.iterations <= 2);
    assert_close(s.cost_final, 1.0, 1e-12); /* the discrepancy of 2 spread over four unit springs: 4 * 0.5^2 */
    for (int i = 0; i < 3; i++) {
        assert_ok(fgo_graph_get_value(g, i, x));
        assert_close(x[0], 0.5 + 1.5 * i, 1e-12);
        assert_close(x[1], 0.0, 1e-12);
    }
    fgo_graph_free(g);
}

static void test_holds(UNUSED_STATE)
{
    (void)state;
    rng r = { 42 };
    double before[2][7], after[7];
    fgo_summary s;
    fgo_graph *g = exact_graph(&r, &fgo_manifold_se3, &fgo_between_se3, 20, 15, 0.05, NULL);
    for (int i = 0; i < 2; i++) {
        assert_ok(fgo_graph_hold(g, 5 + 5 * i));
        assert_ok(fgo_graph_get_value(g, 5 + 5 * i, before[i]));
    }
    assert_ok(fgo_solve(g, NULL, &s));
    assert_int_equal(s.gauge_held, 0);
    assert_true(s.cost_final > 1e-6); /* two held poses contradict each other */
    for (int i = 0; i < 2; i++) {
        assert_ok(fgo_graph_get_value(g, 5 + 5 * i, after));
        assert_memory_equal(before[i], after, sizeof after);
    }
    double *gradient = calloc(fgo_graph_tangent_dimension(g), sizeof *gradient);
    assert_ok(fgo_graph_gradient(g, gradient));
    for (size_t i = 0; i < fgo_graph_tangent_dimension(g); i++) assert_true(fabs(gradient[i]) < 1e-3 * s.cost_initial);
    free(gradient);
    fgo_graph_free(g);
    /* all held: nothing to do, and that is fine */
    g = exact_graph(&r, &fgo_manifold_se2, &fgo_between_se2, 2, 0, 0.1, NULL);
    assert_ok(fgo_graph_hold(g, 0));
    assert_ok(fgo_graph_hold(g, 1));
    for (int solver = FGO_LINEAR_AUTO; solver <= FGO_LINEAR_BLOCK; solver++) {
        fgo_options o = fgo_options_default();
        o.linear_solver = solver;
        assert_ok(fgo_solve(g, &o, &s));
        assert_int_equal(s.termination, FGO_TERMINATION_CONVERGED_GRADIENT);
        assert_int_equal(s.tangent_dimension, 0);
    }
    fgo_graph_free(g);
    assert_ok(fgo_graph_create(&g)); /* nothing at all */
    assert_ok(fgo_solve(g, NULL, &s));
    assert_int_equal(s.termination, FGO_TERMINATION_CONVERGED_GRADIENT);
    fgo_graph_free(g);
}

/* A held degree of freedom: a pose that may not turn. */
static void test_held_dof(UNUSED_STATE)
{
    (void)state;
    fgo_graph *g;
    double x[4];
    fgo_summary s;
    assert_ok(fgo_graph_create(&g));
    assert_ok(fgo_graph_add_se2(g, 0, 0, 0, 0));
    assert_ok(fgo_graph_add_se2(g, 1, 1, 1, 0.25));
    assert_ok(fgo_graph_hold(g, 0));
    assert_ok(fgo_graph_hold_dof(g, 1, 2));
    const fgo_se2 z = fgo_se2_from_angle(2, 3, 1.0);
    assert_ok(fgo_graph_add_factor(g, &fgo_between_se2, (int64_t[]){ 0, 1 }, &z, fgo_noise_unit(), fgo_loss_none()));
    assert_ok(fgo_solve(g, NULL, &s));
    assert_ok(fgo_graph_get_value(g, 1, x));
    assert_close(x[0], 2.0, 1e-9);
    assert_close(x[1], 3.0, 1e-9);
    assert_close(atan2(x[3], x[2]), 0.25, 1e-15);
    assert_close(s.cost_final, 0.75 * 0.75, 1e-12);
    fgo_graph_free(g);
}

/* Two poses and a prior on the second one, of the weight w. */
static fgo_graph *pose_pair(double w)
{
    fgo_graph *g;
    const fgo_se2 step = { 1, 0, 1, 0 }, prior = { 5, 2, 1, 0 };
    const double weight[9] = { w, 0, 0, 0, w, 0, 0, 0, w };
    assert_ok(fgo_graph_create(&g));
    assert_ok(fgo_graph_add_se2(g, 0, 0, 0, 0));
    assert_ok(fgo_graph_add_se2(g, 1, 1, 0.1, 0.1));
    assert_ok(fgo_graph_add_factor(g, &fgo_between_se2, (int64_t[]){ 0, 1 }, &step, fgo_noise_unit(), fgo_loss_none()));
    assert_ok(fgo_graph_add_factor(g, &fgo_prior_se2, (int64_t[]){ 1 }, &prior, fgo_noise_information(weight), fgo_loss_none()));
    return g;
}

/* A prior that gets a weight takes the place of the gauge rule, and gives it back without one: also for a solver that analysed
 * before. */
static void test_gauge_follows_noise(UNUSED_STATE)
{
    (void)state;
    fgo_solver *kept;
    fgo_summary s, fresh;
    const double none[9] = { 0 };
    fgo_graph *g = pose_pair(0), *other = pose_pair(1);
    fgo_values *start;
    assert_ok(fgo_values_create(g, &start));
    assert_ok(fgo_solver_create(g, NULL, &kept));
    assert_ok(fgo_solver_solve(kept, &s));
    assert_int_equal(s.gauge_held, 1);
    assert_ok(fgo_graph_load_values(g, start));
    assert_ok(fgo_graph_set_noise(g, 1, fgo_noise_unit()));
    assert_ok(fgo_solver_solve(kept, &s));
    fgo_options keep = fgo_options_default();
    keep.init = FGO_INIT_KEEP;
    assert_ok(fgo_solve(other, &keep, &fresh));
    assert_int_equal(s.gauge_held, 0);
    assert_int_equal(s.tangent_dimension, 6);
    assert_true(s.cost_final == fresh.cost_final);
    assert_memory_equal(fgo_graph_values(g, NULL), fgo_graph_values(other, NULL), 8 * sizeof(double));
    assert_ok(fgo_graph_set_noise(g, 1, fgo_noise_information(none)));
    assert_ok(fgo_solver_solve(kept, &s));
    assert_int_equal(s.gauge_held, 1);
    assert_int_equal(s.tangent_dimension, 3);
    fgo_solver_free(kept);
    fgo_values_free(start);
    fgo_graph_free(g);
    fgo_graph_free(other);
}

/* Solving again after numbers changed: no analysis, no allocation of fgopt's own, and the right answer. */
static void test_solve_again(UNUSED_STATE)
{
    (void)state;
    rng r = { 43 };
    fgo_summary s, fresh;
    fgo_solver *solver;
    fgo_graph *g = exact_graph(&r, &fgo_manifold_se2, &fgo_between_se2, 100, 80, 0.02, NULL);
    assert_ok(fgo_solver_create(g, NULL, &solver));
    assert_ok(fgo_solver_solve(solver, &s));
    for (int t = 0; t < 10; t++) {
        for (size_t f = 0; f < fgo_graph_factor_count(g); f++) {
            fgo_se2 z = *(const fgo_se2 *)fgo_graph_factor_measurement(g, f);
            z.x += 0.01 * rng_normal(&r);
            assert_ok(fgo_graph_set_measurement(g, f, &z));
            if (f % 7 == (size_t)t % 7) assert_ok(fgo_graph_set_noise(g, f, fgo_noise_sigma(0.1 + rng_uniform(&r, 0, 1))));
            if (f % 5 == (size_t)t % 5) assert_ok(fgo_graph_set_loss(g, f, fgo_loss_huber(1.0)));
        }
        double cost, start[4];
        const size_t allocations = fgoi_allocation_count();
        assert_ok(fgo_solver_solve(solver, &s));
        assert_int_equal(fgoi_allocation_count(), allocations);
        assert_true(s.time_analyze_s == 0.0 && fgo_termination_class(s.termination) == 1);
        assert_ok(fgo_graph_cost(g, &cost));
        assert_close(cost, s.cost_final, 1e-12);
        assert_ok(fgo_graph_get_value(g, 3, start));
        assert_ok(fgo_solve(g, NULL, &fresh)); /* a fresh solver has nothing to add */
        assert_close(fresh.cost_final, s.cost_final, 1e-8);
    }
    /* structure changes: the solver notices */
    const fgo_se2 z = fgo_se2_from_angle(0, 0, 0);
    assert_ok(fgo_graph_add_se2(g, 1000, 0, 0, 0));
    assert_ok(fgo_graph_add_factor(g, &fgo_between_se2, (int64_t[]){ 0, 1000 }, &z, fgo_noise_unit(), fgo_loss_none()));
    assert_ok(fgo_solver_solve(solver, &s));
    assert_true(s.time_analyze_s > 0.0);
    assert_int_equal(s.variables, 101);
    double a[4], b[4];
    assert_ok(fgo_graph_get_value(g, 0, a));
    assert_ok(fgo_graph_get_value(g, 1000, b));
    for (int k = 0; k < 4; k++) assert_close(a[k], b[k], 1e-6);
    fgo_solver_free(solver);
    fgo_solver_free(NULL);
    fgo_graph_free(g);
}

static void test_deterministic(UNUSED_STATE)
{
    (void)state;
    enum { POSES = 30 * REPEATED(10) };
    double values[4][POSES * 7];
    for (int t = 0; t < 4; t++) {
        rng r = { 44 };
        fgo_options o = fgo_options_default();
        o.threads = 1 + t;
        fgo_graph *g = exact_graph(&r, &fgo_manifold_se3, &fgo_between_se3, POSES, POSES + 100, 0.03, NULL);
        assert_ok(fgo_solve(g, &o, NULL));
        for (size_t i = 0; i < POSES; i++) memcpy(values[t] + 7 * i, fgo_graph_variable_value(g, i), 7 * sizeof(double));
        fgo_graph_free(g);
        assert_memory_equal(values[0], values[t], sizeof values[t]);
    }
}

/* An outlier pulls least squares away; each robust loss brings the truth back. */
static void test_outlier(UNUSED_STATE)
{
    (void)state;
    const fgo_loss losses[] = { fgo_loss_none(),           fgo_loss_huber(0.1), fgo_loss_cauchy(0.1),
                                fgo_loss_geman_mcclure(1), fgo_loss_tukey(2),   fgo_loss_welsch(2) };
    fgo_factor_class prior;
    assert_ok(fgo_prior_rn(1, &prior));
    for (int l = 0; l < 6; l++) {
        fgo_graph *g;
        double x;
        fgo_summary s;
        fgo_options o = fgo_options_default();
        o.max_iterations = 1000;
        assert_ok(fgo_graph_create(&g));
        assert_ok(fgo_graph_add_rn(g, 0, 1, (double[]){ 0.5 }));
        for (int i = 0; i < 10; i++)
            assert_ok(fgo_graph_add_factor(g, &prior, (int64_t[]){ 0 }, (double[]){ i == 9 ? 1000.0 : 1.0 }, fgo_noise_unit(),
                                           losses[l]));
        assert_ok(fgo_solve(g, &o, &s));
        assert_int_equal(fgo_termination_class(s.termination), 1);
        assert_ok(fgo_graph_get_value(g, 0, &x));
        if (l == 0)
            assert_close(x, 100.9, 1e-6);
        else
            assert_true(fabs(x - 1.0) < 0.02);
        fgo_graph_free(g);
    }
}

/* Under-determined: Gauss-Newton says which variable, LM still goes down. */
static void test_singular(UNUSED_STATE)
{
    (void)state;
    const fgo_se3 z = { { 1, 0, 0 }, { 0, 0, 0, 1 } };
    fgo_summary s;
    double Omega[36] = { 0 };
    for (int i = 0; i < 5; i++) Omega[7 * i] = 1.0; /* nothing about the last rotation */
    const int linear[] = { FGO_LINEAR_BLOCK, FGO_LINEAR_CHOLMOD, FGO_LINEAR_DENSE };
    for (int i = 0; i < 6; i++) {
        const int method = i % 2;
        fgo_graph *g;
        fgo_options o = fgo_options_default();
        o.init = FGO_INIT_KEEP; /* an initialization would find the optimum, and nothing would be left to solve */
        o.method = method;
        o.linear_solver = linear[i / 2];
        assert_ok(fgo_graph_create(&g));
        assert_ok(fgo_graph_add_se3(g, 1, (double[]){ 0, 0, 0 }, z.q));
        assert_ok(fgo_graph_add_se3(g, 2, (double[]){ 5, 1, 2 }, z.q));
        assert_ok(
            fgo_graph_add_factor(g, &fgo_between_se3, (int64_t[]){ 1, 2 }, &z, fgo_noise_information(Omega), fgo_loss_none()));
        assert_ok(fgo_solve(g, &o, &s));
        if (method == FGO_METHOD_GN) {
            assert_int_equal(s.termination, FGO_TERMINATION_FAILED_SINGULAR);
            assert_non_null(strstr(s.message, "degree of freedom 5 of variable 2 (SE3)"));
        } else {
            assert_int_equal(fgo_termination_class(s.termination), 1);
            assert_true(s.cost_final < 1e-12);
        }
        fgo_graph_free(g);
    }
}

static void test_wrong_options(UNUSED_STATE)
{
    (void)state;
    fgo_graph *g;
    fgo_options o = fgo_options_default();
    assert_ok(fgo_graph_create(&g));
    o.method = 9;
    assert_int_equal(fgo_solve(g, &o, NULL), FGO_ERROR_ARGUMENT);
    assert_non_null(strstr(fgo_last_message(), "option method is 9; allowed: one of lm, gn"));
    o = fgo_options_default(), o.max_iterations = -1;
    assert_int_equal(fgo_solve(g, &o, NULL), FGO_ERROR_ARGUMENT);
    o = fgo_options_default(), o.cost_tolerance = NAN;
    assert_int_equal(fgo_solve(g, &o, NULL), FGO_ERROR_ARGUMENT);
    assert_int_equal(fgo_solve(NULL, NULL, NULL), FGO_ERROR_ARGUMENT);
    fgo_graph_free(g);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_known_optimum),
        cmocka_unit_test(test_linear_problem),
        cmocka_unit_test(test_holds),
        cmocka_unit_test(test_held_dof),
        cmocka_unit_test(test_gauge_follows_noise),
        cmocka_unit_test(test_solve_again),
        cmocka_unit_test(test_deterministic),
        cmocka_unit_test(test_outlier),
        cmocka_unit_test(test_singular),
        cmocka_unit_test(test_wrong_options),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
