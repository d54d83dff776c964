/* SPDX-License-Identifier: BSD-3-Clause */
/* test_suites_constrained.c -- that the problems with constraints are those that were published: the objective at the known
 * solution, the constraints there, the conditions of W. Karush, H. Kuhn and A. Tucker, and all Jacobians. */
#include "constrained.h"
#include "problem.h"
#include "support.h"

enum { N = CONSTRAINED_PARAMETERS, MOST = 8 };

/* Evaluates a class at x. Returns its rows; 0 if there is no class. */
static int evaluate(const fgo_factor_class *c, const double *x, double *e, double *J)
{
    if (!c) return 0;
    assert_int_equal(c->evaluate(c, 1, &x, NULL, e, J), 0);
    return c->rows;
}

/* Returns the objective and its gradient at x. */
static double objective(const constrained_problem *p, const double *x, double *gradient)
{
    double e[MOST], J[MOST * N], value = 0.0;
    const int rows = evaluate(p->objective, x, e, J);
    memset(gradient, 0, N * sizeof *gradient);
    for (int i = 0; i < rows; i++) {
        value += p->squares ? e[i] * e[i] : e[i];
        for (int k = 0; k < p->n; k++) gradient[k] += J[i * p->n + k] * (p->squares ? 2.0 * e[i] : 1.0);
    }
    return value;
}

/* What is active at the solution: normals of the constraints, and which of them are inequalities. */
typedef struct active {
    int count, inequality[2 * MOST];
    double normal[2 * MOST][N];
} active;

static void add_normal(active *a, int n, const double *normal, int inequality)
{
    memcpy(a->normal[a->count], normal, (size_t)n * sizeof *normal);
    a->inequality[a->count++] = inequality;
}

/* Asserts that x is feasible to `tolerance` and collects what is active there. */
static void collect(const constrained_problem *p, const double *x, double tolerance, active *a)
{
    double e[MOST], J[MOST * N];
    *a = (active){ 0 };
    for (int i = 0, rows = evaluate(p->equal, x, e, J); i < rows; i++) {
        if (!(fabs(e[i]) <= tolerance)) fail_msg("HS %d: equality %d is off by %g", p->number, i, e[i]);
        add_normal(a, p->n, &J[i * p->n], 0);
    }
    for (int i = 0, rows = evaluate(p->positive, x, e, J); i < rows; i++) {
        if (!(e[i] >= -tolerance)) fail_msg("HS %d: inequality %d is violated by %g", p->number, i, e[i]);
        if (e[i] <= tolerance) add_normal(a, p->n, &J[i * p->n], 1);
    }
    for (int k = 0; k < p->n; k++) {
        double up[N] = { 0 };
        up[k] = x[k] == p->lower[k] ? 1.0 : -1.0;
        assert_true(x[k] >= p->lower[k] && x[k] <= p->upper[k]);
        if (x[k] == p->lower[k] || x[k] == p->upper[k]) add_normal(a, p->n, up, 1);
    }
}

/* Finds the multipliers for which the sum of the active normals comes closest to the gradient, by modified Gram-Schmidt. Returns
 * the norm of what is left of the gradient. */
static double multipliers(const active *a, int n, const double *gradient, double *lambda)
{
    double q[2 * MOST][N], R[2 * MOST][2 * MOST], left[N], norm = 0.0;
    memcpy(left, gradient, sizeof left);
    for (int j = 0; j < a->count; j++) {
        memcpy(q[j], a->normal[j], sizeof q[j]);
        for (int i = 0; i <= j; i++) {
            R[i][j] = 0.0;
            for (int k = 0; k < n; k++) R[i][j] += q[i][k] * q[j][k];
            if (i == j) R[j][j] = sqrt(R[j][j]);
            for (int k = 0; k < n; k++) q[j][k] = i == j ? q[j][k] / R[j][j] : q[j][k] - R[i][j] * q[i][k];
        }
        lambda[j] = 0.0;
        for (int k = 0; k < n; k++) lambda[j] += q[j][k] * left[k];
        for (int k = 0; k < n; k++) left[k] -= lambda[j] * q[j][k];
    }
    for (int j = a->count - 1; j >= 0; j--) {
        for (int i = j + 1; i < a->count; i++) lambda[j] -= R[j][i] * lambda[i];
        lambda[j] /= R[j][j];
    }
    for (int k = 0; k < n; k++) norm = hypot(norm, left[k]);
    return norm;
}

static void test_solutions(void **state)
{
    (void)state;
    assert_int_equal(constrained_count(), 8);
    for (int i = 0; i < constrained_count(); i++) {
        const constrained_problem *p = constrained_get(i);
        double gradient[N], lambda[2 * MOST], size = 0.0;
        active a;
        assert_close(objective(p, p->solution, gradient), p->best, 1e-14);
        for (int k = 0; k < p->n; k++) size = hypot(size, gradient[k]);
        collect(p, p->solution, 1e-12, &a);
        const double left = multipliers(&a, p->n, gradient, lambda);
        if (!(left <= 1e-12 * fmax(1.0, size)))
            fail_msg("HS %d: %g of the gradient %g is no combination of the active constraints", p->number, left, size);
        for (int j = 0; j < a.count; j++) assert_true(!a.inequality[j] || lambda[j] > 0.0);
    }
}

static void check_class(const fgo_factor_class *c, int n, const double *x)
{
    fgo_manifold parameters;
    const fgo_manifold *manifold = &parameters;
    fgo_jacobian_report report;
    if (!c) return;
    assert_ok(problem_manifold(n, &parameters));
    assert_ok(fgo_check_jacobian(c, &manifold, &x, NULL, &report));
    if (!(report.error < 1e-7)) fail_msg("%s: row %d, number %d is wrong by %g", c->name, report.row, report.dof, report.error);
}

static void test_jacobians(void **state)
{
    (void)state;
    for (int i = 0; i < constrained_count(); i++) {
        const constrained_problem *p = constrained_get(i);
        const double *const places[] = { p->start, p->solution };
        for (int j = 0; j < 2; j++) {
            check_class(p->objective, p->n, places[j]);
            check_class(p->equal, p->n, places[j]);
            check_class(p->positive, p->n, places[j]);
        }
    }
}

/* The least objectives as the book has them. */
static void test_published_optima(void **state)
{
    static const double published[] = { 0, -1.732050808, 0, -1, -0.25, 0.9535288567, 17.0140173, 680.6300573 };
    (void)state;
    for (int i = 0; i < constrained_count(); i++) assert_close(constrained_get(i)->best, published[i], 1e-8);
}

/* The objectives at the starts, from the formulas by hand: what is wrong in a term that vanishes at the solution shows here. */
static void test_starts(void **state)
{
    static const double wanted[] = { 4.84, -0.39056208756589963, 21.16, -2.0, -0.4096, 100.0 + 100.0 / 9.0 + 25.0, 16.0, 714.0 };
    (void)state;
    for (int i = 0; i < constrained_count(); i++) {
        double gradient[N];
        assert_close(objective(constrained_get(i), constrained_get(i)->start, gradient), wanted[i], 1e-14);
    }
}

/* The constraints of 100, two of which are far from active at its solution, at 1, 2, ... 7, by hand. */
static void test_inactive_constraints(void **state)
{
    const constrained_problem *p = constrained_get(constrained_count() - 1);
    const double x[] = { 1, 2, 3, 4, 5, 6, 7 };
    double e[MOST];
    (void)state;
    assert_int_equal(evaluate(p->positive, x, e, NULL), 4);
    assert_true(e[0] == -15.0 && e[1] == 180.0 && e[2] == 9.0 && e[3] == 27.0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_solutions),
        cmocka_unit_test(test_jacobians),
        cmocka_unit_test(test_published_optima),
        cmocka_unit_test(test_starts),
        cmocka_unit_test(test_inactive_constraints),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
