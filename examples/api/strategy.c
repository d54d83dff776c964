/* SPDX-License-Identifier: BSD-3-Clause */
/* strategy.c -- a strategy of your own: Levenberg's, whose damping is divided by ten after each accepted step and multiplied by
 * ten after each rejected one (K. Levenberg 1944). It finds where a robot stands from its distances to three beacons. */
#include <fgopt/factors.h>
#include <fgopt/solver.h>
#include <fgopt/strategy.h>
#include <math.h>
#include <stdio.h>

typedef struct levenberg {
    double lambda;
    double *damping; /* one vector: lambda for every degree of freedom */
} levenberg;

static void start(void *state, fgo_linearization *p, const fgo_options *options, double *vectors)
{
    (void)p, (void)options;
    *(levenberg *)state = (levenberg){ 1e-2, vectors };
}

static fgo_outcome step(void *state, fgo_linearization *p, double *dx, fgo_step *out)
{
    levenberg *s = state;
    const size_t n = fgo_linearization_dimension(p);
    const double *b = fgo_linearization_gradient(p);
    out->lambda = s->lambda;
    for (size_t i = 0; i < n; i++) s->damping[i] = s->lambda;
    const fgo_outcome outcome = fgo_linearization_solve(p, s->damping, dx);
    if (outcome) return outcome;
    out->predicted_reduction = -fgo_linearization_curvature(p, dx);
    for (size_t i = 0; i < n; i++) out->predicted_reduction -= 2.0 * b[i] * dx[i];
    return FGO_OUTCOME_SOLVED;
}

static int accepts(const void *state, const fgo_trial *t)
{
    (void)state;
    return t->gain_ratio > 0.0;
}

static void accept(void *state, fgo_linearization *p, const fgo_trial *t)
{
    (void)p, (void)t;
    ((levenberg *)state)->lambda /= 10.0;
}

static int reject(void *state, fgo_linearization *p, fgo_rejection reason)
{
    (void)p, (void)reason;
    ((levenberg *)state)->lambda *= 10.0;
    return ((levenberg *)state)->lambda < 1e20 ? 0 : -1;
}

static const fgo_strategy_class strategy = {
    .size = sizeof strategy,
    .name = "levenberg",
    .gives_up = "no damping makes the cost smaller",
    .state_size = sizeof(levenberg),
    .vectors = 1,
    .start = start,
    .step = step,
    .accepts = accepts,
    .accept = accept,
    .reject = reject,
};

int main(void)
{
    static const double beacon[3][2] = { { 0, 0 }, { 10, 0 }, { 0, 10 } }; /* held; the robot stands at (3, 4), facing x */
    fgo_options options = fgo_options_default();
    fgo_summary summary;
    fgo_graph *g = NULL;
    options.strategy = &strategy;
    fgo_status st = fgo_graph_create(&g);
    if (!st) st = fgo_graph_add_se2(g, 0, 1.0, 1.0, 0.0);
    if (!st) st = fgo_graph_hold_dof(g, 0, 2); /* ranges do not measure its heading */
    for (int i = 0; i < 3 && !st; i++) {
        const double range = hypot(beacon[i][0] - 3.0, beacon[i][1] - 4.0);
        st = fgo_graph_add_rn(g, i + 1, 2, beacon[i]);
        if (!st) st = fgo_graph_hold(g, i + 1);
        if (!st)
            st = fgo_graph_add_factor(g, &fgo_range_se2, (int64_t[]){ 0, i + 1 }, &range, fgo_noise_sigma(0.1), fgo_loss_none());
    }
    if (!st) st = fgo_solve(g, &options, &summary);
    const double *x = st ? NULL : fgo_graph_variable_value(g, 0);
    if (x) printf("%s: the robot stands at (%.4f, %.4f)\n", fgo_termination_text(summary.termination), x[0], x[1]);
    const int right = x && fabs(x[0] - 3.0) < 1e-4 && fabs(x[1] - 4.0) < 1e-4;
    fgo_graph_free(g);
    return !right;
}
