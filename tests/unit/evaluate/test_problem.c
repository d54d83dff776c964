/* SPDX-License-Identifier: BSD-3-Clause */
/* test_problem.c -- a problem's overrides against a graph that is really changed: the same bits of residuals, Jacobians and cost.
 * Weights are powers of four, whose roots are exact; others are compared within rounding. */
#include "evaluate/evaluate.h"
#include "support.h"

enum { POSES = 40, LOOPS = 50, FACTORS = POSES - 1 + LOOPS };

static fgo_graph *example(rng *r)
{
    fgo_graph *g = exact_graph(r, &fgo_manifold_se3, &fgo_between_se3, POSES, LOOPS, 0.3, NULL);
    for (size_t f = 0; f < FACTORS; f += 3) assert_ok(fgo_graph_set_loss(g, f, fgo_loss_huber(0.5)));
    return g;
}

/* Multiplies the whitening of factor f by a root. */
static void scale_whitening(fgo_graph *g, size_t f, double root)
{
    fgoi_group *group = &g->group[g->location[f].group];
    const size_t size = fgoi_packed(group->c.rows);
    for (size_t i = 0; i < size; i++) group->W[g->location[f].index * size + i] *= root;
}

/* r, J and cost of all factors of the first group, run by run. */
static double evaluate_all(const fgoi_problem *p, double *r, double *J)
{
    const fgoi_group *group = &p->g->group[0];
    const size_t rows = (size_t)group->c.rows, entries = rows * (size_t)group->c.partials, batch = fgoi_batch(group);
    double cost = 0.0, part;
    for (size_t first = 0; first < group->count; first += batch) {
        const size_t count = group->count - first < batch ? group->count - first : batch;
        assert_int_equal(fgoi_evaluate_run(p, group, fgoi_problem_values(p), first, count, r + first * rows,
                                           J ? J + first * entries : NULL, &part),
                         0);
        cost += part;
    }
    return cost;
}

/* The same numbers; +0 of a rejected factor and -0 of one whose W is zero are. */
static void assert_same(const double *a, const double *b, size_t count)
{
    for (size_t i = 0; i < count; i++) assert_true(a[i] == b[i]);
}

/* The problem and the changed graph agree in every number, with and without a Jacobian. */
static void compare(const fgoi_problem *p, const fgo_graph *changed)
{
    enum { ROWS = 6, PARTIALS = 12 };
    static double r[2][FACTORS * ROWS], J[2][FACTORS * ROWS * PARTIALS];
    const fgoi_problem plain = { .g = changed };
    double cost[2];
    assert_true(evaluate_all(p, r[0], J[0]) == evaluate_all(&plain, r[1], J[1]));
    assert_same(r[0], r[1], FACTORS * ROWS);
    assert_same(J[0], J[1], FACTORS * ROWS * PARTIALS);
    assert_true(evaluate_all(p, r[0], NULL) == evaluate_all(&plain, r[1], NULL));
    assert_same(r[0], r[1], FACTORS * ROWS);
    assert_ok(fgoi_cost(p, fgoi_problem_values(p), &cost[0]));
    assert_ok(fgo_graph_cost(changed, &cost[1]));
    assert_true(cost[0] == cost[1] && isfinite(cost[0]));
}

static void test_losses(UNUSED_STATE)
{
    (void)state;
    rng r = { 1 };
    fgo_graph *g = example(&r), *changed;
    const fgo_loss cauchy = fgo_loss_cauchy(0.7);
    fgo_loss each[FACTORS];
    compare(&(fgoi_problem){ .g = g }, g);
    assert_ok(fgo_graph_copy(g, &changed));
    assert_ok(fgo_graph_set_all_losses(changed, cauchy));
    compare(&(fgoi_problem){ .g = g, .loss = &cauchy }, changed);
    for (size_t f = 0; f < FACTORS; f++) {
        each[f] = f % 2 ? fgo_loss_welsch(1.0 + 0.1 * (double)f) : fgo_loss_none();
        assert_ok(fgo_graph_set_loss(changed, f, each[f]));
    }
    compare(&(fgoi_problem){ .g = g, .loss = each, .loss_of_each = 1 }, changed);
    fgo_graph_free(changed);
    fgo_graph_free(g);
}

static void test_weights(UNUSED_STATE)
{
    (void)state;
    rng r = { 2 };
    fgo_graph *g = example(&r), *changed;
    double weight[FACTORS], cost[2], sum = 0.0;
    assert_ok(fgo_graph_copy(g, &changed));
    for (size_t f = 0; f < FACTORS; f++) {
        const int power = rng_below(&r, 6) - 3;
        weight[f] = power == -3 ? 0.0 : ldexp(1.0, 2 * power);
        scale_whitening(changed, f, sqrt(weight[f]));
    }
    compare(&(fgoi_problem){ .g = g, .weight = weight }, changed);
    /* any weights: F without losses is their sum with the chi2 */
    const fgo_loss none = fgo_loss_none();
    for (size_t f = 0; f < FACTORS; f++) {
        weight[f] = rng_uniform(&r, 0.0, 3.0);
        assert_ok(fgo_graph_chi2(g, f, &cost[0]));
        sum += weight[f] * cost[0];
    }
    assert_ok(fgoi_cost(&(fgoi_problem){ .g = g, .loss = &none, .weight = weight }, g->x, &cost[1]));
    assert_close(cost[1], sum, 1e-12);
    fgo_graph_free(changed);
    fgo_graph_free(g);
}

static void test_values(UNUSED_STATE)
{
    (void)state;
    rng r = { 3 };
    fgo_graph *g = example(&r), *changed;
    double x[POSES * 7];
    memcpy(x, g->x, sizeof x);
    for (size_t i = 0; i < POSES; i++) x[7 * i] += rng_normal(&r);
    assert_ok(fgo_graph_copy(g, &changed));
    memcpy(changed->x, x, sizeof x);
    compare(&(fgoi_problem){ .g = g, .x = x }, changed);
    fgo_graph_free(changed);
    fgo_graph_free(g);
}

/* ---- what cannot be evaluated ---- */

static int refuses_beyond_one(const fgo_factor_class *c, size_t count, const double *const *x, const void *z, double *e,
                              double *J)
{
    (void)c, (void)z;
    for (size_t f = 0; f < count; f++) {
        if (x[f][0] > 1.0) return -1;
        e[f] = x[f][0] < 0.0 ? NAN : x[f][0];
        if (J) J[f] = 1.0;
    }
    return 0;
}

static void test_rejected(UNUSED_STATE)
{
    (void)state;
    const fgo_factor_class picky = { .abi = FGO_FACTOR_ABI,
                                     .name = "picky",
                                     .arity = 1,
                                     .rows = 1,
                                     .partials = 1,
                                     .variable = { { "R1", 1 } },
                                     .evaluate = refuses_beyond_one };
    const double start[4] = { 0.5, -1.0, 2.0, 0.25 };
    double weight[4] = { 1.0, 0.0, 0.0, 1.0 }, r[4], J[4], cost;
    fgo_graph *g;
    assert_ok(fgo_graph_create(&g));
    for (int i = 0; i < 4; i++) {
        assert_ok(fgo_graph_add_rn(g, i, 1, &start[i]));
        assert_ok(fgo_graph_add_factor(g, &picky, (int64_t[]){ i }, NULL, fgo_noise_unit(), fgo_loss_none()));
    }
    const fgoi_problem p = { .g = g, .weight = weight };
    assert_ok(fgoi_cost(&(fgoi_problem){ .g = g }, g->x, &cost));
    assert_true(isnan(cost));
    assert_ok(fgoi_cost(&p, g->x, &cost));
    assert_true(cost == 0.25 + 0.0625);
    assert_int_equal(fgoi_evaluate_run(&p, &g->group[0], g->x, 0, 4, r, J, &cost), 0);
    assert_true(r[1] == 0.0 && r[2] == 0.0 && J[1] == 0.0 && J[2] == 0.0 && J[0] == 1.0 && J[3] == 1.0);
    weight[2] = 1.0; /* what is not rejected must be possible to evaluate */
    assert_int_equal(fgoi_evaluate_run(&p, &g->group[0], g->x, 0, 4, r, J, &cost), -1);
    fgo_graph_free(g);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_losses),
        cmocka_unit_test(test_weights),
        cmocka_unit_test(test_values),
        cmocka_unit_test(test_rejected),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
