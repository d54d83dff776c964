/* SPDX-License-Identifier: BSD-3-Clause */
/* test_factors_directions.c -- directions in space and priors on a part of a pose, on 10,000 random states: values by other
 * formulas, Jacobians by differences, the same bits with and without Jacobian, predictions, and what a rigid motion does. */
#include "support.h"

enum { STATES = REPEATED(10000) };
static fgo_manifold space;

static int setup(UNUSED_STATE)
{
    (void)state;
    return fgo_manifold_rn(3, &space);
}

static double dot(const double a[3], const double b[3]) { return a[0] * b[0] + a[1] * b[1] + a[2] * b[2]; }
static double length(const double a[3]) { return sqrt(dot(a, a)); }
static void cross(const double a[3], const double b[3], double c[3])
{
    for (int i = 0; i < 3; i++) c[i] = a[(i + 1) % 3] * b[(i + 2) % 3] - a[(i + 2) % 3] * b[(i + 1) % 3];
}

/* R(q)' v */
static void unrotate(const double q[4], const double v[3], double out[3])
{
    const double back[3] = { -q[0], -q[1], -q[2] };
    double a[3], b[3];
    cross(back, v, a);
    for (int i = 0; i < 3; i++) a[i] = 2 * a[i];
    cross(back, a, b);
    for (int i = 0; i < 3; i++) out[i] = v[i] + q[3] * a[i] + b[i];
}

/* The basis that factors.h gives. */
static void basis(const double d[3], double b1[3], double b2[3])
{
    const double x = d[0], y = d[1], z = d[2], s = z < 0 ? -1 : 1, k = -1 / (s + z);
    const double first[3] = { 1 + s * x * x * k, s * x * y * k, -s * x }, second[3] = { x * y * k, s + y * y * k, -y };
    memcpy(b1, first, sizeof first);
    memcpy(b2, second, sizeof second);
}

/* Log_d of the direction of p: the angle by sine and cosine, the direction by projection. */
static void logarithm(const double d[3], const double p[3], double e[2])
{
    double across[3], side[3], b1[3], b2[3];
    cross(d, p, across);
    cross(across, d, side); /* |p| sin(angle) times the direction in which p lies */
    const double angle = atan2(length(across), dot(d, p)), size = length(side);
    basis(d, b1, b2);
    e[0] = size > 0 ? angle * dot(side, b1) / size : 0;
    e[1] = size > 0 ? angle * dot(side, b2) / size : 0;
}

typedef struct sample {
    double x[2][7], z[4], e[3], p[3];
} sample;

/* A point at an angle of `angle` from the measured direction, or anywhere. */
static sample random_sample(rng *r, double angle)
{
    sample s;
    double seen[3], b1[3], b2[3], d[3];
    random_value(r, &fgo_manifold_se3, s.x[0]);
    do
        for (int i = 0; i < 3; i++) d[i] = rng_normal(r);
    while (length(d) < 0.1);
    const double scale = length(d), range = rng_uniform(r, 0.5, 20), turn = rng_uniform(r, 0, 6.28);
    for (int i = 0; i < 3; i++) d[i] /= scale;
    basis(d, b1, b2);
    for (int i = 0; i < 3; i++) s.p[i] = range * (cos(angle) * d[i] + sin(angle) * (cos(turn) * b1[i] + sin(turn) * b2[i]));
    const double forward[4] = { -s.x[0][3], -s.x[0][4], -s.x[0][5], s.x[0][6] };
    unrotate(forward, s.p, s.x[1]);
    for (int i = 0; i < 3; i++) s.x[1][i] += s.x[0][i], seen[i] = s.x[1][i] - s.x[0][i];
    unrotate(s.x[0] + 3, seen, s.p); /* with the rounding of the values */
    logarithm(d, s.p, s.e);
    for (int i = 0; i < 3; i++) s.z[i] = scale * d[i]; /* of any length */
    s.z[3] = range + rng_normal(r);
    s.e[2] = length(s.p) - s.z[3];
    return s;
}

/* Values and Jacobian of a factor in one state. */
static void check(const fgo_factor_class *c, const fgo_manifold *const *m, const double *const *x, const double *z,
                  const double *wanted, double tolerance)
{
    double e[3], without[3], J[27];
    fgo_jacobian_report report;
    assert_int_equal(c->evaluate(c, 1, x, z, e, J), 0);
    assert_int_equal(c->evaluate(c, 1, x, z, without, NULL), 0);
    assert_memory_equal(e, without, (size_t)c->rows * sizeof *e);
    for (int i = 0; i < c->rows; i++) assert_close(e[i], wanted[i], tolerance);
    assert_ok(fgo_check_jacobian(c, m, x, z, &report));
    if (!(report.error <= 1e-7))
        print_error("%s: row %d, variable %d, dof %d: %.12g, differences give %.12g\n", c->name, report.row, report.variable,
                    report.dof, report.jacobian, report.difference);
    assert_true(report.error <= 1e-7);
}

static void test_bearings(UNUSED_STATE)
{
    rng r = { 501 };
    (void)state;
    for (int n = 0; n < STATES; n++) {
        const int kind = rng_below(&r, 4);
        const double angle = kind == 0   ? pow(10, rng_uniform(&r, -12, -1))
                             : kind == 1 ? 0.2 + 1e-3 * rng_normal(&r) /* about where the series ends */
                                         : rng_uniform(&r, 0, 3.1);
        const sample s = random_sample(&r, angle);
        const fgo_manifold *m[2] = { &fgo_manifold_se3, &space };
        const double *x[2] = { s.x[0], s.x[1] };
        check(&fgo_bearing_se3, m, x, s.z, s.e, 1e-13);
        check(&fgo_bearing_range_se3, m, x, s.z, s.e, 1e-13);
    }
}

/* Straight ahead the error is exactly zero; behind, it is pi, and everything stays finite. */
static void test_ahead_and_behind(UNUSED_STATE)
{
    (void)state;
    const double pose[7] = { 0, 0, 0, 0, 0, 0, 1 }, ahead[3] = { 0, 0, 2 }, behind[3] = { 1e-9, 0, -2 }, nowhere[3] = { 0 };
    const double z[3] = { 0, 0, 5 };
    const double *x[2] = { pose, ahead };
    double e[2], J[18];
    assert_int_equal(fgo_bearing_se3.evaluate(&fgo_bearing_se3, 1, x, z, e, J), 0);
    assert_true(e[0] == 0 && e[1] == 0);
    for (int i = 0; i < 18; i++) assert_true(isfinite(J[i]));
    x[1] = behind;
    assert_int_equal(fgo_bearing_se3.evaluate(&fgo_bearing_se3, 1, x, z, e, J), 0);
    assert_close(hypot(e[0], e[1]), 3.14159265358979, 1e-8);
    x[1] = nowhere; /* a point in the sensor has no direction: cannot be evaluated */
    fgo_bearing_se3.evaluate(&fgo_bearing_se3, 1, x, z, e, NULL);
    assert_false(isfinite(e[0]) && isfinite(e[1]));
}

static void test_predictions(UNUSED_STATE)
{
    rng r = { 502 };
    (void)state;
    assert_null(fgo_bearing_se3.predict);
    for (int n = 0; n < 1000; n++) {
        sample s = random_sample(&r, 1);
        double l[3], e[3];
        const double *x[2] = { s.x[0], l };
        s.z[3] = fabs(s.z[3]);
        assert_int_equal(fgo_bearing_range_se3.predict(&fgo_bearing_range_se3, s.z, x, 1, l), 0);
        fgo_bearing_range_se3.evaluate(&fgo_bearing_range_se3, 1, x, s.z, e, NULL);
        for (int i = 0; i < 3; i++) assert_close(e[i], 0, 1e-12);
        assert_int_not_equal(fgo_bearing_range_se3.predict(&fgo_bearing_range_se3, s.z, x, 0, l), 0);
    }
}

/* Of the rotation alone: what priors on rotations say, whatever the position. */
static void test_rotations(UNUSED_STATE)
{
    rng r = { 503 };
    (void)state;
    for (int n = 0; n < STATES; n++) {
        double pose[7], z[4], wanted[3];
        const fgo_manifold *m[1] = { &fgo_manifold_se3 };
        const double *x[1] = { pose }, *q[1] = { pose + 3 };
        random_value(&r, &fgo_manifold_se3, pose);
        random_value(&r, &fgo_manifold_so3, z);
        fgo_prior_so3_log.evaluate(&fgo_prior_so3_log, 1, q, z, wanted, NULL);
        if (length(wanted) > 3.1) continue; /* differences would jump */
        check(&fgo_rotation_se3, m, x, z, wanted, 0);
        const double angle = rng_uniform(&r, -3, 3), e = rng_uniform(&r, -3, 3);
        const double plane[4] = { 5, 6, cos(angle + e), sin(angle + e) }, heading[2] = { cos(angle), sin(angle) };
        m[0] = &fgo_manifold_se2;
        x[0] = plane;
        check(&fgo_heading_se2, m, x, heading, &e, 1e-15);
    }
}

static void test_gauge(UNUSED_STATE)
{
    rng r = { 504 };
    (void)state;
    assert_int_equal(fgo_bearing_se3.gauge, FGO_GAUGE_RELATIVE);
    assert_int_equal(fgo_bearing_range_se3.gauge, FGO_GAUGE_RELATIVE);
    assert_int_equal(fgo_heading_se2.gauge, FGO_GAUGE_ABSOLUTE);
    assert_int_equal(fgo_rotation_se3.gauge, FGO_GAUGE_ABSOLUTE);
    for (int n = 0; n < 100; n++) { /* pose and point moved by G: G x is G moved by Log x */
        const sample s = random_sample(&r, 1);
        double G[7], delta[6], pose[7], point[3], e[3];
        const double identity[7] = { 0, 0, 0, 0, 0, 0, 1 }, *y[2] = { pose, point };
        random_value(&r, &fgo_manifold_se3, G);
        fgo_manifold_se3.local(&fgo_manifold_se3, identity, s.x[0], delta);
        fgo_manifold_se3.retract(&fgo_manifold_se3, G, delta, pose);
        const double forward[4] = { -G[3], -G[4], -G[5], G[6] };
        unrotate(forward, s.x[1], point);
        for (int i = 0; i < 3; i++) point[i] += G[i];
        fgo_bearing_range_se3.evaluate(&fgo_bearing_range_se3, 1, y, s.z, e, NULL);
        for (int i = 0; i < 3; i++) assert_close(e[i], s.e[i], 1e-12);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_bearings),    cmocka_unit_test(test_ahead_and_behind),
        cmocka_unit_test(test_predictions), cmocka_unit_test(test_rotations),
        cmocka_unit_test(test_gauge),
    };
    return cmocka_run_group_tests(tests, setup, NULL);
}
