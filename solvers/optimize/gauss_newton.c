/* SPDX-License-Identifier: BSD-3-Clause */
/* gauss_newton.c -- full, undamped steps H dx = -b, for which the model predicts a reduction of -b' dx; accepted whether the cost
 * falls or rises. */
#include "strategies.h"

static void start(void *state, fgo_linearization *p, const fgo_options *options, double *vectors)
{
    (void)state, (void)p, (void)options, (void)vectors;
}

static fgo_outcome step(void *state, fgo_linearization *p, double *dx, fgo_step *out)
{
    (void)state;
    const double *b = fgo_linearization_gradient(p);
    const size_t n = fgo_linearization_dimension(p);
    const fgo_outcome outcome = fgo_linearization_solve(p, NULL, dx);
    if (outcome) return outcome;
    out->predicted_reduction = 0.0;
    for (size_t i = 0; i < n; i++) out->predicted_reduction -= b[i] * dx[i];
    return FGO_OUTCOME_SOLVED;
}

static int accepts(const void *state, const fgo_trial *t)
{
    (void)state, (void)t;
    return 1;
}

static void accept(void *state, fgo_linearization *p, const fgo_trial *t) { (void)state, (void)p, (void)t; }

static int reject(void *state, fgo_linearization *p, fgo_rejection reason)
{
    (void)state, (void)p, (void)reason;
    return -1;
}

const fgo_strategy_class fgoi_strategy_gn = {
    .size = sizeof fgoi_strategy_gn,
    .name = "gn",
    .gives_up = "a Gauss-Newton step left the region where the cost is finite; try the method auto",
    .start = start,
    .step = step,
    .accepts = accepts,
    .accept = accept,
    .reject = reject,
};
