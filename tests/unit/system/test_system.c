/* SPDX-License-Identifier: BSD-3-Clause */
/* test_system.c -- the assembled normal system against dense products of differences, for every linear solver's storage. */
#include "base/memory.h"
#include "graph/graph_private.h"
#include "linear/registry.h"
#include "matrix/linear.h"
#include "support.h"
#include "whole_system.h"

/* ---- the oracle: F's gradient and Gauss-Newton Hessian by differences of whitened, weighted residuals ---- */

enum { ROWS = 4096, COLUMNS = 200 };

typedef struct {
    size_t rows, n;
    double *J, *r; /* rows x n, rows */
} dense_system;

/* Whitened residuals of all factors one after the other, unweighted; returns how many. */
static size_t all_residuals(fgo_graph *g, double *r)
{
    size_t count = 0;
    for (size_t f = 0; f < fgo_graph_factor_count(g); f++) {
        const int n = fgo_graph_factor_class(g, f)->rows;
        const fgoi_group *group = &g->group[g->location[f].group];
        const double *W = group->W + g->location[f].index * fgoi_packed(n);
        double e[64];
        assert_ok(fgo_graph_residual(g, f, e));
        for (int i = 0; i < n; W += n - i, i++)
            for (int k = i; k < n; k++) r[count + (size_t)i] += W[k - i] * e[k];
        count += (size_t)n;
    }
    return count;
}

/* J by five-point differences along retract, columns in tangent order of the graph. */
static dense_system differences(fgo_graph *g)
{
    dense_system d = { 0, fgo_graph_tangent_dimension(g), calloc((size_t)ROWS * COLUMNS, sizeof(double)),
                       calloc(ROWS, sizeof(double)) };
    double *shifted = malloc(ROWS * sizeof *shifted);
    d.rows = all_residuals(g, d.r);
    assert_true(d.rows < ROWS && d.n <= COLUMNS);
    for (size_t v = 0; v < fgo_graph_variable_count(g); v++) {
        const fgo_manifold *m = fgo_graph_variable_manifold(g, v);
        const int64_t key = fgo_graph_variable_key(g, v);
        double x[64], y[64], delta[64] = { 0 };
        assert_ok(fgo_graph_get_value(g, key, x));
        for (int c = 0; c < m->tangent; c++) {
            const double h = 1e-3, step[4] = { -2, -1, 1, 2 }, weight[4] = { 1, -8, 8, -1 };
            for (int s = 0; s < 4; s++) {
                delta[c] = step[s] * h;
                m->retract(m, x, delta, y);
                assert_ok(fgo_graph_set_value(g, key, y));
                memset(shifted, 0, ROWS * sizeof *shifted);
                all_residuals(g, shifted);
                for (size_t i = 0; i < d.rows; i++)
                    d.J[i * COLUMNS + fgo_graph_variable_tangent_offset(g, v) + (size_t)c] += weight[s] * shifted[i] / (12 * h);
            }
            delta[c] = 0.0;
        }
        assert_ok(fgo_graph_set_value(g, key, x));
    }
    free(shifted);
    /* rows weighted by sqrt(rho') like the system's */
    size_t row = 0;
    for (size_t f = 0; f < fgo_graph_factor_count(g); f++) {
        const int n = fgo_graph_factor_class(g, f)->rows;
        fgo_loss loss;
        double s, rho, slope;
        assert_ok(fgo_graph_factor_loss(g, f, &loss));
        assert_ok(fgo_graph_chi2(g, f, &s));
        fgo_loss_evaluate(loss, s, &rho, &slope);
        for (int i = 0; i < n; i++, row++) {
            d.r[row] *= sqrt(slope);
            for (size_t c = 0; c < d.n; c++) d.J[row * COLUMNS + c] *= sqrt(slope);
        }
    }
    return d;
}

/* ---- graphs to try ---- */

static fgo_graph *mixed_graph(rng *r)
{
    fgo_factor_class prior_r3, between_r3;
    fgo_graph *g = exact_graph(r, &fgo_manifold_se3, &fgo_between_se3, 7, 6, 0.2, NULL);
    double x[3], Omega[36];
    assert_ok(fgo_prior_rn(3, &prior_r3));
    assert_ok(fgo_between_rn(3, &between_r3));
    for (int i = 0; i < 6; i++) { /* a second component of points, one of scalars' size mixed in */
        for (int k = 0; k < 3; k++) x[k] = rng_normal(r);
        assert_ok(fgo_graph_add_rn(g, 100 + i, 3, x));
    }
    for (int i = 0; i < 8; i++) {
        const int a = i % 6, b = (i + 1 + i / 6) % 6;
        random_information(r, 3, 5.0, Omega);
        assert_ok(fgo_graph_add_factor(g, &between_r3, (int64_t[]){ 100 + a, 100 + b }, x, fgo_noise_information(Omega),
                                       fgo_loss_cauchy(1.0)));
    }
    assert_ok(fgo_graph_add_factor(g, &prior_r3, (int64_t[]){ 103 }, x, fgo_noise_sigma(0.3), fgo_loss_none()));
    double pose[7];
    random_value(r, &fgo_manifold_se3, pose);
    assert_ok(fgo_graph_add_factor(g, &fgo_prior_se3_log, (int64_t[]){ 2 }, pose, fgo_noise_sigma(0.5), fgo_loss_huber(0.3)));
    /* landmarks, numbered before and after the poses that see them: blocks of 3 x 6 and of 6 x 3 */
    for (int i = 0; i < 8; i++) {
        const int64_t landmark = i % 2 ? -1 : 200;
        for (int k = 0; k < 3; k++) x[k] = rng_normal(r);
        if (i < 2) assert_ok(fgo_graph_add_rn(g, landmark, 3, x));
        assert_ok(fgo_graph_add_factor(g, &fgo_landmark_se3, (int64_t[]){ i / 2 + 1, landmark }, x, fgo_noise_sigma(0.7),
                                       fgo_loss_none()));
    }
    /* duplicate edges share a block */
    for (int i = 0; i < 2; i++)
        assert_ok(fgo_graph_add_factor(g, &fgo_between_se3_log, (int64_t[]){ 3 + i, 2 + i }, pose, fgo_noise_unit(),
                                       fgo_loss_geman_mcclure(2.0)));
    return g;
}

static double entry(const fgoi_system *s, const double *values, int i, int j, int a, int b) /* block (i, j), i >= j */
{
    for (size_t k = s->pattern.start[j]; k < s->pattern.start[j + 1]; k++)
        if (s->pattern.row[k] == i) {
            const fgoi_slot *slot = &s->slot[k];
            return values[slot->offset + (size_t)(slot->transposed ? a : b) * (size_t)slot->ld +
                          (size_t)(slot->transposed ? b : a)];
        }
    return 0.0;
}

static void compare(fgo_graph *g, const fgo_linear_solver_class *c, int threads)
{
    fgoi_system s;
    fgoi_linear *ls;
    fgoi_threads *t = threads > 1 ? fgoi_threads_create(threads) : NULL;
    assert_ok(whole_system_create(g, &s));
    assert_ok(fgoi_linear_create(c, &ls));
    assert_ok(fgoi_linear_analyze(ls, &s.pattern, s.slot));
    double *b = calloc(s.pattern.offset[s.pattern.n] + 1, sizeof *b), cost, *gradient = calloc(COLUMNS, sizeof *gradient);
    const double total = fgoi_system_linearize(&s, t, g->x, ls->report.values, b);
    dense_system d = differences(g);
    assert_ok(fgo_graph_cost(g, &cost));
    assert_close(total, cost, 1e-13);
    assert_true(fgoi_system_cost(&s, t, g->x) == total);
    assert_ok(fgo_graph_gradient(g, gradient));
    for (int j = 0; j < s.pattern.n; j++)
        for (int q = 0; q < s.pattern.dim[j]; q++) {
            const size_t col = g->variable[s.variable[j]].tangent + (size_t)q;
            double sum = 0.0;
            for (size_t k = 0; k < d.rows; k++) sum += d.J[k * COLUMNS + col] * d.r[k];
            assert_close(b[s.pattern.offset[j] + (size_t)q], g->held[col] ? 0.0 : sum, 1e-7);
            assert_close(gradient[col], g->held[col] ? 0.0 : 2.0 * sum, 1e-7);
            for (int i = j; i < s.pattern.n; i++)
                for (int p = 0; p < s.pattern.dim[i]; p++) {
                    const size_t row = g->variable[s.variable[i]].tangent + (size_t)p;
                    double H = 0.0;
                    for (size_t k = 0; k < d.rows; k++) H += d.J[k * COLUMNS + row] * d.J[k * COLUMNS + col];
                    if (g->held[row] || g->held[col]) H = row == col;
                    assert_close(entry(&s, ls->report.values, i, j, p, q), H, 1e-7);
                }
        }
    free(d.J), free(d.r), free(b), free(gradient);
    fgoi_linear_free(ls);
    whole_system_free(&s);
    fgoi_threads_free(t);
}

static void test_against_differences(UNUSED_STATE)
{
    (void)state;
    rng r = { 11 };
    for (int t = 0; t < 6; t++) {
        fgo_graph *g = mixed_graph(&r);
        if (t % 3 == 1) assert_ok(fgo_graph_hold(g, 4));
        if (t % 3 == 2) {
            assert_ok(fgo_graph_hold_dof(g, 1, 2));
            assert_ok(fgo_graph_hold_dof(g, 1, 5));
            assert_ok(fgo_graph_hold_dof(g, 103, 0));
            assert_ok(fgo_graph_hold_dof(g, 200, 0));
            assert_ok(fgo_graph_hold_dof(g, -1, 2));
            assert_ok(fgo_graph_hold_dof(g, 3, 0));
        }
        compare(g, &fgoi_linear_cholmod, 1 + t % 3);
        compare(g, &fgoi_linear_dense, 1);
        compare(g, &fgoi_linear_block, 1 + t % 3);
        fgo_graph_free(g);
    }
}

/* A block wider than what is gathered on the stack. */
static void test_large_blocks(UNUSED_STATE)
{
    (void)state;
    rng r = { 12 };
    fgo_factor_class between, prior;
    fgo_graph *g;
    double x[40], z[40];
    assert_ok(fgo_between_rn(40, &between));
    assert_ok(fgo_prior_rn(40, &prior));
    assert_ok(fgo_graph_create(&g));
    for (int v = 0; v < 3; v++) {
        for (int i = 0; i < 40; i++) x[i] = rng_normal(&r), z[i] = rng_normal(&r);
        assert_ok(fgo_graph_add_rn(g, v, 40, x));
    }
    assert_ok(fgo_graph_add_factor(g, &between, (int64_t[]){ 0, 1 }, z, fgo_noise_sigma(2.0), fgo_loss_none()));
    assert_ok(fgo_graph_add_factor(g, &between, (int64_t[]){ 2, 1 }, z, fgo_noise_sigma(0.7), fgo_loss_none()));
    assert_ok(fgo_graph_add_factor(g, &prior, (int64_t[]){ 1 }, z, fgo_noise_unit(), fgo_loss_none()));
    compare(g, &fgoi_linear_cholmod, 2);
    compare(g, &fgoi_linear_dense, 1);
    fgo_graph_free(g);
}

/* The same bits for every number of threads. */
static void test_threads(UNUSED_STATE)
{
    (void)state;
    rng r = { 13 };
    fgo_graph *g = exact_graph(&r, &fgo_manifold_se2, &fgo_between_se2, 2000, 3000, 0.1, NULL);
    fgoi_system s;
    fgoi_linear *ls;
    assert_ok(whole_system_create(g, &s));
    assert_in_range(s.structure->parts, 20, 40); /* some 15000 terms, 512 a part, or one thread would do it all */
    for (size_t k = 0; k < s.structure->parts; k++) assert_true(s.structure->part[k] < s.structure->part[k + 1]);
    assert_int_equal(s.structure->part[s.structure->parts], s.pattern.n);
    assert_ok(fgoi_linear_create(&fgoi_linear_cholmod, &ls));
    assert_ok(fgoi_linear_analyze(ls, &s.pattern, s.slot));
    size_t count = 0;
    for (size_t k = 0; k < s.pattern.start[s.pattern.n]; k++)
        if (s.slot[k].offset + 9 * (size_t)s.slot[k].ld > count) count = s.slot[k].offset + 2 * (size_t)s.slot[k].ld + 3;
    const size_t n = s.pattern.offset[s.pattern.n];
    double *values = malloc(count * sizeof *values), *b = calloc(n, sizeof *b), *b1 = calloc(n, sizeof *b1);
    const double cost = fgoi_system_linearize(&s, NULL, g->x, ls->report.values, b1);
    memcpy(values, ls->report.values, count * sizeof *values);
    for (int threads = 2; threads <= 8; threads++) {
        fgoi_threads *t = fgoi_threads_create(threads);
        assert_non_null(t);
        for (int again = 0; again < REPEATED(20); again++) {
            assert_true(fgoi_system_linearize(&s, t, g->x, ls->report.values, b) == cost);
            assert_memory_equal(values, ls->report.values, count * sizeof *values);
            assert_memory_equal(b, b1, n * sizeof *b);
        }
        fgoi_threads_free(t);
    }
    free(values), free(b), free(b1);
    fgoi_linear_free(ls);
    whole_system_free(&s);
    fgo_graph_free(g);
}

int main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(test_against_differences), cmocka_unit_test(test_large_blocks),
                                        cmocka_unit_test(test_threads) };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
