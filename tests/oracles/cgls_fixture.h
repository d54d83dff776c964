/* SPDX-License-Identifier: BSD-3-Clause */
/* cgls_fixture.h -- random graphs of all shapes, linearized for a linear solver: what the tests of cgls share. */
#ifndef FGOPT_TESTS_CGLS_FIXTURE_H
#define FGOPT_TESTS_CGLS_FIXTURE_H
#include "base/memory.h"
#include "graph/graph_private.h"
#include "linear_factor.h"
#include "matrix/linear.h"
#include "support.h"
#include "whole_system.h"

/* ---- graphs to try ---- */

/* A linear factor of random numbers on these variables of R^n. */
static inline void add_linear(rng *r, fgo_graph *g, int rows, int arity, const int64_t *keys, const int *dim)
{
    double measurement[64 * 12];
    const fgo_factor_class c = linear_factor(rows, arity, dim);
    for (size_t i = 0; i < c.measurement_size / sizeof(double); i++) measurement[i] = rng_normal(r);
    assert_ok(fgo_graph_add_factor(g, &c, keys, measurement, fgo_noise_sigma(0.7), fgo_loss_none()));
}

/* SE(3) poses, SE(2) poses in a second component, and a third of R^n of many sizes with factors of one to three of
 * them. */
static inline fgo_graph *mixed_graph(rng *r)
{
    static const int dim[] = { 1, 2, 3, 5, 6, 9 };
    fgo_graph *g = exact_graph(r, &fgo_manifold_se3, &fgo_between_se3, 7, 6, 0.1, NULL);
    double x[16];
    for (int i = 0; i < 8; i++) {
        random_value(r, &fgo_manifold_se2, x);
        assert_ok(fgo_graph_add_variable(g, 100 + i, &fgo_manifold_se2, x));
        if (i)
            assert_ok(fgo_graph_add_factor(g, &fgo_between_se2, (int64_t[]){ 100 + i, 99 + i }, x, fgo_noise_sigma(0.5),
                                           fgo_loss_cauchy(2.0)));
    }
    for (int i = 0; i < 6; i++) {
        for (int d = 0; d < dim[i]; d++) x[d] = rng_normal(r);
        assert_ok(fgo_graph_add_rn(g, 200 + i, dim[i], x));
        add_linear(r, g, 10, 1, (int64_t[]){ 200 + i }, &dim[i]);
    }
    for (int i = 0; i < 12; i++) {
        const int a = rng_below(r, 6), b = (a + 1 + rng_below(r, 2)) % 6, c = (a + 3) % 6;
        add_linear(r, g, 1 + rng_below(r, 6), 2 + i % 2, (int64_t[]){ 200 + a, 200 + b, 200 + c },
                   (int[]){ dim[a], dim[b], dim[c] });
    }
    add_linear(r, g, 6, 2, (int64_t[]){ 204, 200 }, (int[]){ 6, 1 });
    return g;
}

static inline fgo_graph *random_graph(rng *r, int t)
{
    const int poses = 2 + rng_below(r, 12);
    fgo_graph *g = t % 3 == 0   ? mixed_graph(r)
                   : t % 3 == 1 ? exact_graph(r, &fgo_manifold_se2, &fgo_between_se2, poses, poses, 0.2, NULL)
                                : exact_graph(r, &fgo_manifold_se3, &fgo_between_se3, poses, poses, 0.2, NULL);
    if (t / 3 % 3 == 1) assert_ok(fgo_graph_hold(g, 1));
    if (t / 3 % 3 == 2) {
        assert_ok(fgo_graph_hold(g, 0));
        assert_ok(fgo_graph_hold_dof(g, 1, 2));
        assert_ok(fgo_graph_hold_dof(g, 1, 0));
        if (t % 3 == 0) assert_ok(fgo_graph_hold_dof(g, 203, 4));
    }
    return g;
}

/* ---- a linearized graph and a linear solver for it ---- */

typedef struct {
    fgoi_system *s;
    fgoi_linear *ls;
    size_t n;
    double *b, *damping; /* b = J' r */
} problem;

/* H and b at the graph's values; lambda times H's diagonal, or times 1, is added to it. */
static inline problem linearized(fgo_graph *g, const fgo_linear_solver_class *c, fgo_linear_request settings, double lambda,
                                 int scaled)
{
    problem p = { .s = malloc(sizeof *p.s) };
    assert_non_null(p.s);
    assert_ok(whole_system_create(g, p.s));
    assert_ok(fgoi_linear_create(c, &p.ls));
    if (fgoi_linear_can(p.ls, FGO_LINEAR_WANTS_ROWS)) {
        assert_ok(fgoi_system_view_rows(p.s));
        p.ls->request.jacobian = &p.s->rows;
        p.ls->request.tolerance = settings.tolerance;
        p.ls->request.max_iterations = settings.max_iterations;
        p.ls->request.preconditioner = settings.preconditioner;
    }
    assert_ok(fgoi_linear_analyze(p.ls, &p.s->pattern, p.s->slot));
    p.n = p.s->pattern.offset[p.s->pattern.n];
    p.b = calloc(p.n + 1, sizeof *p.b);
    p.damping = calloc(p.n + 1, sizeof *p.damping);
    assert_true(isfinite(fgoi_system_linearize(p.s, NULL, g->x, p.ls->report.values, p.b)));
    for (int j = 0; j < p.s->pattern.n; j++)
        for (int d = 0; d < p.s->pattern.dim[j]; d++) {
            const size_t i = p.s->pattern.offset[j] + (size_t)d;
            double *h = &p.ls->report.values[fgoi_system_diagonal(p.s, j, d)];
            p.damping[i] = lambda * (scaled ? *h : 1.0);
            *h += p.damping[i];
            if (p.ls->report.damping) p.ls->report.damping[i] = p.damping[i];
        }
    return p;
}

static inline void release(problem *p)
{
    free(p->b), free(p->damping);
    fgoi_linear_free(p->ls);
    whole_system_free(p->s);
    free(p->s);
}

/* x: the step, p->n numbers to be freed. */
static inline double *solve(problem *p)
{
    double *x = calloc(p->n + 1, sizeof *x);
    assert_int_equal(fgoi_linear_factorize(p->ls, NULL), FGO_OUTCOME_SOLVED);
    for (size_t i = 0; i < p->n; i++) x[i] = -p->b[i];
    assert_int_equal(fgoi_linear_solve(p->ls, x), FGO_OUTCOME_SOLVED);
    return x;
}

static inline double difference(size_t n, const double *a, const double *b) /* |a - b| / |b| */
{
    double error = 0.0, size = 1e-300;
    for (size_t i = 0; i < n; i++) error += (a[i] - b[i]) * (a[i] - b[i]), size += b[i] * b[i];
    return sqrt(error / size);
}
#endif
