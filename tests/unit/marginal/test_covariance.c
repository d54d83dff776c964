/* SPDX-License-Identifier: BSD-3-Clause */
/* test_covariance.c -- the public covariances: a random walk, whose are known, and graphs of poses and points against
 * the dense inverse of their normal matrix. */
#include "linear/registry.h"
#include "matrix/linear.h"
#include "support.h"
#include "whole_system.h"
#include <limits.h>

/* H^-1 of all free variables, n x n, by columns of unit vectors through LAPACK. */
static double *dense_inverse(fgo_graph *g, fgoi_system *s)
{
    fgoi_linear *ls;
    assert_ok(whole_system_create(g, s));
    const size_t n = s->pattern.offset[s->pattern.n];
    double *b = malloc(n * sizeof *b), *Z = calloc(n * n, sizeof *Z);
    assert_true(b && Z);
    assert_ok(fgoi_linear_create(&fgoi_linear_dense, &ls));
    assert_ok(fgoi_linear_analyze(ls, &s->pattern, s->slot));
    assert_true(isfinite(fgoi_system_linearize(s, NULL, g->x, ls->report.values, b)));
    assert_int_equal(fgoi_linear_factorize(ls, NULL), FGO_OUTCOME_SOLVED);
    for (size_t i = 0; i < n; i++) {
        Z[i * n + i] = 1.0;
        assert_int_equal(fgoi_linear_solve(ls, Z + i * n), FGO_OUTCOME_SOLVED);
    }
    fgoi_linear_free(ls);
    free(b);
    return Z;
}

/* What the covariance of degrees of freedom i of variable u and j of variable v is to be. */
static double wanted(const fgoi_system *s, const double *Z, size_t u, int i, size_t v, int j)
{
    const fgo_graph *g = s->problem->g;
    const int p = s->column[u], q = s->column[v];
    if (p < 0 || q < 0 || g->held[g->variable[u].tangent + (size_t)i] || g->held[g->variable[v].tangent + (size_t)j]) return 0.0;
    return Z[(s->pattern.offset[p] + (size_t)i) * s->pattern.offset[s->pattern.n] + s->pattern.offset[q] + (size_t)j];
}

static int dof(const fgo_graph *g, size_t v) { return fgo_graph_variable_manifold(g, v)->tangent; }

/* Rows of u and columns of v at Sigma, columns of the whole ld, against Z; errors relative to the standard deviations.
 */
static void check_block(const fgoi_system *s, const double *Z, size_t u, size_t v, const double *Sigma, size_t ld)
{
    for (int i = 0; i < dof(s->problem->g, u); i++)
        for (int j = 0; j < dof(s->problem->g, v); j++) {
            const double want = wanted(s, Z, u, i, v, j), got = Sigma[(size_t)i * ld + (size_t)j];
            const double size = sqrt(wanted(s, Z, u, i, u, i) * wanted(s, Z, v, j, v, j));
            assert_true(fabs(got - want) <= 1e-9 * size);
        }
}

/* Every function against the dense inverse, for every pair of variables. */
static void check_graph(rng *r, fgo_graph *g, int threads)
{
    enum { SET = 4, LARGEST = 6 };
    fgoi_system s;
    fgo_covariance *c = NULL;
    double *Z = dense_inverse(g, &s), Sigma[SET * LARGEST * SET * LARGEST];
    const size_t n = fgo_graph_variable_count(g);
    assert_ok(fgo_covariance_create(g, threads, &c));
    double *all = malloc(n * LARGEST * LARGEST * sizeof *all);
    assert_non_null(all);
    assert_ok(fgo_covariance_marginals(c, all));
    for (size_t u = 0, at = 0; u < n; at += (size_t)(dof(g, u) * dof(g, u)), u++) {
        const size_t d = (size_t)dof(g, u);
        check_block(&s, Z, u, u, all + at, d);
        assert_ok(fgo_covariance_marginal(c, fgo_graph_variable_key(g, u), Sigma));
        assert_memory_equal(Sigma, all + at, d * d * sizeof *Sigma);
        for (size_t v = 0; v < n; v++) {
            assert_ok(fgo_covariance_cross(c, fgo_graph_variable_key(g, u), fgo_graph_variable_key(g, v), Sigma));
            check_block(&s, Z, u, v, Sigma, (size_t)dof(g, v));
        }
    }
    for (int t = 0; t < 50; t++) {
        int64_t keys[SET];
        size_t v[SET], D = 0, row = 0;
        for (int k = 0; k < SET; k++) {
            v[k] = (size_t)rng_below(r, (int)n);
            keys[k] = fgo_graph_variable_key(g, v[k]);
            D += (size_t)dof(g, v[k]);
        }
        assert_ok(fgo_covariance_joint(c, keys, SET, Sigma));
        for (int k = 0; k < SET; row += (size_t)dof(g, v[k]), k++) {
            size_t col = 0;
            for (int l = 0; l < SET; col += (size_t)dof(g, v[l]), l++) check_block(&s, Z, v[k], v[l], Sigma + row * D + col, D);
        }
        for (size_t i = 0; i < D * D; i++) assert_true(Sigma[i] == Sigma[i % D * D + i / D]);
    }
    free(all), free(Z);
    fgo_covariance_free(c);
    whole_system_free(&s);
}

/* Variables of R^1: a prior of standard deviation 2 on the first, steps of 0.5: cov(x_i, x_j) = 4 + 0.25 min(i, j). */
static void test_random_walk(UNUSED_STATE)
{
    (void)state;
    enum { STEPS = 40 };
    fgo_factor_class prior, between;
    fgo_graph *g;
    fgo_covariance *c;
    double x = 0.0, Sigma;
    assert_ok(fgo_prior_rn(1, &prior));
    assert_ok(fgo_between_rn(1, &between));
    assert_ok(fgo_graph_create(&g));
    for (int i = 0; i < STEPS; i++) assert_ok(fgo_graph_add_rn(g, 7 * i, 1, &x));
    assert_ok(fgo_graph_add_factor(g, &prior, (int64_t[]){ 0 }, &x, fgo_noise_sigma(2.0), fgo_loss_none()));
    for (int i = 0; i + 1 < STEPS; i++)
        assert_ok(
            fgo_graph_add_factor(g, &between, (int64_t[]){ 7 * i, 7 * (i + 1) }, &x, fgo_noise_sigma(0.5), fgo_loss_none()));
    assert_ok(fgo_covariance_create(g, 1, &c));
    for (int i = 0; i < STEPS; i++)
        for (int j = 0; j < STEPS; j++) {
            assert_ok(fgo_covariance_cross(c, 7 * i, 7 * j, &Sigma));
            assert_close(Sigma, 4.0 + 0.25 * (i < j ? i : j), 1e-13);
        }
    fgo_covariance_free(c);
    fgo_graph_free(g);
}

static void test_pose_graphs(UNUSED_STATE)
{
    (void)state;
    rng r = { 71 };
    for (int t = 0; t < 12; t++) {
        fgo_graph *g = t % 2 ? exact_graph(&r, &fgo_manifold_se3, &fgo_between_se3, 20 + t, 3 * t, 0.01, NULL)
                             : exact_graph(&r, &fgo_manifold_se2, &fgo_between_se2, 20 + t, 3 * t, 0.01, NULL);
        if (t / 2 % 3 == 1) assert_ok(fgo_graph_hold(g, 5)); /* else the gauge rule holds the first */
        if (t / 2 % 3 == 2) assert_ok(fgo_graph_hold(g, 0));
        if (t / 2 % 3 == 2) assert_ok(fgo_graph_hold_dof(g, 3, 2));
        check_graph(&r, g, 1 + t % 3);
        fgo_graph_free(g);
    }
}

/* Poses and points, sizes 3 and 2; a second component that consists of held things only; a robust loss far from 0. */
static void test_mixed(UNUSED_STATE)
{
    (void)state;
    rng r = { 72 };
    fgo_graph *g = exact_graph(&r, &fgo_manifold_se2, &fgo_between_se2, 15, 6, 0.3, NULL);
    assert_ok(fgo_graph_set_all_losses(g, fgo_loss_huber(0.5)));
    for (int i = 0; i < 8; i++) {
        const double p[2] = { rng_normal(&r), rng_normal(&r) };
        assert_ok(fgo_graph_add_rn(g, 100 + i, 2, p));
        for (int k = 0; k < 3; k++) {
            const fgo_point2 z = { { rng_normal(&r), rng_normal(&r) } };
            assert_ok(fgo_graph_add_factor(g, &fgo_landmark_se2, (int64_t[]){ rng_below(&r, 15), 100 + i }, &z,
                                           fgo_noise_sigma(0.1), fgo_loss_none()));
        }
    }
    assert_ok(fgo_graph_add_rn(g, 1000, 2, (double[]){ 1, 2 }));
    assert_ok(fgo_graph_hold(g, 1000));
    check_graph(&r, g, 2);
    fgo_graph_free(g);
}

/* After new values an update gives what a new object would; after a new factor the old numbers are refused. */
static void test_update(UNUSED_STATE)
{
    (void)state;
    rng r = { 73 };
    fgo_graph *g = exact_graph(&r, &fgo_manifold_se2, &fgo_between_se2, 12, 4, 0.1, NULL);
    const fgo_se2 z = fgo_se2_from_angle(1, 0, 0);
    fgo_covariance *c, *fresh;
    double a[9], b[9], before[9];
    assert_ok(fgo_covariance_create(g, 1, &c));
    assert_ok(fgo_covariance_marginal(c, 7, before));
    assert_ok(fgo_solve(g, NULL, NULL));
    assert_ok(fgo_covariance_marginal(c, 7, a)); /* still of the values then */
    assert_memory_equal(a, before, sizeof a);
    for (int t = 0; t < 2; t++) {
        assert_ok(fgo_covariance_update(c));
        assert_ok(fgo_covariance_create(g, 1, &fresh));
        assert_ok(fgo_covariance_marginal(c, 7, a));
        assert_ok(fgo_covariance_marginal(fresh, 7, b));
        assert_memory_equal(a, b, sizeof a);
        assert_memory_not_equal(a, before, sizeof a);
        fgo_covariance_free(fresh);
        memcpy(before, a, sizeof a);
        if (t) break;
        assert_ok(fgo_graph_add_factor(g, &fgo_between_se2, (int64_t[]){ 0, 7 }, &z, fgo_noise_sigma(0.1), fgo_loss_none()));
        assert_int_equal(fgo_covariance_marginal(c, 7, a), FGO_ERROR_ARGUMENT);
        assert_int_equal(fgo_covariance_joint(c, (int64_t[]){ 7 }, 1, a), FGO_ERROR_ARGUMENT);
        assert_non_null(strstr(fgo_last_message(), "update first"));
    }
    fgo_covariance_free(c);
    fgo_graph_free(g);
}

static void test_errors(UNUSED_STATE)
{
    (void)state;
    rng r = { 74 };
    fgo_graph *g = exact_graph(&r, &fgo_manifold_se2, &fgo_between_se2, 6, 2, 0.1, NULL);
    fgo_covariance *c = NULL, *none = NULL;
    double Sigma[16] = { 42.0 };
    assert_ok(fgo_graph_hold(g, 0));
    assert_int_equal(fgo_covariance_create(NULL, 1, &c), FGO_ERROR_ARGUMENT);
    assert_int_equal(fgo_covariance_create(g, 1, NULL), FGO_ERROR_ARGUMENT);
    assert_int_equal(fgo_covariance_update(NULL), FGO_ERROR_ARGUMENT);
    assert_ok(fgo_covariance_create(g, 1, &c));
    assert_int_equal(fgo_covariance_marginal(NULL, 0, Sigma), FGO_ERROR_ARGUMENT);
    assert_int_equal(fgo_covariance_marginal(c, 0, NULL), FGO_ERROR_ARGUMENT);
    assert_int_equal(fgo_covariance_marginals(c, NULL), FGO_ERROR_ARGUMENT);
    assert_int_equal(fgo_covariance_joint(c, NULL, 1, Sigma), FGO_ERROR_ARGUMENT);
    assert_int_equal(fgo_covariance_marginal(c, 99, Sigma), FGO_ERROR_KEY);
    assert_int_equal(fgo_covariance_cross(c, 0, 99, Sigma), FGO_ERROR_KEY);
    assert_int_equal(fgo_covariance_cross(c, 99, 0, Sigma), FGO_ERROR_KEY);
    assert_int_equal(fgo_covariance_joint(c, (int64_t[]){ 1, 99 }, 2, Sigma), FGO_ERROR_KEY);
    assert_true(Sigma[0] == 42.0); /* untouched on failure */
    /* a point that one range sees is not determined, and the object works again when it is */
    assert_ok(fgo_graph_add_rn(g, 50, 2, (double[]){ 3, 4 }));
    assert_ok(fgo_graph_add_factor(g, &fgo_range_se2, (int64_t[]){ 2, 50 }, &(fgo_range_measurement){ 5.0 }, fgo_noise_sigma(0.1),
                                   fgo_loss_none()));
    assert_int_equal(fgo_covariance_update(c), FGO_ERROR_SINGULAR);
    assert_non_null(strstr(fgo_last_message(), "variable"));
    assert_int_equal(fgo_covariance_marginal(c, 0, Sigma), FGO_ERROR_ARGUMENT);
    assert_int_equal(fgo_covariance_create(g, 1, &none), FGO_ERROR_SINGULAR);
    assert_null(none);
    assert_ok(fgo_graph_hold_dof(g, 50, 0));
    assert_ok(fgo_covariance_update(c));
    assert_ok(fgo_covariance_marginal(c, 50, Sigma));
    assert_true(Sigma[0] == 0.0 && Sigma[1] == 0.0 && Sigma[2] == 0.0 && Sigma[3] > 0.0);
    fgo_covariance_free(c);
    fgo_covariance_free(NULL);
    fgo_graph_free(g);
}

/* A factor that cannot be evaluated: a point in the plane of the camera. */
static void test_not_evaluable(UNUSED_STATE)
{
    (void)state;
    const double q[4] = { 0, 0, 0, 1 }, origin[3] = { 0, 0, 0 }, beside[3] = { 1, 0, 0 };
    const fgo_camera_measurement z = { .uvw = { 0, 0, 1 }, .offset = { .q = { 0, 0, 0, 1 } }, .fx = 1, .fy = 1 };
    fgo_graph *g;
    fgo_covariance *c = NULL;
    assert_ok(fgo_graph_create(&g));
    assert_ok(fgo_graph_add_se3(g, 0, origin, q));
    assert_ok(fgo_graph_add_rn(g, 1, 3, beside));
    assert_ok(fgo_graph_hold(g, 0));
    assert_ok(fgo_graph_add_factor(g, &fgo_depth_se3, (int64_t[]){ 0, 1 }, &z, fgo_noise_sigma(1.0), fgo_loss_none()));
    assert_int_equal(fgo_covariance_create(g, 1, &c), FGO_ERROR_EVALUATE);
    assert_null(c);
    fgo_graph_free(g);
}

/* No variable, and none that is free. */
static void test_empty(UNUSED_STATE)
{
    (void)state;
    fgo_graph *g;
    fgo_covariance *c;
    double Sigma[1] = { 1.0 };
    assert_ok(fgo_graph_create(&g));
    assert_ok(fgo_covariance_create(g, 1, &c));
    assert_ok(fgo_covariance_marginals(c, Sigma));
    assert_ok(fgo_graph_add_rn(g, 0, 1, Sigma));
    assert_ok(fgo_graph_hold(g, 0));
    assert_ok(fgo_covariance_update(c));
    assert_ok(fgo_covariance_marginals(c, Sigma));
    assert_true(Sigma[0] == 0.0);
    fgo_covariance_free(c);
    fgo_graph_free(g);
}

/* Everything that takes threads takes the same numbers; 0 is automatic, and the results are the same bits. */
static void test_threads_have_one_meaning(UNUSED_STATE)
{
    (void)state;
    static const struct {
        int threads;
        fgo_status status;
    } row[] = { { INT_MIN, FGO_ERROR_ARGUMENT },
                { -5, FGO_ERROR_ARGUMENT },
                { -1, FGO_ERROR_ARGUMENT },
                { 0, FGO_OK },
                { 1, FGO_OK },
                { 2, FGO_OK },
                { 256, FGO_OK },
                { 257, FGO_ERROR_ARGUMENT },
                { 3000, FGO_ERROR_ARGUMENT },
                { INT_MAX, FGO_ERROR_ARGUMENT } };
    double Sigma[9], redundancy, first_Sigma[9] = { 0 }, first_redundancy = 0.0;
    fgo_graph *g = NULL;
    const fgo_se2 z = fgo_se2_from_angle(1.0, 0.2, 0.3);
    assert_ok(fgo_graph_create(&g));
    for (int64_t k = 0; k < 2; k++) assert_ok(fgo_graph_add_se2(g, k, 0.1, 0.2, 0.3));
    assert_ok(fgo_graph_hold(g, 0));
    assert_ok(fgo_graph_add_factor(g, &fgo_between_se2, (int64_t[]){ 0, 1 }, &z, fgo_noise_sigma(0.1), fgo_loss_none()));
    for (size_t i = 0; i < sizeof row / sizeof *row; i++) {
        const int threads = row[i].threads;
        fgo_options o = fgo_options_default();
        fgo_covariance *c = NULL;
        o.threads = threads;
        o.max_iterations = 0;
        assert_int_equal(fgo_solve(g, &o, NULL), row[i].status);
        assert_int_equal(fgo_initialize_with(g, FGO_INIT_KEEP, threads, NULL), row[i].status);
        if (row[i].status) assert_non_null(strstr(fgo_last_message(), "threads"));
        assert_int_equal(fgo_graph_redundancy(g, threads, &redundancy), row[i].status);
        if (row[i].status) assert_non_null(strstr(fgo_last_message(), "threads"));
        assert_int_equal(fgo_covariance_create(g, threads, &c), row[i].status);
        assert_true((c == NULL) == (row[i].status != FGO_OK));
        if (!c) continue;
        assert_ok(fgo_covariance_marginal(c, 1, Sigma));
        if (threads == 0) memcpy(first_Sigma, Sigma, sizeof Sigma), first_redundancy = redundancy;
        assert_memory_equal(Sigma, first_Sigma, sizeof Sigma);
        assert_memory_equal(&redundancy, &first_redundancy, sizeof redundancy);
        fgo_covariance_free(c);
    }
    fgo_graph_free(g);
}

/* A prior that gets its weight after the first analysis takes the place of the gauge rule. */
static void test_gauge_follows_noise(UNUSED_STATE)
{
    (void)state;
    fgo_graph *g = NULL;
    fgo_covariance *c = NULL, *fresh = NULL;
    const double none[9] = { 0 };
    const fgo_se2 z = { 1, 0, 1, 0 };
    double kept[9], anew[9];
    assert_ok(fgo_graph_create(&g));
    assert_ok(fgo_graph_add_se2(g, 0, 0, 0, 0));
    assert_ok(fgo_graph_add_se2(g, 1, 1, 0, 0));
    assert_ok(fgo_graph_add_factor(g, &fgo_between_se2, (int64_t[]){ 0, 1 }, &z, fgo_noise_unit(), fgo_loss_none()));
    assert_ok(fgo_graph_add_factor(g, &fgo_prior_se2, (int64_t[]){ 1 }, &z, fgo_noise_information(none), fgo_loss_none()));
    assert_ok(fgo_covariance_create(g, 1, &c));
    for (int weighted = 1; weighted >= 0; weighted--) {
        assert_ok(fgo_graph_set_noise(g, 1, weighted ? fgo_noise_unit() : fgo_noise_information(none)));
        assert_ok(fgo_covariance_update(c));
        assert_ok(fgo_covariance_create(g, 1, &fresh));
        for (int64_t key = 0; key < 2; key++) {
            assert_ok(fgo_covariance_marginal(c, key, kept));
            assert_ok(fgo_covariance_marginal(fresh, key, anew));
            assert_memory_equal(kept, anew, sizeof kept);
            assert_true((kept[0] > 0) == (weighted || key == 1));
        }
        fgo_covariance_free(fresh);
    }
    fgo_covariance_free(c);
    fgo_graph_free(g);
}

int main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(test_threads_have_one_meaning),
                                        cmocka_unit_test(test_random_walk),
                                        cmocka_unit_test(test_pose_graphs),
                                        cmocka_unit_test(test_mixed),
                                        cmocka_unit_test(test_update),
                                        cmocka_unit_test(test_gauge_follows_noise),
                                        cmocka_unit_test(test_errors),
                                        cmocka_unit_test(test_not_evaluable),
                                        cmocka_unit_test(test_empty) };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
