/* SPDX-License-Identifier: BSD-3-Clause */
/* test_redundancy.c -- fgo_graph_redundancy against its definition with dense matrices: H from all Jacobians, inverted by
 * elimination in long double. And what must hold: the sum, trees, repeated measurements, refusals. */
#include "support.h"

enum { MOST = 160 };

/* H^-1 into H, n x n, positive definite: Gauss-Jordan. */
static void invert(long double *H, size_t n)
{
    for (size_t p = 0; p < n; p++) {
        const long double pivot = H[p * n + p];
        assert_true(pivot > 0);
        H[p * n + p] = 1;
        for (size_t j = 0; j < n; j++) H[p * n + j] /= pivot;
        for (size_t i = 0; i < n; i++) {
            const long double f = H[i * n + p];
            if (i == p) continue;
            H[i * n + p] = 0;
            for (size_t j = 0; j < n; j++) H[i * n + j] -= f * H[p * n + j];
        }
    }
}

typedef struct dense {
    double *J; /* rows x n */
    size_t rows, n;
    size_t *first; /* row of each factor, and one past the last */
} dense;

/* The weighted Jacobian of all factors in the order of their numbers, columns of held degrees of freedom zero. */
static dense stack(fgo_graph *g)
{
    dense d = { .n = fgo_graph_tangent_dimension(g) };
    const size_t m = fgo_graph_factor_count(g);
    d.first = calloc(m + 1, sizeof *d.first);
    for (size_t f = 0; f < m; f++) d.first[f + 1] = d.first[f] + (size_t)fgo_graph_factor_class(g, f)->rows;
    d.rows = d.first[m];
    d.J = calloc(d.rows * d.n, sizeof *d.J);
    for (size_t i = 0; i < fgo_graph_group_count(g); i++) {
        fgo_factor_group group;
        assert_ok(fgo_graph_group(g, i, &group));
        const fgo_factor_class *c = group.factor_class;
        const size_t rows = (size_t)c->rows, p = (size_t)c->partials;
        double *r = calloc(group.count * rows, sizeof *r), *J = calloc(group.count * rows * p, sizeof *J);
        assert_ok(fgo_graph_evaluate_group(g, i, FGO_WEIGHTING_LOSS, r, J));
        for (size_t f = 0; f < group.count; f++)
            for (size_t row = 0, column = 0; row < rows; row++, column = 0)
                for (int k = 0; k < c->arity; k++) {
                    const size_t v = group.variable[f * (size_t)c->arity + (size_t)k];
                    const size_t at = fgo_graph_variable_tangent_offset(g, v);
                    const int t = fgo_graph_variable_manifold(g, v)->tangent;
                    for (int j = 0; j < t; j++, column++)
                        if (!fgo_graph_held(g)[at + (size_t)j])
                            d.J[(d.first[group.number[f]] + row) * d.n + at + (size_t)j] = J[(f * rows + row) * p + column];
                }
        free(r);
        free(J);
    }
    return d;
}

/* `pinned`: first tangent dimension and how many more are held besides those of the graph, as the gauge rule does. */
static void check(fgo_graph *g, size_t pinned_at, size_t pinned)
{
    dense d = stack(g);
    const size_t n = d.n, m = fgo_graph_factor_count(g);
    assert_true(n <= MOST);
    long double *H = calloc(n * n, sizeof *H), sum = 0;
    for (size_t j = 0; j < pinned; j++)
        for (size_t row = 0; row < d.rows; row++) d.J[row * n + pinned_at + j] = 0;
    for (size_t row = 0; row < d.rows; row++)
        for (size_t i = 0; i < n; i++)
            for (size_t j = 0; j < n; j++) H[i * n + j] += (long double)d.J[row * n + i] * d.J[row * n + j];
    size_t free_dimensions = 0;
    for (size_t i = 0; i < n; i++) {
        const int held = fgo_graph_held(g)[i] || (i >= pinned_at && i < pinned_at + pinned);
        if (held) H[i * n + i] = 1;
        free_dimensions += !held;
    }
    invert(H, n);
    double *r = calloc(m, sizeof *r);
    assert_ok(fgo_graph_redundancy(g, 1, r));
    for (size_t f = 0; f < m; f++) {
        long double wanted = (long double)(d.first[f + 1] - d.first[f]);
        for (size_t row = d.first[f]; row < d.first[f + 1]; row++)
            for (size_t i = 0; i < n; i++)
                for (size_t j = 0; j < n; j++) wanted -= d.J[row * n + i] * H[i * n + j] * d.J[row * n + j];
        assert_close(r[f], (double)wanted, 1e-9);
        assert_true(r[f] >= 0 && r[f] <= (double)(d.first[f + 1] - d.first[f]));
        sum += r[f];
    }
    assert_close((double)sum, (double)d.rows - (double)free_dimensions, 1e-9);
    free(r);
    free(H);
    free(d.J);
    free(d.first);
}

static void add_random_pose(fgo_graph *g, rng *r, int64_t key, int planar)
{
    double t[3], q[4];
    for (int k = 0; k < 3; k++) t[k] = rng_uniform(r, -5, 5);
    for (int k = 0; k < 4; k++) q[k] = rng_normal(r);
    assert_ok(planar ? fgo_graph_add_se2(g, key, t[0], t[1], t[2]) : fgo_graph_add_se3(g, key, t, q));
}

/* A full, random information matrix W' W; the loss is felt, the residuals are large. */
static void add_random_edge(fgo_graph *g, rng *r, int64_t a, int64_t b, int planar)
{
    double W[36] = { 0 };
    const int n = planar ? 3 : 6;
    for (int i = 0; i < n; i++)
        for (int j = i; j < n; j++) W[i * n + j] = (i == j ? 2 : 0) + 0.5 * rng_normal(r);
    const fgo_se2 flat = fgo_se2_from_angle(rng_normal(r), rng_normal(r), rng_normal(r));
    const fgo_se3 space = { { rng_normal(r), rng_normal(r), rng_normal(r) }, { 0, 0.6, 0, 0.8 } };
    assert_ok(fgo_graph_add_factor(g, planar ? &fgo_between_se2 : &fgo_between_se3, (int64_t[]){ a, b },
                                   planar ? (const void *)&flat : &space, fgo_noise_sqrt_information(W), fgo_loss_cauchy(3)));
}

static void test_against_dense_matrices(UNUSED_STATE)
{
    (void)state;
    for (uint64_t seed = 1; seed <= 10; seed++)
        for (int planar = 0; planar < 2; planar++) {
            enum { N = 14 };
            rng r = { seed };
            fgo_graph *g;
            assert_ok(fgo_graph_create(&g));
            for (int64_t k = 0; k < N; k++) add_random_pose(g, &r, k, planar);
            for (int64_t k = 0; k + 1 < N; k++) add_random_edge(g, &r, k, k + 1, planar);
            for (int k = 0; k < 9; k++) {
                const int a = rng_below(&r, N), b = (a + 2 + rng_below(&r, N - 3)) % N;
                add_random_edge(g, &r, a, b, planar);
            }
            check(g, 0, planar ? 3 : 6); /* the gauge rule holds key 0, which has the first tangent dimensions */
            const double p[3] = { 1, 2, 3 };
            fgo_factor_class prior;
            assert_ok(fgo_prior_rn(planar ? 2 : 3, &prior));
            assert_ok(fgo_graph_add_rn(g, 100, planar ? 2 : 3, p)); /* a landmark and what is known of it */
            for (int64_t k = 0; k < 4; k++)
                assert_ok(fgo_graph_add_factor(g, planar ? &fgo_landmark_se2 : &fgo_landmark_se3, (int64_t[]){ k, 100 }, p,
                                               fgo_noise_sigma(0.3), fgo_loss_none()));
            assert_ok(fgo_graph_add_factor(g, &prior, (int64_t[]){ 100 }, p, fgo_noise_sigma(2), fgo_loss_none()));
            assert_ok(fgo_graph_hold(g, 5));
            assert_ok(fgo_graph_hold_dof(g, 7, 1));
            check(g, 0, 0);
            fgo_graph_free(g);
        }
}

/* Of a tree nothing can be checked; of n equal measurements each is checked by the other n - 1. */
static void test_trees_and_repetitions(UNUSED_STATE)
{
    (void)state;
    fgo_graph *g;
    rng r = { 4 };
    double redundancy[8];
    assert_ok(fgo_graph_create(&g));
    for (int64_t k = 0; k < 5; k++) add_random_pose(g, &r, k, 1);
    for (int64_t k = 1; k < 5; k++)
        assert_ok(fgo_graph_add_factor(g, &fgo_between_se2, (int64_t[]){ k / 2, k }, &(fgo_se2){ 1, 0, 1, 0 },
                                       fgo_noise_sigma(0.1), fgo_loss_none()));
    assert_ok(fgo_graph_redundancy(g, 1, redundancy));
    for (int f = 0; f < 4; f++) assert_close(redundancy[f], 0, 1e-10);
    for (int again = 0; again < 2; again++)
        assert_ok(fgo_graph_add_factor(g, &fgo_between_se2, (int64_t[]){ 2, 4 }, &(fgo_se2){ 1, 0, 1, 0 }, fgo_noise_sigma(0.1),
                                       fgo_loss_none()));
    assert_ok(fgo_graph_redundancy(g, 2, redundancy));
    assert_close(redundancy[0], 0, 1e-10);
    assert_close(redundancy[3], 2, 1e-10); /* 3 (1 - 1/3) */
    assert_close(redundancy[4], 2, 1e-10);
    fgo_graph_free(g);
}

static void test_what_is_refused(UNUSED_STATE)
{
    (void)state;
    fgo_graph *g;
    double redundancy[2];
    assert_ok(fgo_graph_create(&g));
    assert_ok(fgo_graph_add_se2(g, 0, 0, 0, 0));
    assert_ok(fgo_graph_add_rn(g, 1, 2, (double[]){ 1, 1 }));
    assert_ok(fgo_graph_add_factor(g, &fgo_bearing_se2, (int64_t[]){ 0, 1 }, &(fgo_so2){ 1, 0 }, fgo_noise_sigma(0.1),
                                   fgo_loss_none()));
    assert_int_equal(fgo_graph_redundancy(g, 1, redundancy), FGO_ERROR_SINGULAR);
    assert_int_equal(fgo_graph_redundancy(g, 1, NULL), FGO_ERROR_ARGUMENT);
    assert_int_equal(fgo_graph_redundancy(NULL, 1, redundancy), FGO_ERROR_ARGUMENT);
    fgo_graph_free(g);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_against_dense_matrices),
        cmocka_unit_test(test_trees_and_repetitions),
        cmocka_unit_test(test_what_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
