/* SPDX-License-Identifier: BSD-3-Clause */
/* test_analysis.c -- one analysis serves initialization, solver, covariances, redundancy and doctor, in one thread or several,
 * until the graph's structure changes or the gauge does. */
#include "analysis/analysis.h"
#include "block/symbolic.h"
#include "support.h"
#include <pthread.h>

/* Analyses and elimination orders made since `*before`, which becomes the count. */
typedef struct {
    size_t analyses, orders;
} counts;

static counts count_since(counts *before)
{
    const counts now = { fgoi_analysis_count(), fgoi_symbolic_count() };
    const counts since = { now.analyses - before->analyses, now.orders - before->orders };
    *before = now;
    return since;
}

#define assert_made(before, number)                                                                                              \
    do {                                                                                                                         \
        const counts made_ = count_since(before);                                                                                \
        assert_int_equal(made_.analyses, number);                                                                                \
        assert_int_equal(made_.orders, number);                                                                                  \
    } while (0)

static fgo_graph *example(uint64_t seed)
{
    rng r = { seed };
    return exact_graph(&r, &fgo_manifold_se3, &fgo_between_se3, 60, 60, 0.5, NULL);
}

static void covariances_of(const fgo_graph *g, double *Sigma)
{
    fgo_covariance *c;
    assert_ok(fgo_covariance_create(g, 1, &c));
    assert_ok(fgo_covariance_marginal(c, 30, Sigma));
    fgo_covariance_free(c);
}

static void do_everything(fgo_graph *g)
{
    double Sigma[36], *redundancy = calloc(fgo_graph_factor_count(g), sizeof *redundancy);
    fgo_findings *findings;
    fgo_summary s;
    assert_ok(fgo_initialize(g, FGO_INIT_CHORDAL, NULL));
    assert_ok(fgo_solve(g, NULL, &s));
    assert_int_equal(fgo_termination_class(s.termination), 1);
    covariances_of(g, Sigma);
    assert_ok(fgo_graph_redundancy(g, 2, redundancy));
    assert_ok(fgo_graph_examine(g, FGO_DOCTOR_ALL, 0.01, &findings));
    fgo_findings_free(findings);
    free(redundancy);
}

static void test_one_for_all(UNUSED_STATE)
{
    (void)state;
    fgo_graph *g = example(1), *copy;
    counts before;
    count_since(&before);
    do_everything(g);
    assert_made(&before, 1);
    assert_ok(fgo_graph_copy(g, &copy)); /* which takes it along */
    do_everything(copy);
    assert_made(&before, 0);
    const fgo_se3 z = { .t = { 1, 0, 0 }, .q = { 0, 0, 0, 1 } };
    assert_ok(fgo_graph_add_factor(g, &fgo_between_se3, (int64_t[]){ 3, 40 }, &z, fgo_noise_unit(), fgo_loss_huber(1.0)));
    do_everything(g);
    assert_made(&before, 1);
    do_everything(copy); /* which has not changed */
    assert_made(&before, 0);
    assert_ok(fgo_graph_hold(copy, 7));
    do_everything(copy);
    assert_made(&before, 1);
    fgo_graph_free(g); /* shared ones go with the last that has them */
    do_everything(copy);
    assert_made(&before, 0);
    fgo_graph_free(copy);
}

/* Kept objects go on with what they have, and find what others made after a change. */
static void test_kept(UNUSED_STATE)
{
    (void)state;
    fgo_graph *g = example(2);
    fgo_solver *s;
    fgo_covariance *c;
    counts before;
    count_since(&before);
    assert_ok(fgo_solver_create(g, NULL, &s));
    assert_ok(fgo_solver_solve(s, NULL));
    assert_ok(fgo_covariance_create(g, 1, &c));
    assert_made(&before, 1);
    assert_ok(fgo_graph_hold_dof(g, 20, 1));
    assert_ok(fgo_solver_solve(s, NULL));
    assert_ok(fgo_covariance_update(c));
    assert_made(&before, 1);
    assert_ok(fgo_solver_order_last(s, (int64_t[]){ 5 }, 1)); /* an order of the solver's own */
    assert_ok(fgo_solver_solve(s, NULL));
    assert_int_equal(count_since(&before).analyses, 0);
    fgo_covariance_free(c);
    fgo_solver_free(s);
    fgo_graph_free(g);
}

/* The gauge can depend on noise, of which the revision does not tell: a prior that says nothing about the heading, then says all. */
static void test_gauge_changes(UNUSED_STATE)
{
    (void)state;
    rng r = { 3 };
    const double position[9] = { 1, 0, 0, 0, 1, 0, 0, 0, 0 };
    double angle[4];
    fgo_graph *g = exact_graph(&r, &fgo_manifold_se2, &fgo_between_se2, 20, 20, 0.1, NULL);
    const fgo_se2 z = fgo_se2_from_angle(1, 2, 0.5);
    counts before;
    fgo_summary s;
    assert_ok(fgo_graph_add_factor(g, &fgo_prior_se2, (int64_t[]){ 4 }, &z, fgo_noise_information(position), fgo_loss_none()));
    const size_t prior = fgo_graph_factor_count(g) - 1;
    count_since(&before);
    assert_ok(fgo_solve(g, NULL, &s));
    assert_ok(fgo_solve(g, NULL, &s));
    assert_made(&before, 1);
    assert_ok(fgo_graph_set_noise(g, prior, fgo_noise_unit()));
    assert_ok(fgo_solve(g, NULL, &s));
    assert_int_equal(count_since(&before).analyses, 1);
    assert_true(s.cost_final < 1e-9); /* and not with the heading held where it was */
    assert_ok(fgo_graph_get_value(g, 4, angle));
    assert_close(atan2(angle[3], angle[2]), 0.5, 1e-6);
    fgo_graph_free(g);
}

/* Linear solvers that do not eliminate in blocks have no use for the order. */
static void test_no_order(UNUSED_STATE)
{
    (void)state;
    fgo_graph *g = example(4);
    fgo_options o = fgo_options_default();
    counts before;
    o.init = FGO_INIT_KEEP;
    o.linear_solver = FGO_LINEAR_CGLS;
    count_since(&before);
    assert_ok(fgo_solve(g, &o, NULL));
    assert_int_equal(count_since(&before).orders, 0);
    fgo_graph_free(g);
}

/* ---- threads ---- */

enum { THREADS = 4 };
typedef struct {
    const fgo_graph *g;
    pthread_barrier_t *barrier;
    double Sigma[36], cost;
    size_t findings;
    int failures; /* cmocka's assertions belong to the main thread */
} reader;

static void *read_graph(void *argument)
{
    reader *r = argument;
    fgo_covariance *c = NULL;
    fgo_findings *f = NULL;
    fgo_graph *copy = NULL;
    pthread_barrier_wait(r->barrier);
    r->failures += fgo_covariance_create(r->g, 2, &c) || fgo_covariance_marginal(c, 30, r->Sigma);
    r->failures += fgo_graph_cost(r->g, &r->cost) != FGO_OK;
    r->failures += fgo_graph_copy(r->g, &copy) || fgo_solve(copy, NULL, NULL);
    r->failures += fgo_graph_examine(r->g, FGO_DOCTOR_ALL, 0.01, &f) != FGO_OK;
    r->findings = fgo_findings_count(f);
    fgo_findings_free(f);
    fgo_graph_free(copy);
    fgo_covariance_free(c);
    return NULL;
}

static void test_readers(UNUSED_STATE)
{
    (void)state;
    double alone[36];
    for (uint64_t round = 0; round < 3; round++) {
        fgo_graph *g = example(10 + round);
        static reader all[THREADS];
        pthread_t thread[THREADS];
        pthread_barrier_t barrier;
        counts before;
        pthread_barrier_init(&barrier, NULL, THREADS);
        count_since(&before);
        for (int i = 0; i < THREADS; i++) {
            all[i] = (reader){ .g = g, .barrier = &barrier };
            assert_int_equal(pthread_create(&thread[i], NULL, read_graph, &all[i]), 0);
        }
        for (int i = 0; i < THREADS; i++) pthread_join(thread[i], NULL);
        assert_made(&before, 1); /* who comes second waits for it */
        covariances_of(g, alone);
        for (int i = 0; i < THREADS; i++) {
            assert_int_equal(all[i].failures, 0);
            assert_memory_equal(all[i].Sigma, alone, sizeof alone);
            assert_true(all[i].cost == all[0].cost && all[i].findings == all[0].findings);
        }
        pthread_barrier_destroy(&barrier);
        fgo_graph_free(g);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_one_for_all), cmocka_unit_test(test_kept),    cmocka_unit_test(test_gauge_changes),
        cmocka_unit_test(test_no_order),    cmocka_unit_test(test_readers),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
