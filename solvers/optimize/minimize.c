/* SPDX-License-Identifier: BSD-3-Clause */
/* minimize.c -- the loop that all strategies share: linearize, step, evaluate, accept or reject, stop.
 *
 * Symbols:  F = sum rho(e' Omega e) the cost;  H = J' J and b = J' r at x, half of F's (approximate) Hessian and
 * gradient. A strategy (fgopt/strategy.h) proposes a step dx and predicts the reduction of the cost F; the gain ratio is the
 * actual reduction divided by the predicted one. A system that is not positive definite, and a step to where the cost is not
 * finite, are rejected steps, never errors. */
#include "minimize.h"
#include "base/clock.h"
#include "base/sized.h"
#include "strategies.h"
#include <float.h>
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

static size_t scalars(const fgoi_minimizer *m) { return m->system->pattern.offset[m->system->pattern.n]; }

static void stop(fgoi_minimizer *m, fgo_termination why, const char *text)
{
    m->summary->termination = why;
    snprintf(m->summary->message, sizeof m->summary->message, "%s", text);
}

/* ---- steps of an iteration ---- */

/* Computes H, b, the diagonal of H, m->cost and it.gradient_norm at x. */
static void linearize(fgoi_minimizer *m)
{
    fgoi_system *s = m->system;
    double since = fgoi_now_s(), largest = 0.0;
    m->damped = 0;
    m->untried = 1;
    m->cost = fgoi_system_linearize(s, m->threads, m->x, m->linear->report.values, m->b);
    for (int j = 0; j < s->pattern.n; j++)
        for (int d = 0; d < s->pattern.dim[j]; d++)
            m->diagonal[s->pattern.offset[j] + (size_t)d] = m->linear->report.values[fgoi_system_diagonal(s, j, d)];
    for (size_t i = 0; i < scalars(m); i++)
        if (!(fabs(m->b[i]) <= largest) && !isnan(largest)) largest = fabs(m->b[i]); /* keeps NaN */
    m->summary->gradient_norm = 2.0 * largest;
    fgoi_lap(&since, &m->it.time_linearize_s, &m->summary->time_linearize_s);
}

/* Asks the strategy for a step. Returns the reduction that it predicts, NaN if there is no step. */
static double compute_step(fgoi_minimizer *m)
{
    double norm2 = 0.0;
    m->proposal = (fgo_step){ .shortening = 1.0 };
    const fgo_outcome outcome = m->strategy->step(m->state, m, m->step, &m->proposal);
    m->it.lambda = m->proposal.lambda;
    if (outcome == FGO_OUTCOME_OUT_OF_MEMORY) {
        m->out_of_memory = 1;
        stop(m, FGO_TERMINATION_FAILED_SINGULAR, "out of memory in the factorization");
    }
    if (outcome != FGO_OUTCOME_SOLVED) return NAN;
    for (size_t i = 0; i < scalars(m); i++) norm2 += m->step[i] * m->step[i];
    m->it.step_norm = sqrt(norm2);
    return isfinite(norm2) ? m->proposal.predicted_reduction : NAN;
}

/* Moves x by the step, to x_try. Returns the cost there. */
static double try_step(fgoi_minimizer *m)
{
    double since = fgoi_now_s();
    fgoi_system_retract(m->system, m->x, m->step, m->x_try);
    const double cost = fgoi_system_cost(m->system, m->threads, m->x_try);
    fgoi_lap(&since, &m->it.time_evaluate_s, &m->summary->time_evaluate_s);
    return cost;
}

static void remember_best(fgoi_minimizer *m)
{
    if (!(m->cost < m->cost_best)) return;
    m->cost_best = m->cost;
    memcpy(m->x_best, m->x, m->system->problem->g->x_size * sizeof *m->x);
}

void fgo_linearization_return(fgo_linearization *p)
{
    if (!p || !(p->cost_best < p->cost)) return;
    memcpy(p->x, p->x_best, p->system->problem->g->x_size * sizeof *p->x);
    linearize(p);
    p->last_change = 0.0;
}

static void accept_step(fgoi_minimizer *m, const fgo_trial *t)
{
    double *x = m->x;
    m->x = m->x_try;
    m->x_try = x;
    m->it.accepted = 1;
    m->summary->accepted++;
    linearize(m);
    m->strategy->accept(m->state, m, t);
    remember_best(m);
}

/* Ends the solve because the system is not positive definite: at any damping, or for Gauss-Newton. */
static void stop_singular(fgoi_minimizer *m)
{
    const fgoi_system *s = m->system;
    const size_t at = m->linear->report.failed_at;
    char text[sizeof m->summary->message] =
        "the normal system is not positive definite; some variable is not determined by the factors";
    for (int j = 0; at != SIZE_MAX && j < s->pattern.n; j++)
        if (at < s->pattern.offset[j + 1]) {
            snprintf(text, sizeof text,
                     "the normal system is not positive definite: degree of freedom %zu of variable %" PRId64
                     " (%s) is not determined by the factors, or not by those before it",
                     at - s->pattern.offset[j], s->problem->g->variable[s->variable[j]].key,
                     s->problem->g->variable[s->variable[j]].manifold->name);
            break;
        }
    stop(m, FGO_TERMINATION_FAILED_SINGULAR, text);
}

/* Returns the length d of what the rounding of values, by about 2 eps each, adds to the whitened residuals: at most 2 eps |W J| |x|,
 * where |W J| is at most the root of the trace of H. */
static double rounding_of_residuals(const fgoi_minimizer *m)
{
    double trace = 0.0;
    for (size_t i = 0; i < scalars(m); i++) trace += m->diagonal[i];
    return 2.0 * DBL_EPSILON * sqrt(trace * fgoi_system_norm2(m->system, m->x));
}

/* Returns how much of a change of the cost F can be rounding: of the residuals, and of the sum. */
static double rounding_of_cost(const fgoi_minimizer *m)
{
    const double d = rounding_of_residuals(m);
    return d * d + 2.0 * sqrt(m->cost_best) * d + 64.0 * DBL_EPSILON * m->cost_best;
}

/* Returns whether the gradient is zero to rounding: the reduction that steps of unit damping predict, b' D^-1 b with D the diagonal of
 * H, is below what rounding makes of the cost. Free of units, and small at local minima whose H is singular as well. */
static int is_stationary(const fgoi_minimizer *m)
{
    const double d = rounding_of_residuals(m);
    double sum = 0.0;
    for (size_t i = 0; i < scalars(m); i++)
        if (m->diagonal[i] > 0.0) sum += m->b[i] / m->diagonal[i] * m->b[i];
    return sum <= d * d + 64.0 * DBL_EPSILON * m->cost_best;
}

static void reject_step(fgoi_minimizer *m, fgo_rejection reason)
{
    m->it.accepted = 0;
    if (m->summary->termination || !m->strategy->reject(m->state, m, reason)) return;
    if (reason == FGO_REJECTION_SINGULAR)
        stop_singular(m);
    else if (reason == FGO_REJECTION_COST && is_stationary(m))
        stop(m, FGO_TERMINATION_CONVERGED_GRADIENT, "the gradient is zero to rounding");
    else if (reason == FGO_REJECTION_ABOVE_BEST)
        stop(m, FGO_TERMINATION_FAILED_DIVERGED,
             "the steps converge to an estimate that costs more than the best, which is kept");
    else
        stop(m, FGO_TERMINATION_FAILED_DIVERGED, m->strategy->gives_up);
}

/* ---- stop tests: each sets the reason ---- */

static void test_gradient(fgoi_minimizer *m)
{
    if (!isfinite(m->summary->gradient_norm))
        stop(m, FGO_TERMINATION_FAILED_COST, "the Jacobian of a factor is not finite");
    else if (m->summary->gradient_norm <= m->options->gradient_tolerance)
        stop(m, FGO_TERMINATION_CONVERGED_GRADIENT, "the gradient is below its tolerance");
}

/* A change or a step that is small because the strategy shortened it is no sign of convergence: where the cost has a jump, as at
 * angles of pi, the damping grows without bound. So shortening times the change, and shortening times the step, must be small. */

/* Returns by how much the following steps would still change the cost, extrapolated from the last two: Gauss-Newton converges
 * linearly with a rate that tends to a constant, so the changes form a geometric series. While the rate is not small it returns
 * the last change. */
static double expected_change(const fgoi_minimizer *m)
{
    const double change = fabs(m->it.cost_change), rate = change / m->last_change;
    if (m->linear->report.unfinished_solves) return change; /* steps that were cut short have no rate */
    return rate < 0.1 ? change * rate / (1.0 - rate) : change;
}

/* Returns whether nothing is left to gain above rounding, whatever the tolerances: fits without noise end here. The predicted
 * reduction has to be below the smallest terms alone, for the bounds are upper ones. */
static int is_rounding(const fgoi_minimizer *m, double predicted)
{
    const double d = rounding_of_residuals(m);
    return fabs(predicted) <= d * d + 64.0 * DBL_EPSILON * m->cost_best && fabs(m->it.cost_change) <= rounding_of_cost(m);
}

/* Tests the change of cost. A rejected step counts only if no step was rejected just before, because a large damping makes any
 * change small. */
static void test_cost(fgoi_minimizer *m, double cost_before, double predicted, int first_try)
{
    const double tolerance = m->options->cost_tolerance * cost_before;
    const int small = m->it.accepted ? m->proposal.shortening * expected_change(m) <= tolerance
                                     : first_try && m->proposal.shortening * fabs(predicted) <= tolerance &&
                                           fabs(m->it.cost_change) <= tolerance;
    if (small)
        stop(m, FGO_TERMINATION_CONVERGED_COST, "the cost no longer changes");
    else if ((m->it.accepted || first_try) && is_rounding(m, m->proposal.shortening * predicted))
        stop(m, FGO_TERMINATION_CONVERGED_COST, "nothing is left to gain above rounding");
    if (m->it.accepted) m->last_change = fabs(m->it.cost_change);
}

static void test_step(fgoi_minimizer *m, int first_try)
{
    const double tolerance = m->options->step_tolerance, norm = sqrt(fgoi_system_norm2(m->system, m->x));
    if ((m->it.accepted || first_try) && m->proposal.shortening * m->it.step_norm <= tolerance * (norm + tolerance))
        stop(m, FGO_TERMINATION_CONVERGED_STEP, "the step is small against the values");
}

static void test_limits(fgoi_minimizer *m)
{
    if (m->it.iteration >= m->options->max_iterations)
        stop(m, FGO_TERMINATION_STOPPED_ITERATIONS, "the iteration limit was reached");
    else if (m->it.time_s >= m->options->time_limit_s)
        stop(m, FGO_TERMINATION_STOPPED_TIME, "the time limit was reached");
}

/* Takes back a convergence that the strategy does not believe, or to an estimate that costs more than the best: the strategy may
 * go on from there. */
static void confirm_convergence(fgoi_minimizer *m)
{
    if (fgo_termination_class(m->summary->termination) != 1) return;
    const fgo_termination why = m->summary->termination;
    m->summary->termination = FGO_TERMINATION_NONE;
    const double above = m->cost - m->cost_best;
    if (above > m->options->cost_tolerance * m->cost_best && above > rounding_of_cost(m))
        reject_step(m, FGO_REJECTION_ABOVE_BEST);
    else if (why == FGO_TERMINATION_CONVERGED_GRADIENT || fgoi_strategy_converged(m->strategy, m->state, m))
        m->summary->termination = why;
}

/* ---- the loop ---- */

/* Completes the record of the iteration and passes it to the callback, which may stop the solve; a convergence that was just
 * found remains the reason. */
static void report(fgoi_minimizer *m)
{
    const fgo_options *o = m->options;
    m->it.cost = m->cost;
    m->it.time_s = fgoi_now_s() - m->start_time_s;
    if (o->records && m->summary->records < o->record_capacity)
        fgoi_sized_write((char *)o->records + o->record_size * (size_t)m->summary->records++, o->record_size, &m->it,
                         sizeof m->it);
    if (o->callback && o->callback(&m->it, o->callback_user) && !m->summary->termination)
        stop(m, FGO_TERMINATION_STOPPED_CALLBACK, "the caller asked to stop");
}

static void iteration_zero(fgoi_minimizer *m)
{
    m->it = (fgo_iteration){ .accepted = 1 };
    linearize(m);
    m->it.gradient_norm = m->summary->gradient_norm;
    m->summary->cost_initial = m->cost_best = m->cost;
    memcpy(m->x_best, m->x, m->system->problem->g->x_size * sizeof *m->x);
    memcpy(m->x_try, m->x, m->system->problem->g->x_size * sizeof *m->x); /* held values never change again */
    if (!isfinite(m->cost))
        stop(m, FGO_TERMINATION_FAILED_COST, "the cost of the initial values is not finite or a factor cannot be evaluated");
    else
        test_gradient(m);
    m->strategy->start(m->state, m, m->options, m->vectors);
    report(m);
    if (!m->summary->termination) test_limits(m);
}

static void iterate(fgoi_minimizer *m)
{
    const double cost_before = m->cost;
    const int first_try = m->untried;
    m->it = (fgo_iteration){
        .iteration = m->it.iteration + 1, .gradient_norm = m->summary->gradient_norm, .cost_change = NAN, .gain_ratio = NAN
    };
    m->summary->iterations = m->it.iteration;
    m->untried = 0;
    const double predicted = compute_step(m);
    if (isnan(predicted)) {
        reject_step(m, FGO_REJECTION_SINGULAR);
    } else {
        const double cost_try = try_step(m);
        m->it.cost_change = cost_try - cost_before;
        m->it.gain_ratio = (cost_before - cost_try) / predicted;
        const fgo_trial t = { cost_before, cost_try, m->cost_best, predicted, m->it.gain_ratio };
        if (!isfinite(cost_try))
            reject_step(m, FGO_REJECTION_NOT_FINITE);
        else if (m->strategy->accepts(m->state, &t))
            accept_step(m, &t);
        else
            reject_step(m, FGO_REJECTION_COST);
        if (m->it.accepted) test_gradient(m);
        if (!m->summary->termination) test_cost(m, cost_before, predicted, first_try);
        if (!m->summary->termination) test_step(m, first_try);
        confirm_convergence(m);
    }
    report(m);
    if (!m->summary->termination) test_limits(m);
}

void fgoi_minimize(fgoi_minimizer *m)
{
    m->start_time_s = fgoi_now_s();
    iteration_zero(m);
    while (!m->summary->termination) iterate(m);
    m->summary->cost_final = m->cost_best;
    if (m->cost_best != m->cost) {
        double *x = m->x;
        m->x = m->x_best;
        m->x_best = x;
    }
}
