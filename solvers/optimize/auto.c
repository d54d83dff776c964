/* SPDX-License-Identifier: BSD-3-Clause */
/* auto.c -- Gauss-Newton while it gets anywhere, Levenberg-Marquardt where it does not.
 *
 * Full steps cross curved valleys, which damped steps follow in many small ones, but raise the cost on their way. From the
 * poses in their files Levenberg-Marquardt needs 88 iterations for the landmark graph DLR, and is at 6.5e7 after 1000 for
 * Victoria Park; full steps arrive after 12, and after 61 at 73122. So up to PATIENCE full steps in a row may end above the best
 * estimate (the watchdog technique, R. Chamberlain et al., "The watchdog technique for forcing convergence in algorithms for
 * constrained optimization", 1982); if none of them comes below it, damped steps begin at the best estimate. After `rest` of
 * those, twice as many each time, full steps are tried again, and so they are before an end by small damped steps is believed. */
#include "levenberg_marquardt.h"
#include "strategies.h"
#include <math.h>

enum { PATIENCE = 8, FIRST_REST = 10, LONGEST_REST = 1 << 20 };
static const double TOO_HIGH = 1e3;       /* times the best cost: no full step may end above */
static const double FIRST_DAMPING = 1e-4; /* relative to the diagonal; as the first trust region of Ceres, radius 1e4 */

typedef struct automatic {
    fgoi_lm lm;
    int damped;          /* the steps are those of Levenberg-Marquardt */
    int above;           /* full steps in a row that have not come below the best estimate */
    int accepted, rest;  /* damped steps since the last full one; so many before the next one */
    double confirmed_at; /* the best cost when full steps last confirmed, or HUGE_VAL */
} automatic;

static void start(void *state, fgo_linearization *p, const fgo_options *options, double *vectors)
{
    automatic *s = state;
    fgoi_strategy_lm.start(&s->lm, p, options, vectors);
    s->damped = s->lm.lambda > 0.0;
    s->above = s->accepted = 0;
    s->rest = FIRST_REST;
    s->confirmed_at = HUGE_VAL;
}

static fgo_outcome step(void *state, fgo_linearization *p, double *dx, fgo_step *out)
{
    automatic *s = state;
    return s->damped ? fgoi_strategy_lm.step(&s->lm, p, dx, out) : fgoi_strategy_gn.step(NULL, p, dx, out);
}

static int accepts(const void *state, const fgo_trial *t)
{
    const automatic *s = state;
    if (s->damped) return fgoi_strategy_lm.accepts(&s->lm, t);
    return t->cost_after < t->cost_best || (s->above < PATIENCE && t->cost_after < TOO_HIGH * t->cost_best);
}

static void begin_full_steps(automatic *s) { s->damped = s->above = s->accepted = 0; }

static void accept(void *state, fgo_linearization *p, const fgo_trial *t)
{
    automatic *s = state;
    if (!s->damped) {
        s->above = t->cost_after < t->cost_best ? 0 : s->above + 1;
        return;
    }
    fgoi_strategy_lm.accept(&s->lm, p, t);
    s->accepted++;
    if (s->lm.lambda == 0.0) {
        begin_full_steps(s);
    } else if (s->accepted >= s->rest) {
        if (s->rest < LONGEST_REST) s->rest *= 2;
        begin_full_steps(s);
    }
}

static int reject(void *state, fgo_linearization *p, fgo_rejection reason)
{
    automatic *s = state;
    if (s->damped) return fgoi_strategy_lm.reject(&s->lm, p, reason);
    fgo_linearization_return(p);
    s->damped = 1;
    s->above = s->accepted = 0;
    s->lm.lambda = fmax(s->lm.lambda, FIRST_DAMPING * s->lm.unit);
    s->lm.nu = 2.0;
    return 0;
}

/* Damped steps are small where the damping is large, too: full steps must not lead below. */
static int converged(void *state, fgo_linearization *p)
{
    automatic *s = state;
    const double cost = fgo_linearization_cost(p);
    if (!s->damped || cost >= s->confirmed_at) return 1;
    s->confirmed_at = cost;
    begin_full_steps(s);
    return 0;
}

const fgo_strategy_class fgoi_strategy_auto = {
    .size = sizeof fgoi_strategy_auto,
    .name = "auto",
    .gives_up = "no step lowers the cost, however much it is damped",
    .state_size = sizeof(automatic),
    .vectors = 1,
    .start = start,
    .step = step,
    .accepts = accepts,
    .accept = accept,
    .reject = reject,
    .converged = converged,
};
