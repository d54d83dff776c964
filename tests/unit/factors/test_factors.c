/* SPDX-License-Identifier: BSD-3-Clause */
/* test_factors.c -- every built-in factor class on 10,000 random states: values by an independent definition, Jacobians
 * by differences, values the same bits with and without Jacobian, predictions that make the residual zero. */
#include "oracle.h"
#include "support.h"
#include <float.h>

#define PI 3.14159265358979323846
enum { STATES = REPEATED(10000), LARGEST = 16 };

enum { LOG = 1, CERES };
typedef enum group { SO2, SE2, SO3, SE3, RN } group;
typedef struct factor {
    const fgo_factor_class *c;
    group group;
    int log; /* g2o (0), LOG or CERES */
} factor;

static fgo_factor_class prior_r1, prior_r3, prior_r12, between_r1, between_r3, between_r12;
static fgo_manifold vector_space[3];
static const factor factors[] = {
    { &fgo_prior_so2, SO2, 0 },
    { &fgo_prior_se2, SE2, 0 },
    { &fgo_prior_so3, SO3, 0 },
    { &fgo_prior_se3, SE3, 0 },
    { &fgo_prior_se2_log, SE2, 1 },
    { &fgo_prior_so3_log, SO3, 1 },
    { &fgo_prior_se3_log, SE3, 1 },
    { &fgo_between_so2, SO2, 0 },
    { &fgo_between_se2, SE2, 0 },
    { &fgo_between_so3, SO3, 0 },
    { &fgo_between_se3, SE3, 0 },
    { &fgo_between_se2_log, SE2, 1 },
    { &fgo_between_so3_log, SO3, 1 },
    { &fgo_between_se3_log, SE3, 1 },
    { &fgo_between_se2_ceres, SE2, CERES },
    { &fgo_between_se3_ceres, SE3, CERES },
    { &prior_r1, RN, 0 },
    { &prior_r3, RN, 0 },
    { &prior_r12, RN, 0 },
    { &between_r1, RN, 0 },
    { &between_r3, RN, 0 },
    { &between_r12, RN, 0 },
};
enum { FACTORS = sizeof factors / sizeof *factors };

static int setup(UNUSED_STATE)
{
    (void)state;
    return fgo_prior_rn(1, &prior_r1) || fgo_prior_rn(3, &prior_r3) || fgo_prior_rn(12, &prior_r12) ||
           fgo_between_rn(1, &between_r1) || fgo_between_rn(3, &between_r3) || fgo_between_rn(12, &between_r12) ||
           fgo_manifold_rn(1, &vector_space[0]) || fgo_manifold_rn(3, &vector_space[1]) || fgo_manifold_rn(12, &vector_space[2]);
}

static const fgo_manifold *manifold_of(const factor *f)
{
    static const fgo_manifold *const groups[] = { &fgo_manifold_so2, &fgo_manifold_se2, &fgo_manifold_so3, &fgo_manifold_se3 };
    if (f->group != RN) return groups[f->group];
    return &vector_space[f->c->rows == 1 ? 0 : f->c->rows == 3 ? 1 : 2];
}
static int translations(const factor *f) { return f->group == RN ? f->c->rows : f->group == SE2 ? 2 : f->group == SE3 ? 3 : 0; }

/* A twist to stand for the error: rotations of any angle, tiny, exactly zero, or close to pi; translations of any size.
 */
static void random_error(rng *r, const factor *f, double *xi)
{
    const int t = translations(f), n = manifold_of(f)->tangent - t, kind = rng_below(r, 8);
    const double small = pow(10, -rng_uniform(r, 1, 12));
    double angle = rng_uniform(r, 0, PI - 1e-3), a[3] = { rng_below(r, 2) ? 1 : -1 }, length = 1;
    if (kind == 0) angle = 0;
    if (kind == 1 || kind == 2) angle = small;
    if (kind == 3) angle = PI - pow(10, -rng_uniform(r, 1, 4));
    if (n == 3) {
        for (int i = 0; i < 3; i++) a[i] = rng_normal(r);
        length = sqrt(a[0] * a[0] + a[1] * a[1] + a[2] * a[2]);
    }
    for (int i = 0; i < t; i++) xi[i] = (kind == 0 ? 0 : kind == 1 ? small : 3) * rng_normal(r);
    for (int i = 0; i < n; i++) xi[t + i] = angle * (a[i] / length);
}

/* A state whose error is Exp(xi), and the size of its translations. */
static double random_state(rng *r, const factor *f, double values[2][LARGEST], double *z, double *xi)
{
    const fgo_manifold *m = manifold_of(f);
    const double size = rng_below(r, 2) ? 1 : pow(10, rng_uniform(r, 0, 6));
    double identity[LARGEST], delta[LARGEST];
    random_value(r, m, z);
    random_value(r, m, values[0]);
    for (int i = 0; i < translations(f); i++) z[i] *= sqrt(size), values[0][i] *= size;
    random_error(r, f, xi);
    double *moved = f->c->arity == 1 ? values[0] : values[1];
    set_identity(m, identity);
    if (f->c->arity == 1) {
        m->retract(m, z, xi, moved);
    } else { /* b = a z Exp(xi); z as a step from the identity, which no angle bounds */
        m->local(m, identity, z, delta);
        m->retract(m, values[0], delta, moved);
        m->retract(m, moved, xi, moved);
    }
    return size;
}

/* Ceres sees the error from the first pose, not from the measured second one: (R_z t, angle), (R_z t, -2 R_z q_xyz). */
static void turn(const factor *f, const double *z, double *e)
{
    const double a = z[3], b = z[4], c = z[5], w = z[6], x[6] = { e[0], e[1], e[2], e[3], e[4], e[5] };
    if (f->group == SE2) {
        e[0] = z[2] * x[0] - z[3] * x[1];
        e[1] = z[3] * x[0] + z[2] * x[1];
        return;
    }
    const double R[3][3] = { { 1 - 2 * (b * b + c * c), 2 * (a * b - c * w), 2 * (a * c + b * w) },
                             { 2 * (a * b + c * w), 1 - 2 * (a * a + c * c), 2 * (b * c - a * w) },
                             { 2 * (a * c - b * w), 2 * (b * c + a * w), 1 - 2 * (a * a + b * b) } };
    for (int i = 0; i < 3; i++) {
        e[i] = R[i][0] * x[0] + R[i][1] * x[1] + R[i][2] * x[2];
        e[3 + i] = -2 * (R[i][0] * x[3] + R[i][1] * x[4] + R[i][2] * x[5]);
    }
}

/* The residual by definition, from the twist, in long double. */
static void exact_residual(const factor *f, const double *z, const double *xi, double *e)
{
    exact T[16], full[6] = { 0 };
    const int t = translations(f), n = f->c->rows;
    memcpy(e, xi, (size_t)n * sizeof *e);
    if (f->log == LOG || f->group == RN || f->group == SO2) return;
    for (int i = 0; i < t; i++) full[i] = xi[i];
    for (int i = t; i < n; i++) full[f->group == SE2 ? 5 : 3 + i - t] = xi[i];
    exact_exp(full, T);
    for (int i = 0; i < t; i++) e[i] = (double)T[4 * i + 3];
    if (f->group == SE3 || f->group == SO3) {
        const exact angle = sqrtl(full[3] * full[3] + full[4] * full[4] + full[5] * full[5]);
        for (int i = 0; i < 3; i++) e[t + i] = (double)(angle > 0 ? sinl(angle / 2) / angle * full[3 + i] : 0);
    }
    if (f->log == CERES) turn(f, z, e);
}

static void report_worst(const factor *f, const fgo_jacobian_report *w)
{
    print_error("%s: row %d, variable %d, dof %d: %.12g, differences give %.12g\n", f->c->name, w->row, w->variable, w->dof,
                w->jacobian, w->difference);
    fail();
}

static void test_values_and_jacobians(UNUSED_STATE)
{
    (void)state;
    for (int k = 0; k < FACTORS; k++) {
        const factor *f = &factors[k];
        const fgo_manifold *m[2] = { manifold_of(f), manifold_of(f) };
        rng r = { 41 + (uint64_t)k };
        double worst_value = 0, worst_jacobian = 0;
        for (int n = 0; n < STATES; n++) {
            double values[2][LARGEST], z[LARGEST], xi[LARGEST], e[LARGEST], without[LARGEST], wanted[LARGEST], J[12 * 24];
            const double *x[2] = { values[0], values[1] };
            const double size = random_state(&r, f, values, z, xi);
            fgo_jacobian_report report;
            assert_int_equal(f->c->evaluate(f->c, 1, x, z, e, J), 0);
            assert_int_equal(f->c->evaluate(f->c, 1, x, z, without, NULL), 0);
            assert_memory_equal(e, without, (size_t)f->c->rows * sizeof *e);
            exact_residual(f, z, xi, wanted);
            for (int i = 0; i < f->c->rows; i++) {
                const double error = fabs(e[i] - wanted[i]) / (i < translations(f) ? fmax(size, 10) : 1);
                worst_value = fmax(worst_value, error);
                if (!(error <= 1e-13)) print_error("%s: e[%d] is %.17g, wanted %.17g\n", f->c->name, i, e[i], wanted[i]);
                assert_true(error <= 1e-13);
            }
            assert_ok(fgo_check_jacobian(f->c, m, x, z, &report));
            worst_jacobian = fmax(worst_jacobian, report.error);
            if (!(report.error <= 1e-7)) report_worst(f, &report);
        }
        print_message("%-16s value within %.1e, Jacobian within %.1e\n", f->c->name, worst_value, worst_jacobian);
    }
}

/* At angles of the residual where differences would jump: the Jacobian stays finite and the value right. */
static void test_at_pi(UNUSED_STATE)
{
    rng r = { 71 };
    (void)state;
    for (int k = 0; k < FACTORS; k++) {
        const factor *f = &factors[k];
        if (f->group == RN) continue;
        for (int n = 0; n < 1000; n++) {
            double values[2][LARGEST], z[LARGEST], xi[LARGEST], e[LARGEST], J[12 * 24], angle = 0, got = 0;
            const double *x[2] = { values[0], values[1] };
            const int t = translations(f), rotations = f->c->rows - t;
            random_state(&r, f, values, z, xi);
            for (int i = 0; i < t; i++) z[i] = values[0][i] = values[1][i] = 0;
            for (int i = t; i < f->c->rows; i++) angle += xi[i] * xi[i];
            if (angle == 0) continue;
            for (int i = t; i < f->c->rows; i++) xi[i] *= (PI - pow(10, -12 * rng_uniform(&r, 0.5, 1.3))) / sqrt(angle);
            memset(xi, 0, (size_t)t * sizeof *xi);
            const fgo_manifold *m = manifold_of(f);
            double delta[LARGEST], identity[LARGEST];
            set_identity(m, identity);
            m->local(m, identity, z, delta);
            if (f->c->arity == 2) m->retract(m, values[0], delta, values[1]);
            m->retract(m, f->c->arity == 2 ? values[1] : z, xi, f->c->arity == 2 ? values[1] : values[0]);
            assert_int_equal(f->c->evaluate(f->c, 1, x, z, e, J), 0);
            for (int i = 0; i < rotations; i++) got += e[t + i] * e[t + i];
            const int quaternion = f->log != LOG && rotations == 3; /* |q_xyz|, or twice that */
            assert_close(sqrt(got), !quaternion ? PI : f->log == CERES ? 2.0 : 1.0, 1e-5);
            for (int i = 0; i < f->c->rows * f->c->partials; i++) assert_true(isfinite(J[i]) && fabs(J[i]) < 10);
        }
    }
}

/* Many factors in one call are the same as one at a time, nothing is written beyond the end. */
static void test_batches(UNUSED_STATE)
{
    rng r = { 72 };
    enum { COUNT = 5 };
    (void)state;
    for (int k = 0; k < FACTORS; k++) {
        const factor *f = &factors[k];
        const size_t rows = (size_t)f->c->rows, entries = rows * (size_t)f->c->partials, arity = (size_t)f->c->arity;
        const size_t n = f->c->measurement_size / sizeof(double);
        double values[COUNT][2][LARGEST], z[COUNT * LARGEST], xi[LARGEST], measured[LARGEST];
        double e[COUNT * 12 + 1], J[COUNT * 12 * 24 + 1], one_e[12], one_J[12 * 24];
        const double *x[2 * COUNT];
        for (size_t i = 0; i < COUNT; i++) {
            random_state(&r, f, values[i], measured, xi);
            memcpy(z + i * n, measured, n * sizeof *z);
            for (size_t v = 0; v < arity; v++) x[i * arity + v] = values[i][v];
        }
        e[COUNT * rows] = J[COUNT * entries] = 42.0;
        assert_int_equal(f->c->evaluate(f->c, COUNT, x, z, e, J), 0);
        assert_true(e[COUNT * rows] == 42.0 && J[COUNT * entries] == 42.0);
        for (size_t i = 0; i < COUNT; i++) {
            f->c->evaluate(f->c, 1, x + i * arity, z + i * n, one_e, one_J);
            assert_memory_equal(one_e, e + i * rows, rows * sizeof *e);
            assert_memory_equal(one_J, J + i * entries, entries * sizeof *J);
        }
        assert_int_equal(f->c->evaluate(f->c, 0, x, z, e, J), 0);
        assert_memory_equal(one_J, J + (COUNT - 1) * entries, entries * sizeof *J);
    }
}

static void test_predictions(UNUSED_STATE)
{
    (void)state;
    for (int k = 0; k < FACTORS; k++) {
        const factor *f = &factors[k];
        rng r = { 73 + (uint64_t)k };
        assert_non_null(f->c->predict);
        for (int n = 0; n < 1000; n++)
            for (int v = 0; v < f->c->arity; v++) {
                double values[2][LARGEST], z[LARGEST], xi[LARGEST], e[LARGEST], predicted[LARGEST];
                const double *x[2] = { values[0], values[1] };
                const double size = random_state(&r, f, values, z, xi);
                assert_int_equal(f->c->predict(f->c, z, x, v, predicted), 0);
                x[v] = predicted;
                f->c->evaluate(f->c, 1, x, z, e, NULL);
                for (int i = 0; i < f->c->rows; i++)
                    assert_true(fabs(e[i]) <= 1e-14 * (i < translations(f) ? fmax(size, 10) : 1));
            }
    }
}

/* A rigid motion of everything leaves relative factors alone and moves priors. */
static void test_gauge(UNUSED_STATE)
{
    rng r = { 74 };
    (void)state;
    for (int k = 0; k < FACTORS; k++) {
        const factor *f = &factors[k];
        const fgo_manifold *m = manifold_of(f);
        assert_int_equal(f->c->gauge, f->c->arity == 2 ? FGO_GAUGE_RELATIVE : FGO_GAUGE_ABSOLUTE);
        double values[2][LARGEST], moved[2][LARGEST], z[LARGEST], xi[LARGEST], e[LARGEST], e_moved[LARGEST], G[LARGEST];
        double identity[LARGEST], delta[LARGEST], change = 0;
        const double *x[2] = { values[0], values[1] }, *y[2] = { moved[0], moved[1] };
        const double size = random_state(&r, f, values, z, xi);
        set_identity(m, identity);
        random_value(&r, m, G);
        for (int v = 0; v < f->c->arity; v++) { /* G x, as x is G moved by Log x */
            m->local(m, identity, values[v], delta);
            m->retract(m, G, delta, moved[v]);
        }
        f->c->evaluate(f->c, 1, x, z, e, NULL);
        f->c->evaluate(f->c, 1, y, z, e_moved, NULL);
        for (int i = 0; i < f->c->rows; i++) change = fmax(change, fabs(e[i] - e_moved[i]) / fmax(size, 10));
        assert_true(f->c->arity == 2 ? change < 1e-13 : change > 1e-9);
    }
}

static void test_tables(UNUSED_STATE)
{
    (void)state;
    for (int k = 0; k < FACTORS; k++) {
        const factor *f = &factors[k];
        const fgo_manifold *m = manifold_of(f);
        assert_true(f->c->abi == FGO_FACTOR_ABI && f->c->rows == m->tangent && f->c->partials == f->c->arity * m->tangent);
        assert_int_equal(f->c->measurement_size, (size_t)m->ambient * sizeof(double));
        for (int v = 0; v < f->c->arity; v++) {
            assert_string_equal(f->c->variable[v].manifold, m->name);
            assert_int_equal(f->c->variable[v].tangent, m->tangent);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_tables),  cmocka_unit_test(test_values_and_jacobians), cmocka_unit_test(test_at_pi),
        cmocka_unit_test(test_batches), cmocka_unit_test(test_predictions),          cmocka_unit_test(test_gauge),
    };
    return cmocka_run_group_tests(tests, setup, NULL);
}
