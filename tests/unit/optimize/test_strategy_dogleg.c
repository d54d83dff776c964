/* SPDX-License-Identifier: BSD-3-Clause */
/* test_strategy_dogleg.c -- Powell's dogleg (M. J. D. Powell, "A hybrid method for nonlinear equations", 1970; J. Nocedal,
 * S. Wright, "Numerical Optimization", 2nd ed., section 4.1), written against the public header alone: what a user can add. */
#include "base/memory.h"
#include "support.h"

/* ---- the strategy ---- */

typedef struct dogleg {
    double radius;
    double *newton, *cauchy; /* the minimum of the model, and that along -b */
    double newton_norm, cauchy_norm, step_norm;
    double predicted_newton, predicted_cauchy; /* reductions */
    int fresh;                                 /* newton and cauchy belong to the current estimate */
} dogleg;

static double dot(size_t n, const double *a, const double *b)
{
    double sum = 0.0;
    for (size_t i = 0; i < n; i++) sum += a[i] * b[i];
    return sum;
}

static void start(void *state, fgo_linearization *p, const fgo_options *options, double *vectors)
{
    dogleg *s = state;
    (void)options;
    *s = (dogleg){ .radius = 10.0, .newton = vectors, .cauchy = vectors + fgo_linearization_dimension(p) };
}

/* cauchy = -alpha b with alpha = b' b / b' H b, which lowers the model by alpha b' b. */
static fgo_outcome prepare(dogleg *s, fgo_linearization *p)
{
    const size_t n = fgo_linearization_dimension(p);
    const double *b = fgo_linearization_gradient(p), b2 = dot(n, b, b), alpha = b2 / fgo_linearization_curvature(p, b);
    const fgo_outcome outcome = fgo_linearization_solve(p, NULL, s->newton);
    if (outcome) return outcome;
    for (size_t i = 0; i < n; i++) s->cauchy[i] = -alpha * b[i];
    s->newton_norm = sqrt(dot(n, s->newton, s->newton));
    s->cauchy_norm = alpha * sqrt(b2);
    s->predicted_cauchy = alpha * b2;
    s->predicted_newton = -dot(n, b, s->newton);
    s->fresh = 1;
    return FGO_OUTCOME_SOLVED;
}

/* The part t of the way from cauchy to newton that ends at the radius. */
static double part_of_the_way(const dogleg *s, size_t n)
{
    const double dc = dot(n, s->newton, s->cauchy), c2 = s->cauchy_norm * s->cauchy_norm;
    const double a = s->newton_norm * s->newton_norm - 2.0 * dc + c2, half = dc - c2, c = c2 - s->radius * s->radius;
    return -c / (half + sqrt(half * half - a * c));
}

static fgo_outcome step(void *state, fgo_linearization *p, double *dx, fgo_step *out)
{
    dogleg *s = state;
    const size_t n = fgo_linearization_dimension(p);
    const double *b = fgo_linearization_gradient(p);
    out->lambda = s->radius;
    const fgo_outcome outcome = s->fresh ? FGO_OUTCOME_SOLVED : prepare(s, p);
    if (outcome) return outcome;
    if (s->newton_norm <= s->radius) {
        memcpy(dx, s->newton, n * sizeof *dx);
        out->predicted_reduction = s->predicted_newton;
    } else if (s->cauchy_norm >= s->radius) {
        const double t = s->radius / s->cauchy_norm;
        for (size_t i = 0; i < n; i++) dx[i] = t * s->cauchy[i];
        out->predicted_reduction = (2.0 - t) * t * s->predicted_cauchy;
    } else {
        const double t = part_of_the_way(s, n);
        for (size_t i = 0; i < n; i++) dx[i] = s->cauchy[i] + t * (s->newton[i] - s->cauchy[i]);
        out->predicted_reduction = -2.0 * dot(n, b, dx) - fgo_linearization_curvature(p, dx);
    }
    s->step_norm = sqrt(dot(n, dx, dx));
    out->shortening = fmax(1.0, s->newton_norm / s->step_norm);
    return FGO_OUTCOME_SOLVED;
}

static int accepts(const void *state, double gain_ratio)
{
    (void)state;
    return gain_ratio > 1e-4;
}

static void accept(void *state, fgo_linearization *p, double gain_ratio)
{
    dogleg *s = state;
    (void)p;
    s->fresh = 0;
    if (gain_ratio > 0.75) s->radius = fmax(s->radius, 3.0 * s->step_norm);
    if (gain_ratio < 0.25) s->radius = 0.5 * s->step_norm;
}

static int reject(void *state, fgo_rejection reason)
{
    dogleg *s = state;
    if (reason == FGO_REJECTION_SINGULAR) return -1;
    s->radius = 0.5 * s->step_norm;
    return s->radius > 1e-15 ? 0 : -1;
}

static const fgo_strategy_class dogleg_class = { .size = sizeof dogleg_class,
                                                 .name = "dogleg",
                                                 .gives_up = "the trust region vanished",
                                                 .state_size = sizeof(dogleg),
                                                 .vectors = 2,
                                                 .start = start,
                                                 .step = step,
                                                 .accepts = accepts,
                                                 .accept = accept,
                                                 .reject = reject };

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

/* ---- two unknowns: Rosenbrock's valley, residuals 10 (v - u^2) and 1 - u, and the curve u exp(v t) through points ---- */

static int rosenbrock(const fgo_factor_class *self, size_t count, const double *const *x, const void *z, double *e, double *J)
{
    (void)self, (void)z;
    for (size_t f = 0; f < count; f++) {
        const double u = x[f][0], v = x[f][1], rows[] = { -20.0 * u, 10.0, -1.0, 0.0 };
        e[2 * f] = 10.0 * (v - u * u);
        e[2 * f + 1] = 1.0 - u;
        if (J) memcpy(J + 4 * f, rows, sizeof rows);
    }
    return 0;
}

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

static fgo_factor_class on_two(const char *name, int rows, size_t measurement_size,
                               int (*evaluate)(const fgo_factor_class *, size_t, const double *const *, const void *, double *,
                                               double *))
{
    return (fgo_factor_class){ .abi = FGO_FACTOR_ABI,
                               .arity = 1,
                               .rows = rows,
                               .partials = 2,
                               .name = name,
                               .evaluate = evaluate,
                               .measurement_size = measurement_size,
                               .variable = { { "R2", 2 } },
                               .gauge = FGO_GAUGE_ABSOLUTE };
}

static fgo_graph *two_unknowns(const double *start)
{
    fgo_graph *g;
    assert_ok(fgo_graph_create(&g));
    assert_ok(fgo_graph_add_rn(g, 7, 2, start));
    return g;
}

/* The trust region follows the valley; a shortened or rejected step costs no second linear system. */
static void test_rosenbrock(UNUSED_STATE)
{
    (void)state;
    const double from[][2] = { { -1.2, 1.0 }, { 5.0, -3.0 }, { 0.0, 0.0 }, { -30.0, 40.0 } };
    const fgo_factor_class c = on_two("rosenbrock", 2, 0, rosenbrock);
    for (size_t i = 0; i < sizeof from / sizeof *from; i++) {
        fgo_graph *g = two_unknowns(from[i]);
        fgo_iteration it[MOST_RECORDS];
        assert_ok(fgo_graph_add_factor(g, &c, (int64_t[]){ 7 }, NULL, fgo_noise_unit(), fgo_loss_none()));
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
    const fgo_factor_class c = on_two("curve", 1, 2 * sizeof(double), curve);
    fgo_graph *g = two_unknowns(start_at);
    rng r = { 3 };
    for (int k = 0; k < 40; k++) {
        const double t = 0.1 * k, point[] = { t, 2.5 * exp(-0.7 * t) + 0.01 * rng_normal(&r) };
        assert_ok(fgo_graph_add_factor(g, &c, (int64_t[]){ 7 }, point, fgo_noise_sigma(0.01), fgo_loss_none()));
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
    const struct CMUnitTest tests[] = { cmocka_unit_test(test_graphs), cmocka_unit_test(test_rosenbrock),
                                        cmocka_unit_test(test_curve), cmocka_unit_test(test_allocations),
                                        cmocka_unit_test(test_incomplete) };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
