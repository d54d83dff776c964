/* SPDX-License-Identifier: BSD-3-Clause */
/* strategy.c -- a strategy of one's own: Powell's dogleg (M. J. D. Powell 1970; J. Nocedal, S. Wright, "Numerical Optimization", 2nd
 * ed., section 4.1). The step goes from the minimum along -b towards that of the model, and ends at the radius of trust. */
#include <fgopt/fgopt.h>
#include <fgopt/strategy.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

/* ---- the extension ---- */

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
    out->lambda = s->radius; /* what reports show */
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
        out->predicted_reduction = -2.0 * dot(n, fgo_linearization_gradient(p), dx) - fgo_linearization_curvature(p, dx);
    }
    s->step_norm = sqrt(dot(n, dx, dx));
    out->shortening = fmax(1.0, s->newton_norm / s->step_norm);
    return FGO_OUTCOME_SOLVED;
}

static int accepts(const void *state, const fgo_trial *t)
{
    (void)state;
    return t->gain_ratio > 1e-4;
}

static void accept(void *state, fgo_linearization *p, const fgo_trial *t)
{
    dogleg *s = state;
    (void)p;
    s->fresh = 0;
    if (t->gain_ratio > 0.75) s->radius = fmax(s->radius, 3.0 * s->step_norm);
    if (t->gain_ratio < 0.25) s->radius = 0.5 * s->step_norm;
}

/* A shorter step needs no second linear system: newton and cauchy are still there. */
static int reject(void *state, fgo_linearization *p, fgo_rejection reason)
{
    dogleg *s = state;
    (void)p;
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

/* ---- its use: Rosenbrock's valley, residuals 10 (v - u^2) and 1 - u, from (-1.2, 1) ---- */

static int valley(const fgo_factor_class *self, size_t count, const double *const *x, const void *z, double *e, double *J)
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
static const fgo_factor_class valley_class = { .abi = FGO_FACTOR_ABI,
                                               .arity = 1,
                                               .rows = 2,
                                               .partials = 2,
                                               .name = "valley",
                                               .variable = { { "R2", 2 } },
                                               .evaluate = valley,
                                               .gauge = FGO_GAUGE_ABSOLUTE };

enum { RECORDS = 100 };

/* No checker is shipped for strategies: what can be wrong shows in the records. Returns 1 if the cost never rises, no step leaves the
 * region of trust, and a rejected step costs no factorization. */
static int records_are_right(const fgo_iteration *it, int count)
{
    for (int k = 1; k < count; k++) {
        if (it[k].cost > it[k - 1].cost || it[k].step_norm > it[k].lambda * (1.0 + 1e-12)) return 0;
        if (!it[k].accepted && k + 1 < count && it[k + 1].time_factorize_s != 0.0) return 0;
    }
    return count > 3;
}

int main(void)
{
    fgo_graph *g = NULL;
    fgo_iteration records[RECORDS];
    fgo_options o = fgo_options_default();
    fgo_summary s;
    double x[2] = { -1.2, 1.0 };
    o.strategy = &dogleg_class;
    o.records = records;
    o.record_capacity = RECORDS;
    fgo_status status = fgo_graph_create(&g);
    if (!status) status = fgo_graph_add_rn(g, 1, 2, x);
    if (!status) status = fgo_graph_add_factor(g, &valley_class, (int64_t[]){ 1 }, NULL, fgo_noise_unit(), fgo_loss_none());
    if (!status) status = fgo_solve(g, &o, &s);
    if (!status) status = fgo_graph_get_value(g, 1, x);
    fgo_graph_free(g);
    if (status) {
        fprintf(stderr, "%s\n", fgo_last_message());
        return 1;
    }
    printf("%s after %d iterations: %.3g -> %.3g at (%.6f, %.6f)\n", fgo_termination_text(s.termination), s.iterations,
           s.cost_initial, s.cost_final, x[0], x[1]);
    return !(fgo_termination_class(s.termination) == 1 && fabs(x[0] - 1.0) < 1e-8 && fabs(x[1] - 1.0) < 1e-8 &&
             records_are_right(records, s.records));
}
