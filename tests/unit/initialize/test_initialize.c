/* SPDX-License-Identifier: BSD-3-Clause */
/* test_initialize.c -- walking along factors: exact graphs come out exact, whatever the values before. */
#include "support.h"

static void test_exact(UNUSED_STATE)
{
    (void)state;
    const struct {
        const fgo_manifold *m;
        const fgo_factor_class *c;
    } cases[] = {
        { &fgo_manifold_so2, &fgo_between_so2 },     { &fgo_manifold_se2, &fgo_between_se2 },
        { &fgo_manifold_so3, &fgo_between_so3_log }, { &fgo_manifold_se3, &fgo_between_se3 },
        { &fgo_manifold_se3, &fgo_between_se3_log },
    };
    rng r = { 51 };
    for (int t = 0; t < 5 * REPEATED(10); t++) {
        const fgo_manifold *m = cases[t % 5].m;
        fgo_graph *g = exact_graph(&r, m, cases[t % 5].c, 30, 20, 2.0, NULL);
        const fgo_init init = (fgo_init)(t / 5 % 4 + 1); /* odometry .. auto */
        fgo_init_report report;
        double cost, before;
        assert_ok(fgo_graph_cost(g, &before));
        assert_ok(fgo_initialize(g, FGO_INIT_KEEP, &report));
        assert_true(report.chosen == FGO_INIT_KEEP && report.reached == 0 && report.cost[FGO_INIT_KEEP] == before);
        assert_ok(fgo_initialize(g, init, &report));
        assert_true(init == FGO_INIT_AUTO ? report.chosen != FGO_INIT_KEEP : report.chosen == init);
        /* rotations alone have no positions to solve for, but are reached all the same */
        assert_int_equal(report.reached, 29);
        assert_ok(fgo_graph_cost(g, &cost));
        assert_true(cost < 1e-16);
        assert_close(report.cost[report.chosen], cost, 1e-15);
        fgo_graph_free(g);
    }
}

/* With noise: auto takes the least cost, the reports agree with the graph, and chordal beats walking. */
static void test_noisy(UNUSED_STATE)
{
    (void)state;
    rng r = { 52 };
    for (int t = 0; t < 2 * REPEATED(5); t++) {
        const fgo_manifold *m = t % 2 ? &fgo_manifold_se3 : &fgo_manifold_se2;
        fgo_graph *g = exact_graph(&r, m, t % 2 ? &fgo_between_se3 : &fgo_between_se2, 100, 200, 1.0, NULL);
        for (size_t f = 0; f < fgo_graph_factor_count(g); f++) {
            double z[7], delta[6];
            for (int d = 0; d < m->tangent; d++) delta[d] = 0.02 * rng_normal(&r);
            m->retract(m, fgo_graph_factor_measurement(g, f), delta, z);
            assert_ok(fgo_graph_set_measurement(g, f, z));
        }
        fgo_init_report report;
        double cost;
        fgo_summary s;
        assert_ok(fgo_initialize(g, FGO_INIT_AUTO, &report));
        assert_int_equal(report.chosen, FGO_INIT_CHORDAL);
        for (int i = 0; i < FGO_INIT_AUTO; i++) assert_true(!(report.cost[i] < report.cost[report.chosen]));
        assert_true(isnan(report.cost[FGO_INIT_ODOMETRY])); /* without losses the spanning tree stands for both walks */
        assert_non_null(strstr(report.reason, "chordal"));
        assert_ok(fgo_graph_cost(g, &cost));
        assert_ok(fgo_solve(g, NULL, &s));
        assert_true(s.cost_final <= cost && cost < 10.0 * s.cost_final);
        fgo_graph_free(g);
    }
}

/* Auto takes the least cost, whichever way was tried last: along a chain a walk makes the smaller rounding errors, and
 * where closures are wrong the relaxation is better. */
static void test_least(UNUSED_STATE)
{
    (void)state;
    rng r = { 59 };
    int chosen[FGO_INIT_AUTO] = { 0 };
    for (int t = 0; t < 20; t++) {
        fgo_graph *g = exact_graph(&r, &fgo_manifold_se2, &fgo_between_se2, 30, 0, 1.0, NULL);
        for (int i = 0; t % 2 && i < 3; i++) {
            double z[4];
            random_value(&r, &fgo_manifold_se2, z);
            const int64_t ends[] = { rng_below(&r, 15), 15 + rng_below(&r, 15) };
            assert_ok(fgo_graph_add_factor(g, &fgo_between_se2, ends, z, fgo_noise_sigma(1.0), fgo_loss_none()));
        }
        fgo_init_report report;
        double cost;
        assert_ok(fgo_initialize(g, FGO_INIT_AUTO, &report));
        assert_ok(fgo_graph_cost(g, &cost));
        assert_true(cost == report.cost[report.chosen]);
        for (int i = 0; i < FGO_INIT_AUTO; i++) assert_true(!(report.cost[i] < cost));
        chosen[report.chosen]++;
        fgo_graph_free(g);
    }
    assert_true(chosen[FGO_INIT_SPANNING_TREE] > 5 && chosen[FGO_INIT_CHORDAL] > 5);
}

/* What is held stays, priors pull, and each component finds its own way. */
static void test_anchors(UNUSED_STATE)
{
    (void)state;
    rng r = { 53 };
    double before[7], after[7], prior[7];
    fgo_graph *g = exact_graph(&r, &fgo_manifold_se3, &fgo_between_se3, 20, 10, 1.0, NULL);
    for (int i = 0; i < 6; i++) { /* a second component, with a prior in its middle */
        const fgo_se3 z = { { 1, 0, 0 }, { 0, 0, sin(0.3), cos(0.3) } };
        random_value(&r, &fgo_manifold_se3, before);
        assert_ok(fgo_graph_add_variable(g, 100 + i, &fgo_manifold_se3, before));
        if (i)
            assert_ok(
                fgo_graph_add_factor(g, &fgo_between_se3, (int64_t[]){ 99 + i, 100 + i }, &z, fgo_noise_unit(), fgo_loss_none()));
    }
    random_value(&r, &fgo_manifold_se3, prior);
    assert_ok(fgo_graph_add_factor(g, &fgo_prior_se3, (int64_t[]){ 103 }, prior, fgo_noise_unit(), fgo_loss_none()));
    for (int t = 2 * FGO_INIT_ODOMETRY; t <= 2 * FGO_INIT_AUTO + 1; t++) {
        const int init = t / 2, kept = t % 2 ? 7 : 0; /* without what is held the smallest key stays */
        double cost;
        fgo_graph *copy;
        assert_ok(fgo_graph_copy(g, &copy)); /* each from the same poor values */
        if (kept) assert_ok(fgo_graph_hold(copy, kept));
        assert_ok(fgo_graph_get_value(copy, kept, before));
        assert_ok(fgo_initialize(copy, (fgo_init)init, NULL));
        assert_ok(fgo_graph_get_value(copy, kept, after));
        assert_memory_equal(before, after, sizeof before);
        assert_ok(fgo_graph_get_value(copy, 103, after));
        for (int i = 0; i < 7; i++) assert_close(fabs(after[i]), fabs(prior[i]), 1e-9);
        assert_ok(fgo_graph_cost(copy, &cost));
        assert_true(cost < 1e-15);
        fgo_graph_free(copy);
    }
    fgo_graph_free(g);
}

/* The paths of least uncertainty: a precise detour is taken, a vague short cut is not. */
static void test_certain(UNUSED_STATE)
{
    (void)state;
    fgo_graph *g;
    double x[4];
    assert_ok(fgo_graph_create(&g));
    for (int i = 0; i < 3; i++) assert_ok(fgo_graph_add_se2(g, 2 * i, 0, 0, 0));
    const fgo_se2 step = fgo_se2_from_angle(1, 0, 0), vague = fgo_se2_from_angle(9, 9, 1);
    assert_ok(fgo_graph_add_factor(g, &fgo_between_se2, (int64_t[]){ 0, 4 }, &vague, fgo_noise_sigma(1.0), fgo_loss_none()));
    assert_ok(fgo_graph_add_factor(g, &fgo_between_se2, (int64_t[]){ 0, 2 }, &step, fgo_noise_sigma(0.1), fgo_loss_none()));
    assert_ok(fgo_graph_add_factor(g, &fgo_between_se2, (int64_t[]){ 2, 4 }, &step, fgo_noise_sigma(0.1), fgo_loss_none()));
    assert_ok(fgo_initialize(g, FGO_INIT_SPANNING_TREE, NULL));
    assert_ok(fgo_graph_get_value(g, 4, x));
    assert_close(x[0], 2.0, 1e-15);
    assert_ok(fgo_initialize(g, FGO_INIT_ODOMETRY, NULL)); /* the fewest steps instead */
    assert_ok(fgo_graph_get_value(g, 4, x));
    assert_close(x[0], 9.0, 1e-15);
    fgo_graph_free(g);
}

/* Appends an exact chain of poses or rotations under keys from `first` on, closed by a loop. */
static void add_ring(rng *r, fgo_graph *g, int64_t first, const fgo_manifold *m, const fgo_factor_class *c)
{
    enum { RING = 9 };
    double truth[RING][7], start[7], identity[7], delta[6], z[7];
    set_identity(m, identity);
    for (int i = 0; i < RING; i++) {
        random_value(r, m, truth[i]);
        random_value(r, m, start);
        assert_ok(fgo_graph_add_variable(g, first + i, m, i ? start : truth[i]));
    }
    for (int i = 0; i < RING; i++) {
        const int j = (i + 1) % RING;
        m->local(m, truth[i], truth[j], delta);
        m->retract(m, identity, delta, z);
        assert_ok(
            fgo_graph_add_factor(g, c, (int64_t[]){ first + i, first + j }, z, fgo_noise_sigma(0.1 + 0.1 * i), fgo_loss_none()));
    }
}

/* The plane and space, poses and rotations alone, and landmarks, all in one graph. */
static void test_all_worlds(UNUSED_STATE)
{
    (void)state;
    rng r = { 54 };
    double cost;
    fgo_graph *g;
    fgo_init_report report;
    assert_ok(fgo_graph_create(&g));
    add_ring(&r, g, 100, &fgo_manifold_so2, &fgo_between_so2);
    add_ring(&r, g, 200, &fgo_manifold_se2, &fgo_between_se2);
    add_ring(&r, g, 300, &fgo_manifold_so3, &fgo_between_so3_log);
    add_ring(&r, g, 400, &fgo_manifold_se3, &fgo_between_se3_log);
    assert_ok(fgo_graph_add_rn(g, 1, 2, (double[]){ 50, -70 }));
    assert_ok(fgo_graph_add_rn(g, 2, 3, (double[]){ 50, -70, 90 }));
    assert_ok(fgo_graph_add_factor(g, &fgo_landmark_se2, (int64_t[]){ 203, 1 }, (double[]){ 1, 2 }, fgo_noise_sigma(0.1),
                                   fgo_loss_none()));
    assert_ok(fgo_graph_add_factor(g, &fgo_landmark_se3, (int64_t[]){ 405, 2 }, (double[]){ 1, 2, 3 }, fgo_noise_sigma(0.1),
                                   fgo_loss_none()));
    assert_ok(fgo_initialize(g, FGO_INIT_CHORDAL, &report));
    assert_int_equal(report.chosen, FGO_INIT_CHORDAL);
    assert_int_equal(report.reached, 4 * 8 + 2);
    assert_ok(fgo_graph_cost(g, &cost));
    assert_true(cost < 1e-16);
    fgo_graph_free(g);
}

/* What the initialization analysed serves the solver, unless the graph has changed in between. */
static void test_then_solve(UNUSED_STATE)
{
    (void)state;
    rng r = { 55 };
    for (int change = 0; change < 3; change++) {
        fgo_graph *g = exact_graph(&r, &fgo_manifold_se2, &fgo_between_se2, 40, 30, 1.0, NULL), *copy;
        fgo_summary s, fresh;
        assert_ok(fgo_graph_set_measurement(g, 3, (double[]){ 1.0, 0.1, 1.0, 0.0 })); /* something to solve */
        assert_ok(fgo_initialize(g, FGO_INIT_CHORDAL, NULL));
        if (change == 1) assert_ok(fgo_graph_hold_dof(g, 17, 2));
        if (change == 2) {
            const fgo_se2 z = fgo_se2_from_angle(1, 2, 3);
            assert_ok(fgo_graph_add_se2(g, 1000, 0, 0, 0));
            assert_ok(fgo_graph_add_factor(g, &fgo_between_se2, (int64_t[]){ 5, 1000 }, &z, fgo_noise_unit(), fgo_loss_none()));
        }
        assert_ok(fgo_graph_copy(g, &copy)); /* shares the analysis */
        assert_ok(fgo_solve(copy, NULL, &fresh));
        assert_ok(fgo_solve(g, NULL, &s));
        assert_true(s.cost_final == fresh.cost_final && s.iterations == fresh.iterations && s.cost_final > 1e-3);
        assert_int_equal(s.tangent_dimension, fresh.tangent_dimension);
        fgo_graph_free(g);
        fgo_graph_free(copy);
    }
}

/* The same bits for any number of threads, in the initialization and in what is solved after it. */
static void test_threads(UNUSED_STATE)
{
    (void)state;
    double first[7], x[7];
    for (int threads = 0; threads < 6; threads++) {
        rng r = { 56 };
        fgo_graph *g = exact_graph(&r, &fgo_manifold_se3, &fgo_between_se3, 120, 60, 1.0, NULL);
        fgo_options o = fgo_options_default();
        fgo_summary s;
        for (size_t f = 0; f < 40; f++) assert_ok(fgo_graph_set_measurement(g, f, (double[]){ 1, 2, 3, 0, 0, 0.6, 0.8 }));
        assert_ok(fgo_initialize_with(g, FGO_INIT_CHORDAL, threads, NULL));
        o.threads = threads == 5 ? 2 : threads; /* not those of the initialization */
        assert_ok(fgo_solve(g, &o, &s));
        if (o.threads) assert_int_equal(s.threads, o.threads);
        assert_ok(fgo_graph_get_value(g, 119, threads ? x : first));
        if (threads) assert_memory_equal(x, first, sizeof x);
        fgo_graph_free(g);
    }
}

/* No poses, nothing for the chordal relaxation to do. */
static void test_nothing_to_do(UNUSED_STATE)
{
    (void)state;
    fgo_graph *g;
    fgo_factor_class prior;
    fgo_init_report report;
    assert_ok(fgo_graph_create(&g));
    assert_ok(fgo_prior_rn(2, &prior));
    assert_ok(fgo_graph_add_rn(g, 1, 2, (double[]){ 5, 5 }));
    assert_ok(fgo_graph_add_factor(g, &prior, (int64_t[]){ 1 }, (double[]){ 1, 2 }, fgo_noise_unit(), fgo_loss_none()));
    assert_ok(fgo_initialize(g, FGO_INIT_CHORDAL, &report));
    assert_int_equal(report.chosen, FGO_INIT_KEEP);
    assert_true(isnan(report.cost[FGO_INIT_CHORDAL]));
    assert_string_equal(report.reason, "chordal found nothing to work with");
    assert_ok(fgo_initialize(g, FGO_INIT_AUTO, &report));
    assert_true(report.cost[report.chosen] == 0.0);
    fgo_graph_free(g);
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
    assert_ok(fgo_graph_add_factor(g, &fgo_between_se2, (int64_t[]){ 0, 3 }, &wrong, fgo_noise_unit(), fgo_loss_none()));
    for (int i = 0; i < 3; i++)
        assert_ok(fgo_graph_add_factor(g, &fgo_between_se2, (int64_t[]){ i, i + 1 }, &step, fgo_noise_unit(), fgo_loss_none()));
    fgo_init_report report;
    assert_ok(fgo_initialize(g, FGO_INIT_ODOMETRY, &report));
    assert_int_equal(report.reached, 3);
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
            assert_ok(
                fgo_graph_add_factor(g, &fgo_between_se2, (int64_t[]){ i, i + 1 }, &step, fgo_noise_unit(), fgo_loss_none()));
        if (prior)
            assert_ok(fgo_graph_add_factor(g, &fgo_prior_se2, (int64_t[]){ 2 }, &at, fgo_noise_unit(), fgo_loss_none()));
        else
            assert_ok(fgo_graph_hold(g, 2));
        assert_ok(fgo_initialize(g, FGO_INIT_ODOMETRY, NULL));
        for (int i = 0; i < 4; i++) {
            assert_ok(fgo_graph_get_value(g, i, x));
            assert_close(x[0], 8.0 + i, 1e-14);
            assert_close(x[1], 5.0, 1e-14);
        }
        fgo_graph_free(g);
    }
}

/* Steps of 1e308 m add up to infinity: the values stay, and the report says so. */
static void test_infinite(UNUSED_STATE)
{
    (void)state;
    const fgo_se2 far = fgo_se2_from_angle(1e308, 0, 0);
    fgo_init_report report;
    fgo_graph *g;
    double x[4];
    assert_ok(fgo_graph_create(&g));
    for (int i = 0; i < 4; i++) assert_ok(fgo_graph_add_se2(g, i, i, 0, 0));
    for (int i = 0; i < 3; i++)
        assert_ok(fgo_graph_add_factor(g, &fgo_between_se2, (int64_t[]){ i, i + 1 }, &far, fgo_noise_unit(), fgo_loss_none()));
    for (int init = FGO_INIT_ODOMETRY; init <= FGO_INIT_AUTO; init++) {
        assert_ok(fgo_initialize(g, (fgo_init)init, &report));
        assert_int_equal(report.chosen, FGO_INIT_KEEP);
        for (int i = 0; i < 4; i++) {
            assert_ok(fgo_graph_get_value(g, i, x));
            assert_true(x[0] == i && x[1] == 0.0);
        }
    }
    fgo_graph_free(g);
}

/* The same where the first of the variables is the only one that goes too far. */
static void test_infinite_first(UNUSED_STATE)
{
    (void)state;
    const fgo_se2 far = fgo_se2_from_angle(1e308, 0, 0);
    fgo_init_report report;
    fgo_graph *g;
    assert_ok(fgo_graph_create(&g));
    assert_ok(fgo_graph_add_se2(g, 1, 5, 0, 0));
    assert_ok(fgo_graph_add_se2(g, 0, 1e308, 0, 0));
    assert_ok(fgo_graph_add_factor(g, &fgo_between_se2, (int64_t[]){ 0, 1 }, &far, fgo_noise_unit(), fgo_loss_none()));
    for (int init = FGO_INIT_ODOMETRY; init <= FGO_INIT_AUTO; init++) {
        assert_ok(fgo_initialize(g, (fgo_init)init, &report));
        assert_int_equal(report.chosen, FGO_INIT_KEEP);
        assert_true(fgo_graph_variable_value(g, 0)[0] == 5.0);
    }
    fgo_graph_free(g);
}

static void test_wrong(UNUSED_STATE)
{
    (void)state;
    fgo_graph *g;
    assert_ok(fgo_graph_create(&g));
    assert_ok(fgo_initialize(g, FGO_INIT_ODOMETRY, NULL)); /* an empty graph is fine */
    assert_int_equal(fgo_initialize(g, (fgo_init)77, NULL), FGO_ERROR_ARGUMENT);
    assert_int_equal(fgo_initialize(NULL, FGO_INIT_KEEP, NULL), FGO_ERROR_ARGUMENT);
    assert_int_equal(fgo_initialize_with(g, FGO_INIT_KEEP, -1, NULL), FGO_ERROR_ARGUMENT);
    assert_int_equal(fgo_initialize_with(g, FGO_INIT_KEEP, 257, NULL), FGO_ERROR_ARGUMENT);
    assert_string_equal(fgo_init_name(FGO_INIT_ODOMETRY), "odometry");
    assert_null(fgo_init_name((fgo_init)77));
    fgo_graph_free(g);
}

int main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(test_exact),      cmocka_unit_test(test_neighbours_first),
                                        cmocka_unit_test(test_starts),     cmocka_unit_test(test_noisy),
                                        cmocka_unit_test(test_least),      cmocka_unit_test(test_anchors),
                                        cmocka_unit_test(test_certain),    cmocka_unit_test(test_nothing_to_do),
                                        cmocka_unit_test(test_wrong),      cmocka_unit_test(test_all_worlds),
                                        cmocka_unit_test(test_then_solve), cmocka_unit_test(test_threads),
                                        cmocka_unit_test(test_infinite),   cmocka_unit_test(test_infinite_first) };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
