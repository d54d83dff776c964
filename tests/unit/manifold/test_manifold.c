/* SPDX-License-Identifier: BSD-3-Clause */
/* test_manifold.c -- the invariants of every built-in manifold, at hard points. */
#include "support.h"
#include <float.h>

#define PI 3.14159265358979323846

static const double angles[] = { 0, 1e-300, 1e-12, 1e-6, 0.1, 1, 2, PI - 1e-6, PI - 1e-12, PI, 4, 2 * PI, 10, 1e6 };
static const double sizes[] = { 0, 1e-300, 1e-12, 1, 1e3, 1e9 };
enum { ANGLES = sizeof angles / sizeof *angles, SIZES = sizeof sizes / sizeof *sizes, LARGEST = 16 };

static fgo_manifold r1, r3, r12;
static const fgo_manifold *const manifolds[] = {
    &fgo_manifold_so2, &fgo_manifold_se2, &fgo_manifold_so3, &fgo_manifold_se3, &r1, &r3, &r12
};
enum { MANIFOLDS = sizeof manifolds / sizeof *manifolds };

static int setup(UNUSED_STATE)
{
    (void)state;
    return fgo_manifold_rn(1, &r1) || fgo_manifold_rn(3, &r3) || fgo_manifold_rn(12, &r12);
}

/* How many of the first tangent dimensions are translation, and of the ambient numbers. */
static int translations(const fgo_manifold *m)
{
    if (m->ambient == m->tangent) return m->tangent;
    return m == &fgo_manifold_se2 ? 2 : m == &fgo_manifold_se3 ? 3 : 0;
}

static void tangent_of(rng *r, const fgo_manifold *m, double angle, double size, double *delta)
{
    const int t = translations(m), n = m->tangent - t;
    double a[3] = { 1, 0, 0 }, length = 1;
    if (n == 3) {
        for (int i = 0; i < 3; i++) a[i] = rng_normal(r);
        length = sqrt(a[0] * a[0] + a[1] * a[1] + a[2] * a[2]);
    } else if (n == 1 && rng_below(r, 2)) {
        a[0] = -1;
    }
    for (int i = 0; i < t; i++) delta[i] = size * rng_uniform(r, -1, 1);
    for (int i = 0; i < n; i++) delta[t + i] = angle * (a[i] / length);
}

/* Largest difference of two values: translations relative to size, rotations absolute (a quaternion has two signs). */
static double difference(const fgo_manifold *m, const double *x, const double *y, double size)
{
    const int t = translations(m);
    double d = 0, same = 0, opposite = 0;
    for (int i = 0; i < t; i++) d = fmax(d, fabs(x[i] - y[i]) / fmax(1, size));
    for (int i = t; i < m->ambient; i++) {
        same = fmax(same, fabs(x[i] - y[i]));
        opposite = fmax(opposite, fabs(x[i] + y[i]));
    }
    return fmax(d, m->ambient - t == 4 ? fmin(same, opposite) : same);
}

static double unit_error(const fgo_manifold *m, const double *x)
{
    double s = 0;
    const int t = translations(m);
    for (int i = t; i < m->ambient; i++) s += x[i] * x[i];
    return t == m->ambient ? 0 : fabs(sqrt(s) - 1);
}

static void check_invariants(rng *r, const fgo_manifold *m, double angle, double size)
{
    double x[LARGEST], y[LARGEST], again[LARGEST], delta[LARGEST], back[LARGEST], zero[LARGEST] = { 0 };
    const int t = translations(m);
    const double turn = fmax(1, angle); /* an angle is rounded relative to its size */
    random_value(r, m, x);
    for (int i = 0; i < t; i++) x[i] *= fmax(1, size);
    tangent_of(r, m, angle, size, delta);
    size *= 4;

    m->retract(m, x, zero, y); /* moving by nothing */
    assert_true(difference(m, x, y, size) <= 4 * DBL_EPSILON);
    m->local(m, x, x, back);
    for (int i = 0; i < m->tangent; i++) assert_true(fabs(back[i]) <= 1e-15);

    m->retract(m, x, delta, y);
    assert_true(unit_error(m, y) <= 4 * DBL_EPSILON);
    memcpy(again, x, sizeof x); /* in place */
    m->retract(m, again, delta, again);
    assert_memory_equal(again, y, (size_t)m->ambient * sizeof *y);

    m->local(m, x, y, back); /* there and back */
    m->retract(m, x, back, again);
    assert_true(difference(m, again, y, size) <= 1e-14 * turn);
    double rotation = 0;
    for (int i = t; i < m->tangent; i++) rotation += back[i] * back[i];
    if (m->ambient != m->tangent) assert_true(sqrt(rotation) <= PI * (1 + 1e-15)); /* the shortest */
    if (angle < PI - 1e-7)
        for (int i = 0; i < m->tangent; i++) assert_close(back[i], delta[i], 1e-12 * fmax(1, i < t ? size : 1));

    for (int i = 0; i < m->tangent; i++) delta[i] = -delta[i]; /* the inverse of Exp(d) is Exp(-d) */
    m->retract(m, y, delta, again);
    assert_true(difference(m, again, x, size * turn) <= 1e-14 * turn);

    for (int i = 0; i < m->tangent; i++) delta[i] *= -0.5; /* twice half the way */
    m->retract(m, x, delta, again);
    m->retract(m, again, delta, again);
    assert_true(difference(m, again, y, size) <= 1e-14 * turn);
}

static void test_invariants(UNUSED_STATE)
{
    rng r = { 31 };
    (void)state;
    for (int k = 0; k < MANIFOLDS; k++)
        for (int a = 0; a < ANGLES; a++)
            for (int s = 0; s < SIZES; s++)
                for (int n = 0; n < 10; n++) check_invariants(&r, manifolds[k], angles[a], sizes[s]);
}

/* Tangent order and side of the perturbation, on numbers worked out by hand. */
static void test_conventions(UNUSED_STATE)
{
    (void)state;
    const double east_facing_north[4] = { 1, 0, 0, 1 }, step[3] = { 2, 1, PI / 2 };
    double out[7], delta[6];
    /* a quarter turn along (2, 1) from (1, 0) facing +y: V = 2/pi [1 -1; 1 1], V (2, 1) = 2/pi (1, 3), turned by 90 degrees */
    fgo_manifold_se2.retract(&fgo_manifold_se2, east_facing_north, step, out);
    assert_close(out[0], 1 - 6 / PI, 1e-15);
    assert_close(out[1], 2 / PI, 1e-15);
    assert_close(out[2], -1, 1e-15);
    assert_close(out[3], 0, 1e-15);
    /* yaw of 90 degrees, then forward in the turned frame */
    const double yawed[7] = { 0, 0, 0, 0, 0, sqrt(0.5), sqrt(0.5) }, forward[6] = { 1, 0, 0, 0, 0, 0 };
    fgo_manifold_se3.retract(&fgo_manifold_se3, yawed, forward, out);
    assert_close(out[0], 0, 1e-15);
    assert_close(out[1], 1, 1e-15);
    const double origin[7] = { 0, 0, 0, 0, 0, 0, 1 };
    fgo_manifold_se3.local(&fgo_manifold_se3, origin, yawed, delta);
    const double yaw[6] = { 0, 0, 0, 0, 0, PI / 2 };
    for (int i = 0; i < 6; i++) assert_close(delta[i], yaw[i], 1e-15);
    const double roll[3] = { PI / 2, 0, 0 }; /* Hamilton: a positive roll takes y to z */
    fgo_manifold_so3.retract(&fgo_manifold_so3, origin + 3, roll, out);
    assert_close(out[0], sqrt(0.5), 1e-15);
    assert_close(out[3], sqrt(0.5), 1e-15);
    const fgo_se2 pose = fgo_se2_from_angle(3, 4, PI / 6);
    assert_true(pose.x == 3 && pose.y == 4);
    assert_close(pose.c, sqrt(0.75), 1e-15);
    assert_close(pose.s, 0.5, 1e-15);
    assert_close(fgo_so2_from_angle(-PI / 6).s, -0.5, 1e-15);
}

static void test_no_drift(UNUSED_STATE)
{
    rng r = { 32 };
    (void)state;
    for (int k = 0; k < MANIFOLDS; k++) {
        double x[LARGEST], delta[LARGEST];
        random_value(&r, manifolds[k], x);
        for (int n = 0; n < 20000; n++) {
            tangent_of(&r, manifolds[k], 0.3, 0.1, delta);
            manifolds[k]->retract(manifolds[k], x, delta, x);
        }
        assert_true(unit_error(manifolds[k], x) <= 4 * DBL_EPSILON);
    }
}

static void test_normalize(UNUSED_STATE)
{
    static const double scales[] = { 5e-324, 1e-310, 1e-200, 1e-9, 0.999999, 1, 3, 1e100, 8e307 };
    rng r = { 33 };
    (void)state;
    for (int k = 0; k < MANIFOLDS; k++) {
        const fgo_manifold *m = manifolds[k];
        const int t = translations(m);
        if (m->ambient == m->tangent) {
            assert_null(m->normalize);
            continue;
        }
        for (int n = 0; n < 1000; n++) {
            double x[LARGEST], y[LARGEST], again[LARGEST];
            const double scale = scales[n % 9];
            random_value(&r, m, x);
            memcpy(y, x, sizeof x);
            for (int i = t; i < m->ambient; i++) y[i] = x[i] * scale;
            if (scale < 1e-300) y[t] = scale; /* never all zero */
            assert_int_equal(m->normalize(m, y), 0);
            assert_true(unit_error(m, y) <= 4 * DBL_EPSILON);
            if (scale > 1e-300) assert_true(difference(m, x, y, 10) <= 4 * DBL_EPSILON);
            memcpy(again, y, sizeof y); /* what is unit already keeps its bits */
            assert_int_equal(m->normalize(m, again), 0);
            assert_memory_equal(again, y, (size_t)m->ambient * sizeof *y);

            for (int i = 0; i < m->ambient; i++) {
                static const double bad[] = { NAN, INFINITY, -INFINITY };
                memcpy(again, y, sizeof y);
                again[i] = bad[n % 3];
                assert_int_not_equal(m->normalize(m, again), 0);
            }
            for (int i = t; i < m->ambient; i++) y[i] = 0;
            assert_int_not_equal(m->normalize(m, y), 0);
        }
    }
}

static void test_rn(UNUSED_STATE)
{
    (void)state;
    for (int n = 1; n <= FGO_MAX_DIMENSION; n++) {
        char name[16];
        fgo_manifold m;
        fgo_factor_class prior, between;
        snprintf(name, sizeof name, "R%d", n);
        assert_ok(fgo_manifold_rn(n, &m));
        assert_ok(fgo_prior_rn(n, &prior));
        assert_ok(fgo_between_rn(n, &between));
        assert_string_equal(m.name, name);
        assert_string_equal(prior.variable[0].manifold, name);
        assert_string_equal(between.variable[1].manifold, name);
        assert_true(m.ambient == n && m.tangent == n && prior.partials == n && between.partials == 2 * n);
    }
    static const int wrong[] = { 0, -1, FGO_MAX_DIMENSION + 1 };
    for (int k = 0; k < 3; k++) {
        fgo_manifold m = { .name = "untouched" };
        fgo_factor_class c = { .rows = 42 };
        assert_int_equal(fgo_manifold_rn(wrong[k], &m), FGO_ERROR_ARGUMENT);
        assert_int_equal(fgo_prior_rn(wrong[k], &c), FGO_ERROR_ARGUMENT);
        assert_int_equal(fgo_between_rn(wrong[k], &c), FGO_ERROR_ARGUMENT);
        assert_string_equal(m.name, "untouched");
        assert_int_equal(c.rows, 42);
    }
    assert_int_equal(fgo_manifold_rn(3, NULL), FGO_ERROR_ARGUMENT);
    assert_int_equal(fgo_prior_rn(3, NULL), FGO_ERROR_ARGUMENT);
    assert_int_equal(fgo_between_rn(3, NULL), FGO_ERROR_ARGUMENT);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_invariants), cmocka_unit_test(test_conventions), cmocka_unit_test(test_no_drift),
        cmocka_unit_test(test_normalize),  cmocka_unit_test(test_rn),
    };
    return cmocka_run_group_tests(tests, setup, NULL);
}
