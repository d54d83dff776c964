/* SPDX-License-Identifier: BSD-3-Clause */
/* levenberg_marquardt.c -- steps (H + lambda D) dx = -b with the damping rule of H. B. Nielsen, "Damping parameter in
 * Marquardt's method", IMM-REP-1999-05, where rho is the gain ratio:
 *
 *     accepted:  lambda *= max(1/3, 1 - (2 rho - 1)^3),  nu = 2
 *     rejected:  lambda *= nu,  nu *= 2
 *
 * D is the diagonal of H, with a floor that keeps directions without curvature solvable, or the unit matrix. The model predicts a
 * reduction of
 * -2 b' dx - dx' H dx = -b' dx + lambda dx' D dx. Along dx the model without damping has its minimum at shortening * dx, because
 * dx' H dx = -b' dx - lambda dx' D dx. */
#include "levenberg_marquardt.h"
#include "strategies.h"
#include <float.h>
#include <math.h>

typedef fgoi_lm lm;

static const double MIN_GAIN = 1e-3; /* a step is accepted if it gives this part of the predicted reduction */
static const double NEGLIGIBLE = 1e-12, SMALLEST = 1e-6, LARGEST = 1e16; /* values of lambda, in units of the diagonal */

static double largest_diagonal(const fgo_linearization *p)
{
    const double *diagonal = fgo_linearization_diagonal(p);
    const size_t n = fgo_linearization_dimension(p);
    double largest = 0.0;
    for (size_t i = 0; i < n; i++) largest = fmax(largest, diagonal[i]);
    return largest;
}

static void start(void *state, fgo_linearization *p, const fgo_options *options, double *vectors)
{
    lm *s = state;
    const double unit = options->diagonal_scaling ? 1.0 : largest_diagonal(p);
    s->scaled = options->diagonal_scaling;
    s->added = vectors;
    s->unit = unit > 0.0 ? unit : 1.0;
    s->lambda = options->initial_lambda * s->unit;
    s->nu = 2.0;
}

static fgo_outcome step(void *state, fgo_linearization *p, double *dx, fgo_step *out)
{
    const lm *s = state;
    const double *b = fgo_linearization_gradient(p), *diagonal = fgo_linearization_diagonal(p);
    const size_t n = fgo_linearization_dimension(p);
    double descent = 0.0, damping = 0.0;
    out->lambda = s->lambda;
    if (s->lambda > 0.0) {
        const double floor = 1e-12 * largest_diagonal(p);
        for (size_t i = 0; i < n; i++) s->added[i] = s->lambda * (s->scaled ? fmax(diagonal[i], floor) : 1.0);
    }
    const fgo_outcome outcome = fgo_linearization_solve(p, s->lambda > 0.0 ? s->added : NULL, dx);
    if (outcome) return outcome;
    for (size_t i = 0; i < n; i++) {
        descent -= b[i] * dx[i];
        if (s->lambda > 0.0) damping += s->added[i] * dx[i] * dx[i];
    }
    out->predicted_reduction = descent + damping;
    if (damping > 0.0) out->shortening = descent / fmax(descent - damping, DBL_EPSILON * descent);
    return FGO_OUTCOME_SOLVED;
}

static int accepts(const void *state, const fgo_trial *t)
{
    (void)state;
    return t->gain_ratio > MIN_GAIN;
}

static void accept(void *state, fgo_linearization *p, const fgo_trial *t)
{
    (void)p;
    lm *s = state;
    const double q = 2.0 * t->gain_ratio - 1.0;
    s->lambda *= fmax(1.0 / 3.0, 1.0 - q * q * q);
    if (s->lambda < NEGLIGIBLE * s->unit) s->lambda = 0.0;
    s->nu = 2.0;
}

static int reject(void *state, fgo_linearization *p, fgo_rejection reason)
{
    (void)p, (void)reason;
    lm *s = state;
    if (s->lambda < SMALLEST * s->unit) {
        s->lambda = SMALLEST * s->unit;
        return 0;
    }
    s->lambda *= s->nu;
    s->nu *= 2.0;
    return s->lambda <= LARGEST * s->unit ? 0 : -1;
}

const fgo_strategy_class fgoi_strategy_lm = {
    .size = sizeof fgoi_strategy_lm,
    .name = "lm",
    .gives_up = "no step lowers the cost, however much it is damped",
    .state_size = sizeof(lm),
    .vectors = 1,
    .start = start,
    .step = step,
    .accepts = accepts,
    .accept = accept,
    .reject = reject,
};
