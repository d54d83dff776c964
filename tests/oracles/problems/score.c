/* SPDX-License-Identifier: BSD-3-Clause */
/* score.c -- log relative errors, the angle of residuals and Jacobian, negative curvature, the verdict on an answer. */
#include "score.h"
#include <math.h>
#include <string.h>

/* Certified values have 11 digits. A stationary point of which only rounding is left has a slope of 1e-8 at most where the problem
 * is well scaled; where "converged" is said too early it is 1e-2 and more. */
static const double certified_digits = 11.0, stationary = 1e-3, four_digits = 4.0, close_to_best = 1e-6, close_to_zero = 1e-10;
static const double relative_step = 1e-4,
                    clearly_negative = 1e-4; /* of differences; of curvature, where that of J' J is 1: 4e-4 at Wood's saddle */

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

/* Computes J' e at x. Returns 0, or 1 if it is not finite. */
static int half_gradient(const problem *p, const double *x, double *gradient)
{
    double e[PROBLEM_ROWS], J[PROBLEM_ROWS * PROBLEM_PARAMETERS];
    const int rows = problem_evaluate(p, x, e, J);
    for (int k = 0; k < p->n; k++) {
        gradient[k] = 0.0;
        for (int i = 0; i < rows; i++) gradient[k] += J[i * p->n + k] * e[i];
    }
    return rows < 0;
}

/* Computes the norms of the columns of the Jacobian at x, 1 for a column of zeros: the units in which J' J has a unit diagonal. */
static void column_norms(const problem *p, const double *x, double *norm)
{
    double e[PROBLEM_ROWS], J[PROBLEM_ROWS * PROBLEM_PARAMETERS];
    const int rows = problem_evaluate(p, x, e, J);
    for (int k = 0; k < p->n; k++) {
        norm[k] = 0.0;
        for (int i = 0; i < rows; i++) norm[k] = hypot(norm[k], J[i * p->n + k]);
        if (norm[k] == 0.0) norm[k] = 1.0;
    }
}

/* Factorizes the symmetric A + shift I in place, as L L'. Returns 0 if that has a pivot that is not positive. */
static int is_definite(int n, double A[][PROBLEM_PARAMETERS], double shift)
{
    for (int j = 0; j < n; j++) {
        double pivot = A[j][j] + shift;
        for (int k = 0; k < j; k++) pivot -= A[j][k] * A[j][k];
        if (!(pivot > 0.0)) return 0;
        A[j][j] = sqrt(pivot);
        for (int i = j + 1; i < n; i++) {
            for (int k = 0; k < j; k++) A[i][j] -= A[i][k] * A[j][k];
            A[i][j] /= A[j][j];
        }
    }
    return 1;
}

int falls_somewhere(const problem *p, const double *x)
{
    double H[PROBLEM_PARAMETERS][PROBLEM_PARAMETERS], norm[PROBLEM_PARAMETERS];
    column_norms(p, x, norm);
    for (int k = 0; k < p->n; k++) {
        const double step = x[k] == 0.0 ? relative_step : relative_step * fabs(x[k]);
        double at[PROBLEM_PARAMETERS], above[PROBLEM_PARAMETERS], below[PROBLEM_PARAMETERS];
        memcpy(at, x, (size_t)p->n * sizeof *at);
        at[k] = x[k] + step;
        int failed = half_gradient(p, at, above);
        at[k] = x[k] - step;
        failed |= half_gradient(p, at, below);
        if (failed) return 0;
        for (int l = 0; l < p->n; l++) H[k][l] = (above[l] - below[l]) / (2.0 * step) / norm[k] / norm[l];
    }
    for (int k = 0; k < p->n; k++)
        for (int l = 0; l < k; l++) H[k][l] = H[l][k] = 0.5 * (H[k][l] + H[l][k]);
    return !is_definite(p->n, H, clearly_negative);
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

static verdict judge(const problem *p, const double *x, const score *s, fgo_termination t)
{
    const int close = s->excess <= (p->best > 0.0 ? close_to_best : close_to_zero);
    const int certified = p->deviation[0] > 0.0; /* with NIST the parameters decide */
    if (certified ? s->digits >= four_digits : close) return VERDICT_SOLVED;
    if (fgo_termination_class(t) <= 0) return VERDICT_STOPPED;
    if (close) return VERDICT_EARLY;
    if (!(s->slope <= stationary)) return VERDICT_FALSE;
    return falls_somewhere(p, x) ? VERDICT_SADDLE : VERDICT_OTHER;
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
    out->verdict = judge(p, x, out, t);
}

const char *verdict_name(verdict v)
{
    static const char *const name[] = { "solved", "early", "other", "SADDLE", "FALSE", "stopped" };
    return name[v];
}
