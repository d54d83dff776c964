/* SPDX-License-Identifier: BSD-3-Clause */
/* minimize.c -- Gauss-Newton and Levenberg-Marquardt share this loop and differ in their policy.
 *
 * Symbols:  F = sum rho(e' Omega e) the cost;  H = J' J and b = J' r at x, half of F's (approximate) Hessian and
 * gradient; D the diagonal that is damped. A step solves (H + lambda D) dx = -b. The model of the cost along it
 * promises F(x) - |r + J dx|^2 = -2 b' dx - dx' H dx = -b' dx + lambda dx' D dx, the gain ratio is what the true cost
 * did over that. A system that is not positive definite and a step to where the cost is not finite are steps that were
 * not taken, never errors. */
#define _POSIX_C_SOURCE 199309L /* clock_gettime */
#include "minimize.h"
#include <float.h>
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

double fgoi_now_s(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

/* Adds the time since *since to two clocks and starts anew. */
static void lap(double *since, double *a, double *b)
{
    const double now = fgoi_now_s();
    *a += now - *since;
    *b += now - *since;
    *since = now;
}

static size_t scalars(const fgoi_minimizer *m) { return m->system->pattern.offset[m->system->pattern.n]; }

static void stop(fgoi_minimizer *m, fgo_termination why, const char *text)
{
    m->summary->termination = why;
    snprintf(m->summary->message, sizeof m->summary->message, "%s", text);
}

/* ---- steps of an iteration ---- */

/* H, b and the diagonal at x, which then has cost m->cost and gradient norm it.gradient_norm. */
static void linearize(fgoi_minimizer *m)
{
    fgoi_system *s = m->system;
    double since = fgoi_now_s(), largest = 0.0;
    m->cost = fgoi_system_linearize(s, m->threads, m->x, m->linear->report.values, m->b);
    for (int j = 0; j < s->pattern.n; j++)
        for (int d = 0; d < s->pattern.dim[j]; d++)
            m->diagonal[s->pattern.offset[j] + (size_t)d] = m->linear->report.values[fgoi_system_diagonal(s, j, d)];
    for (size_t i = 0; i < scalars(m); i++)
        if (!(fabs(m->b[i]) <= largest) && !isnan(largest)) largest = fabs(m->b[i]); /* keeps NaN */
    m->summary->gradient_norm = 2.0 * largest;
    lap(&since, &m->it.time_linearize_s, &m->summary->time_linearize_s);
}

/* D_i, the weight of lambda in row i. A floor keeps directions without curvature solvable. */
static double damped(const fgoi_minimizer *m, size_t i, double floor)
{
    return m->options->diagonal_scaling ? fmax(m->diagonal[i], floor) : 1.0;
}

static double largest_diagonal(const fgoi_minimizer *m)
{
    double largest = 0.0;
    for (size_t i = 0; i < scalars(m); i++) largest = fmax(largest, m->diagonal[i]);
    return largest;
}

/* H's diagonal becomes that of H + lambda D; a solver without H is told lambda D. */
static void damp(fgoi_minimizer *m, double floor)
{
    const fgoi_system *s = m->system;
    for (int j = 0; j < s->pattern.n; j++)
        for (int d = 0; d < s->pattern.dim[j]; d++) {
            const size_t i = s->pattern.offset[j] + (size_t)d;
            const double added = m->policy.lambda * damped(m, i, floor);
            m->linear->report.values[fgoi_system_diagonal(s, j, d)] = m->diagonal[i] + added;
            if (m->linear->report.damping) m->linear->report.damping[i] = added;
        }
}

/* Solves for the step. Returns the reduction the model promises, NaN if there is no step. */
static double compute_step(fgoi_minimizer *m)
{
    const double floor = 1e-12 * largest_diagonal(m);
    double since = fgoi_now_s(), descent = 0.0, damping = 0.0, norm2 = 0.0;
    if (m->policy.lambda > 0.0 || m->linear->report.damping) damp(m, floor);
    for (size_t i = 0; i < scalars(m); i++) m->step[i] = -m->b[i];
    fgo_outcome outcome = fgoi_linear_factorize(m->linear, m->step);
    lap(&since, &m->it.time_factorize_s, &m->summary->time_factorize_s);
    if (outcome == FGO_OUTCOME_SOLVED) {
        outcome = fgoi_linear_solve(m->linear, m->step);
        lap(&since, &m->it.time_solve_s, &m->summary->time_solve_s);
    }
    if (outcome == FGO_OUTCOME_OUT_OF_MEMORY) {
        m->out_of_memory = 1;
        stop(m, FGO_TERMINATION_FAILED_SINGULAR, "out of memory in the factorization");
    }
    if (outcome != FGO_OUTCOME_SOLVED) return NAN;
    for (size_t i = 0; i < scalars(m); i++) {
        const double dx = m->step[i];
        descent -= m->b[i] * dx;
        damping += m->policy.lambda * damped(m, i, floor) * dx * dx;
        norm2 += dx * dx;
    }
    m->it.step_norm = sqrt(norm2);
    m->restraint = damping > 0.0 ? descent / fmax(descent - damping, DBL_EPSILON * descent) : 1.0;
    return isfinite(norm2) ? descent + damping : NAN;
}

/* The cost at x (+) step, in x_try. */
static double try_step(fgoi_minimizer *m)
{
    double since = fgoi_now_s();
    fgoi_system_retract(m->system, m->x, m->step, m->x_try);
    const double cost = fgoi_system_cost(m->system, m->threads, m->x_try);
    lap(&since, &m->it.time_evaluate_s, &m->summary->time_evaluate_s);
    return cost;
}

static void remember_best(fgoi_minimizer *m)
{
    if (!(m->cost < m->cost_best)) return;
    m->cost_best = m->cost;
    memcpy(m->x_best, m->x, m->system->g->x_size * sizeof *m->x);
}

static void take_step(fgoi_minimizer *m)
{
    double *x = m->x;
    m->x = m->x_try;
    m->x_try = x;
    m->it.accepted = 1;
    m->summary->accepted++;
    m->policy.c->taken(&m->policy, m->it.gain_ratio);
    linearize(m);
    remember_best(m);
}

/* Text for a system that no damping made positive definite, or that Gauss-Newton met. */
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
                     at - s->pattern.offset[j], s->g->variable[s->variable[j]].key,
                     s->g->variable[s->variable[j]].manifold->name);
            break;
        }
    stop(m, FGO_TERMINATION_FAILED_SINGULAR, text);
}

static void refuse_step(fgoi_minimizer *m, int solved)
{
    m->it.accepted = 0;
    if (m->summary->termination || !m->policy.c->refused(&m->policy)) return;
    if (!solved)
        stop_singular(m);
    else
        stop(m, FGO_TERMINATION_FAILED_DIVERGED,
             m->options->method == FGO_METHOD_GN
                 ? "a Gauss-Newton step left the region where the cost is finite; try the method lm"
                 : "no step lowers the cost, however much it is damped");
}

/* ---- stop tests, each sets the reason ---- */

static void test_gradient(fgoi_minimizer *m)
{
    if (!isfinite(m->summary->gradient_norm))
        stop(m, FGO_TERMINATION_FAILED_COST, "the Jacobian of a factor is not finite");
    else if (m->summary->gradient_norm <= m->options->gradient_tolerance)
        stop(m, FGO_TERMINATION_CONVERGED_GRADIENT, "the gradient is below its tolerance");
}

/* Along the step dx the model without damping has its minimum at restraint * dx, for dx' H dx = -b' dx - lambda dx' D
 * dx. A change or a step that is small because of the damping is no sign of convergence: lambda grows without end where
 * the cost has a jump, as at angles of pi. So it is restraint times the change, and times the step, that must be small.
 */

/* What the steps to come would still change the cost by, from the last two: Gauss-Newton converges linearly with a rate
 * that tends to a constant, so the changes are a geometric series. Where the rate is not yet small the last change
 * counts. */
static double expected_change(const fgoi_minimizer *m)
{
    const double change = fabs(m->it.cost_change), rate = change / m->last_change;
    if (m->linear->report.unfinished_solves) return change; /* such steps have no rate */
    return rate < 0.1 ? change * rate / (1.0 - rate) : change;
}

/* A refused step counts only if damping was not raised just before, for a large lambda makes any change small. */
static void test_cost(fgoi_minimizer *m, double cost_before, double promised, int first_try)
{
    const double tolerance = m->options->cost_tolerance * cost_before;
    const int small = m->it.accepted
                          ? m->restraint * expected_change(m) <= tolerance
                          : first_try && m->restraint * fabs(promised) <= tolerance && fabs(m->it.cost_change) <= tolerance;
    if (small) stop(m, FGO_TERMINATION_CONVERGED_COST, "the cost no longer changes");
    if (m->it.accepted) m->last_change = fabs(m->it.cost_change);
}

static void test_step(fgoi_minimizer *m, int first_try)
{
    const double tolerance = m->options->step_tolerance, norm = sqrt(fgoi_system_norm2(m->system, m->x));
    if ((m->it.accepted || first_try) && m->restraint * m->it.step_norm <= tolerance * (norm + tolerance))
        stop(m, FGO_TERMINATION_CONVERGED_STEP, "the step is small against the values");
}

static void test_limits(fgoi_minimizer *m)
{
    if (m->it.iteration >= m->options->max_iterations)
        stop(m, FGO_TERMINATION_STOPPED_ITERATIONS, "the iteration limit was reached");
    else if (m->it.time_s >= m->options->time_limit_s)
        stop(m, FGO_TERMINATION_STOPPED_TIME, "the time limit was reached");
}

/* ---- the loop ---- */

/* Closes the record and shows it; the callback may stop, but does not overrule a convergence that was just found. */
static void report(fgoi_minimizer *m)
{
    const fgo_options *o = m->options;
    m->it.cost = m->cost;
    m->it.time_s = fgoi_now_s() - m->start_time_s;
    if (o->records && m->summary->records < o->record_capacity) o->records[m->summary->records++] = m->it;
    if (o->callback && o->callback(&m->it, o->callback_user) && !m->summary->termination)
        stop(m, FGO_TERMINATION_STOPPED_CALLBACK, "the caller asked to stop");
}

static void iteration_zero(fgoi_minimizer *m)
{
    m->it = (fgo_iteration){ .accepted = 1 };
    linearize(m);
    m->it.gradient_norm = m->summary->gradient_norm;
    m->summary->cost_initial = m->cost_best = m->cost;
    memcpy(m->x_best, m->x, m->system->g->x_size * sizeof *m->x);
    memcpy(m->x_try, m->x, m->system->g->x_size * sizeof *m->x); /* held values never change again */
    if (!isfinite(m->cost))
        stop(m, FGO_TERMINATION_FAILED_COST, "the cost of the initial values is not finite or a factor cannot be evaluated");
    else
        test_gradient(m);
    const double scale = m->options->diagonal_scaling ? 1.0 : largest_diagonal(m);
    m->policy.c->start(&m->policy, m->options->initial_lambda, scale);
    report(m);
    if (!m->summary->termination) test_limits(m);
}

static void iterate(fgoi_minimizer *m)
{
    const double cost_before = m->cost;
    const int first_try = m->it.accepted;
    m->it = (fgo_iteration){ .iteration = m->it.iteration + 1,
                             .lambda = m->policy.lambda,
                             .gradient_norm = m->summary->gradient_norm,
                             .cost_change = NAN,
                             .gain_ratio = NAN };
    m->summary->iterations = m->it.iteration;
    const double promised = compute_step(m);
    if (isnan(promised)) {
        refuse_step(m, 0);
    } else {
        const double cost_try = try_step(m);
        m->it.cost_change = cost_try - cost_before;
        m->it.gain_ratio = (cost_before - cost_try) / promised;
        if (isfinite(cost_try) && m->policy.c->takes(&m->policy, m->it.gain_ratio))
            take_step(m);
        else
            refuse_step(m, 1);
        if (m->it.accepted) test_gradient(m);
        if (!m->summary->termination) test_cost(m, cost_before, promised, first_try);
        if (!m->summary->termination) test_step(m, first_try);
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
