/* SPDX-License-Identifier: BSD-3-Clause */
/* test_suites.c -- that the problems of the suites are those that were published: their costs at known places, their Jacobians, and
 * the scores of answers. */
#include "score.h"
#include "support.h"
#include <float.h>

/* ---- what holds for all ---- */

/* Parameters are as small as 1e-7 beside terms of 1e8, and differences are taken in steps of the tangent. So the Jacobian is checked
 * in units of a hundredth of each parameter. */
typedef struct unit {
    const fgo_factor_class *residual;
    double size[PROBLEM_PARAMETERS];
} unit;

static void move(const fgo_manifold *m, const double *x, const double *delta, double *out)
{
    const unit *u = m->user;
    for (int k = 0; k < m->tangent; k++) out[k] = x[k] + u->size[k] * delta[k];
}

static void separate(const fgo_manifold *m, const double *x, const double *y, double *delta)
{
    const unit *u = m->user;
    for (int k = 0; k < m->tangent; k++) delta[k] = (y[k] - x[k]) / u->size[k];
}

static int evaluate_in_units(const fgo_factor_class *self, size_t count, const double *const *x, const void *z, double *e,
                             double *J)
{
    const unit *u = self->user;
    const size_t columns = (size_t)self->partials, numbers = count * (size_t)self->rows * columns;
    const int failed = u->residual->evaluate(u->residual, count, x, z, e, J);
    for (size_t i = 0; J && i < numbers; i++) J[i] *= u->size[i % columns];
    return failed;
}

static void check_jacobians(const problem *p, const double *x)
{
    unit u = { .residual = p->residual };
    fgo_factor_class c = *p->residual;
    fgo_manifold m = { .ambient = p->n, .tangent = p->n, .retract = move, .local = separate, .user = &u };
    const fgo_manifold *manifold = &m;
    for (int k = 0; k < p->n; k++) u.size[k] = x[k] == 0.0 ? 1.0 : 0.01 * fabs(x[k]);
    snprintf(m.name, sizeof m.name, "scaled");
    c.variable[0].manifold = m.name;
    c.evaluate = evaluate_in_units;
    c.user = &u;
    for (int i = 0; i < p->observations; i++) {
        fgo_jacobian_report report;
        assert_ok(fgo_check_jacobian(&c, &manifold, &x, &p->data[i], &report));
        if (report.error < 1e-7) continue;
        print_error("%s: observation %d, row %d, parameter %d: %.15g, by differences %.15g\n", p->name, i, report.row,
                    report.dof + 1, report.jacobian, report.difference);
        fail();
    }
}

static double cost_at(const problem *p, const double *x)
{
    fgo_graph *g;
    double cost;
    assert_ok(problem_graph(p, x, &g));
    assert_ok(fgo_graph_cost(g, &cost));
    fgo_graph_free(g);
    return cost;
}

/* Asserts that the cost at the minimizer is the best one, as far as the digits of both go: at a stationary point the cost changes by
 * |J d|^2 if the parameters change by d, and by 2 |e| times the rounding of e, a few units of that of the response. */
static void assert_best(const problem *p)
{
    double e[PROBLEM_ROWS], J[PROBLEM_ROWS * PROBLEM_PARAMETERS], tolerance = p->best_error;
    const int rows = problem_evaluate(p, p->minimizer, e, J);
    assert_true(rows > 0);
    for (int i = 0; i < rows; i++) {
        double moved = 0.0;
        for (int k = 0; k < p->n; k++) moved += fabs(J[i * p->n + k]) * p->last_digit[k];
        tolerance += moved * moved + 2.0 * fabs(e[i]) * 8.0 * DBL_EPSILON * fabs(p->data[i / p->residual->rows].y);
    }
    const double cost = cost_at(p, p->minimizer);
    if (fabs(cost - p->best) <= tolerance) return;
    print_error("%s: the cost is %.17g, known is %.17g within %g\n", p->name, cost, p->best, tolerance);
    fail();
}

/* ---- NIST ---- */

/* Returns the folder of NIST's files; skips the test, and says why, where there is none. */
static const char *nist_folder(void)
{
    static char folder[512];
    const char *datasets = getenv("FGOPT_DATASETS");
    int files = 0;
    problem p;
    snprintf(folder, sizeof folder, "%s/nist", datasets ? datasets : "");
    for (int i = 0; i < nist_count() && datasets; i++) files += nist_read(folder, i, &p) != 1;
    print_message("%d of %d files of NIST are in the folder nist of FGOPT_DATASETS\n", files, nist_count());
    if (files == 0) skip();
    return folder;
}

/* Asserts that the standard deviations at the certified parameters are the certified ones. */
static void assert_deviations(const problem *p)
{
    fgo_graph *g;
    assert_ok(problem_graph(p, p->minimizer, &g));
    const double digits = deviation_digits(p, g, p->best);
    fgo_graph_free(g);
    if (digits >= 6.0) return;
    print_error("%s: %.1f digits of the standard deviations are right\n", p->name, digits);
    fail();
}

static void test_nist_certified_values(void **state)
{
    (void)state;
    const char *folder = nist_folder();
    for (int i = 0; i < nist_count(); i++) {
        problem p;
        const int missing = nist_read(folder, i, &p);
        if (missing < 0) fail_msg("%s: the file is not what is expected", nist_name(i));
        if (missing) continue;
        assert_best(&p);
        assert_deviations(&p);
        assert_true(p.best < cost_at(&p, p.start[0]) && p.best < cost_at(&p, p.start[1]));
    }
}

static void test_nist_jacobians(void **state)
{
    (void)state;
    const char *folder = nist_folder();
    for (int i = 0; i < nist_count(); i++) {
        problem p;
        if (nist_read(folder, i, &p)) continue;
        check_jacobians(&p, p.start[1]);
        check_jacobians(&p, p.minimizer);
    }
}

/* A file of the form of NIST's, with DanWood's model: y = 2 x^3 at 1, 2 and 3. */
static void write_file(const char *folder, int observations)
{
    char path[600];
    snprintf(path, sizeof path, "%s/DanWood.dat", folder);
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    fprintf(file,
            "Data:          1 Response Variable  (y = power)\r\n  b1 =   1    0.7    2.00E+00   1.5E-03\r\n"
            "  b2 =   5    4    3.0000E-01   2.5E-03\r\n\r\nResidual Sum of Squares:      4.317E-03\r\n"
            "Number of Observations:      %d\r\n\r\nData:  y     x\r\n  2.0E0  1.0E0\r\n  16.0E0  2.0E0\r\n  .54E2  3.0E0\r\n",
            observations);
    fclose(file);
}

static int index_of(const char *name)
{
    int i = 0;
    while (strcmp(nist_name(i), name) != 0) i++;
    return i;
}

static void test_nist_reader(void **state)
{
    char folder[] = "/tmp/fgopt_suites_XXXXXX", path[600];
    problem p;
    (void)state;
    assert_non_null(mkdtemp(folder));
    const int danwood = index_of("DanWood");
    assert_int_equal(nist_read(folder, danwood, &p), 1);
    write_file(folder, 3);
    assert_int_equal(nist_read(folder, danwood, &p), 0);
    assert_true(p.n == 2 && p.observations == 3 && p.starts == 2);
    assert_true(p.start[0][0] == 1.0 && p.start[1][0] == 0.7 && p.start[0][1] == 5.0 && p.start[1][1] == 4.0);
    assert_true(p.minimizer[0] == 2.0 && p.minimizer[1] == 0.3 && p.deviation[0] == 1.5e-3 && p.deviation[1] == 2.5e-3);
    assert_close(p.last_digit[0], 0.5e-2, 1e-15);
    assert_close(p.last_digit[1] * 1e5, 0.5, 1e-12); /* 3.0000E-01 */
    assert_true(p.best == 4.317e-3 && fabs(p.best_error - 0.5e-6) < 1e-18);
    assert_true(p.data[1].y == 16.0 && p.data[1].x == 2.0 && p.data[2].y == 54.0);
    assert_true(cost_at(&p, (double[]){ 2.0, 3.0 }) == 0.0);
    write_file(folder, 4);
    assert_int_equal(nist_read(folder, danwood, &p), -1);
    snprintf(path, sizeof path, "%s/DanWood.dat", folder);
    assert_int_equal(remove(path), 0);
    assert_int_equal(remove(folder), 0);
}

/* ---- More, Garbow and Hillstrom ---- */

/* F at x0, computed in 30 digits by another program from the formulas as they are printed. */
static const double at_start[] = {
    24.2,           400.5,           1.1352617173484,    999998000003.0,  14.203125,        4171.3061619605,
    2500.0,         41.681695861678, 3.8881069911667e-6, 1693607809.4361, 12.110705825569,  1031.1538106094,
    215.0,          19192.0,         0.0053131722721085, 7926693.3369974, 0.87902629354464, 0.77907007565597,
    2.0934195142121
};
/* The minima as the paper has them. */
static const double published[] = { 0, 0, 0, 0, 0,          124.362, 0,          8.21487e-3, 1.12793e-8, 87.9458,
                                    0, 0, 0, 0, 3.07505e-4, 85822.2, 5.46489e-5, 0,          4.01377e-2 };

static void test_mgh_costs(void **state)
{
    (void)state;
    assert_int_equal(mgh_count(), 19);
    for (int i = 0; i < mgh_count(); i++) {
        problem p;
        mgh_fill(i, &p);
        assert_close(cost_at(&p, p.start[0]) / at_start[i], 1.0, 1e-12);
        if (p.best > 0.0)
            assert_close(cost_at(&p, p.minimizer) / p.best, 1.0, 1e-10);
        else
            assert_true(cost_at(&p, p.minimizer) < 1e-25);
        assert_true(fabs(p.best - published[i]) <= 6e-6 * published[i]);
        assert_true(p.best == 0.0 || slope_at(&p, p.minimizer) < 1e-6);
    }
}

static void test_mgh_jacobians(void **state)
{
    (void)state;
    for (int i = 0; i < mgh_count(); i++) {
        problem p;
        mgh_fill(i, &p);
        double x[PROBLEM_PARAMETERS];
        for (int k = 0; k < p.n; k++) x[k] = 1.01 * p.start[0][k] + 0.003 * (k + 1); /* no zeros */
        check_jacobians(&p, x);
        check_jacobians(&p, p.minimizer);
    }
}

static void test_mgh_starts(void **state)
{
    problem p;
    (void)state;
    mgh_fill(0, &p);
    assert_true(p.start[0][0] == -1.2 && p.start[1][0] == -12.0 && p.start[2][0] == -120.0 && p.start[2][1] == 100.0);
}

/* Asserts that x satisfies the first-order conditions of a minimum within the bounds: the slope vanishes where no bound is active,
 * and points outwards where one is. */
static void assert_bounded_minimum(const problem *p)
{
    fgo_graph *g;
    double gradient[PROBLEM_PARAMETERS], J[PROBLEM_ROWS * PROBLEM_PARAMETERS], e[PROBLEM_ROWS];
    const double *x = p->bounded_minimizer;
    assert_ok(problem_graph(p, x, &g));
    assert_ok(fgo_graph_gradient(g, gradient));
    fgo_graph_free(g);
    const int rows = problem_evaluate(p, x, e, J);
    for (int k = 0; k < p->n; k++) {
        double column = 0.0;
        for (int i = 0; i < rows; i++) column = hypot(column, J[i * p->n + k]);
        const double slope = gradient[k] / fmax(2.0 * column * sqrt(p->bounded_best), 1e-12);
        assert_true(x[k] >= p->lower[k] && x[k] <= p->upper[k]);
        if (x[k] == p->lower[k])
            assert_true(slope >= -1e-6);
        else if (x[k] == p->upper[k])
            assert_true(slope <= 1e-6);
        else if (fabs(slope) > 1e-6)
            fail_msg("%s: parameter %d is free and has slope %g", p->name, k + 1, slope);
    }
}

static void test_mgh_bounded(void **state)
{
    int bounded = 0;
    (void)state;
    for (int i = 0; i < mgh_count(); i++) {
        problem p;
        mgh_fill(i, &p);
        if (!p.bounded) continue;
        bounded++;
        assert_true(fabs(cost_at(&p, p.bounded_minimizer) - p.bounded_best) <= 1e-10 * p.bounded_best);
        assert_true(p.bounded_best >= p.best);
        assert_bounded_minimum(&p);
    }
    assert_int_equal(bounded, 10);
}

/* ---- scores ---- */

static void test_log_relative_error(void **state)
{
    (void)state;
    assert_close(log_relative_error(1.001, 1.0, 11.0), 3.0, 1e-9);
    assert_close(log_relative_error(-2000.2, -2000.0, 11.0), 4.0, 1e-9);
    assert_close(log_relative_error(1e-5, 0.0, 11.0), 5.0, 1e-12);
    assert_true(log_relative_error(3.0, 3.0, 11.0) == 11.0);
    assert_true(log_relative_error(1.0 + 1e-15, 1.0, 11.0) == 11.0);
    assert_true(log_relative_error(NAN, 3.0, 11.0) == -INFINITY);
}

static verdict verdict_at(int i, const double *x, fgo_termination t)
{
    problem p;
    fgo_graph *g;
    score s;
    mgh_fill(i, &p);
    assert_ok(problem_graph(&p, x ? x : p.minimizer, &g));
    score_answer(&p, g, t, &s);
    fgo_graph_free(g);
    return s.verdict;
}

static void test_verdicts(void **state)
{
    const fgo_termination converged = FGO_TERMINATION_CONVERGED_COST, stopped = FGO_TERMINATION_STOPPED_ITERATIONS;
    const double rosenbrock[] = { -1.2, 1.0 }, freudenstein[] = { 11.412778986902094, -0.89680525327447652 };
    /* the saddle of Wood's function, with a cost of 7.877 */
    const double wood[] = { -0.96797402493759307, 0.94713914081784182, -0.96951631033159115, 0.95124766579232528 };
    (void)state;
    assert_int_equal(verdict_at(0, NULL, converged), VERDICT_SOLVED);
    assert_int_equal(verdict_at(7, NULL, converged), VERDICT_SOLVED);
    assert_int_equal(verdict_at(0, NULL, stopped), VERDICT_SOLVED);
    assert_int_equal(verdict_at(0, rosenbrock, converged), VERDICT_FALSE);
    assert_int_equal(verdict_at(0, rosenbrock, stopped), VERDICT_STOPPED);
    assert_int_equal(verdict_at(1, freudenstein, converged), VERDICT_OTHER);
    assert_int_equal(verdict_at(13, wood, converged), VERDICT_SADDLE);
    assert_int_equal(verdict_at(13, wood, stopped), VERDICT_STOPPED);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_nist_certified_values),
        cmocka_unit_test(test_nist_jacobians),
        cmocka_unit_test(test_nist_reader),
        cmocka_unit_test(test_mgh_costs),
        cmocka_unit_test(test_mgh_jacobians),
        cmocka_unit_test(test_mgh_starts),
        cmocka_unit_test(test_mgh_bounded),
        cmocka_unit_test(test_log_relative_error),
        cmocka_unit_test(test_verdicts),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
