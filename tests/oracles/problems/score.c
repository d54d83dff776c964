/* SPDX-License-Identifier: BSD-3-Clause */
/* score.c -- log relative errors, the angle of residuals and Jacobian, the verdict on an answer. */
#include "score.h"
#include <math.h>

/* Certified values have 11 digits. A stationary point of which only rounding is left has a slope of 1e-8 at most where the problem
 * is well scaled; where "converged" is said too early it is 1e-2 and more. */
static const double certified_digits = 11.0, stationary = 1e-3, four_digits = 4.0, close_to_best = 1e-6, close_to_zero = 1e-10;

double log_relative_error(double value, double certified, double most)
{
    const double error = fabs(value - certified) / (certified == 0.0 ? 1.0 : fabs(certified));
    return isnan(error) ? -INFINITY : error == 0.0 ? most : fmin(most, -log10(error));
}

double slope_at(const problem *p, const double *x)
{
    double e[PROBLEM_ROWS], J[PROBLEM_ROWS * PROBLEM_PARAMETERS], most = 0.0, residual = 0.0;
    const int rows = problem_evaluate(p, x, e, J);
    if (rows < 0) return NAN;
    for (int i = 0; i < rows; i++) residual = hypot(residual, e[i]);
    for (int k = 0; k < p->n; k++) {
        double along = 0.0, column = 0.0;
        for (int i = 0; i < rows; i++) {
            along += J[i * p->n + k] * e[i];
            column = hypot(column, J[i * p->n + k]);
        }
        if (column > 0.0 && residual > 0.0) most = fmax(most, fabs(along / column / residual));
    }
    return most;
}

double deviation_digits(const problem *p, const fgo_graph *g, double cost)
{
    fgo_covariance *c = NULL;
    double Sigma[PROBLEM_PARAMETERS * PROBLEM_PARAMETERS], least = certified_digits;
    if (p->deviation[0] == 0.0 || fgo_covariance_create(g, 1, &c)) return NAN;
    const fgo_status status = fgo_covariance_marginal(c, 0, Sigma);
    fgo_covariance_free(c);
    if (status) return NAN;
    const double variance = cost / (p->observations - p->n);
    for (int k = 0; k < p->n; k++)
        least = fmin(least, log_relative_error(sqrt(Sigma[k * p->n + k] * variance), p->deviation[k], certified_digits));
    return least;
}

static verdict judge(const problem *p, const score *s, fgo_termination t)
{
    const int close = s->excess <= (p->best > 0.0 ? close_to_best : close_to_zero);
    const int certified = p->deviation[0] > 0.0; /* with NIST the parameters decide */
    if (certified ? s->digits >= four_digits : close) return VERDICT_SOLVED;
    if (fgo_termination_class(t) <= 0) return VERDICT_STOPPED;
    if (close) return VERDICT_EARLY;
    return s->slope <= stationary ? VERDICT_OTHER : VERDICT_FALSE;
}

void score_answer(const problem *p, const fgo_graph *g, fgo_termination t, score *out)
{
    const double *x = fgo_graph_variable_value(g, 0);
    *out = (score){ .cost = INFINITY, .digits = p->unique ? certified_digits : NAN, .slope = slope_at(p, x) };
    if (fgo_graph_cost(g, &out->cost)) out->cost = INFINITY;
    out->excess = p->best > 0.0 ? (out->cost - p->best) / p->best : out->cost;
    for (int k = 0; k < p->n && p->unique; k++)
        out->digits = fmin(out->digits, log_relative_error(x[k], p->minimizer[k], certified_digits));
    out->deviation = deviation_digits(p, g, out->cost);
    out->verdict = judge(p, out, t);
}

const char *verdict_name(verdict v)
{
    static const char *const name[] = { "solved", "early", "other", "FALSE", "stopped" };
    return name[v];
}
