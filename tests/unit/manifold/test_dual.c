/* SPDX-License-Identifier: BSD-3-Clause */
/* test_dual.c -- every function of `real`: value and derivative against long double, singular points, mixed arguments. */
#define FGO_PARTIALS FGO_R3
#include "support.h"
#include <fgopt/residual.h>
#include <float.h>

/* ---- the oracle: Richardson-extrapolated central differences in long double ---- */
typedef long double (*exact1)(long double);
typedef long double (*exact2)(long double, long double);

static long double slope_at(exact2 f, long double x, long double y, int which, long double h)
{
    return which ? (f(x, y + h) - f(x, y - h)) / (2 * h) : (f(x + h, y) - f(x - h, y)) / (2 * h);
}
static long double exact_slope(exact2 f, long double x, long double y, int which)
{
    const long double at = which ? y : x, h = 1e-4L * (fabsl(at) < 1 && at != 0 ? fabsl(at) : 1);
    const long double a = slope_at(f, x, y, which, h), b = slope_at(f, x, y, which, h / 2), c = slope_at(f, x, y, which, h / 4);
    const long double ab = b + (b - a) / 3, bc = c + (c - b) / 3;
    return bc + (bc - ab) / 15;
}

static long double cube(long double x, long double y) { return x * x * x * y; }
static void test_oracle(UNUSED_STATE)
{
    (void)state;
    if (oracle_slack() > 1.0) skip();
    for (long double x = 0.01L; x < 100; x *= 1.7L) {
        assert_true(fabsl(exact_slope(cube, x, 2, 0) - 6 * x * x) <= 1e-11L * fmaxl(1, 6 * x * x));
        assert_true(fabsl(exact_slope(cube, 2, x, 1) - 8) <= 1e-11L * 8);
        assert_true(fabsl(exact_slope(atan2l, x, 3, 0) - 3 / (9 + x * x)) <= 1e-11L);
    }
}

/* ---- functions of one real ---- */
static real square_of(real x) { return r_square(x); }
static real negative(real x) { return r_neg(x); }
static real absolute(real x) { return r_abs(x); }
static real root(real x) { return r_sqrt(x); }
static real exponential(real x) { return r_exp(x); }
static real logarithm(real x) { return r_log(x); }
static real sine(real x) { return r_sin(x); }
static real cosine(real x) { return r_cos(x); }
static real tangent(real x) { return r_tan(x); }
static real arcsine(real x) { return r_asin(x); }
static real arccosine(real x) { return r_acos(x); }
static real arctangent(real x) { return r_atan(x); }
static long double exact_square(long double x) { return x * x; }
static long double exact_negative(long double x) { return -x; }

static const struct {
    const char *name;
    real (*f)(real);
    exact1 exact;
    double low, high;
} unary[] = {
    { "square", square_of, exact_square, -50, 50 },
    { "neg", negative, exact_negative, -50, 50 },
    { "abs", absolute, fabsl, -50, 50 },
    { "sqrt", root, sqrtl, 1e-3, 1e3 },
    { "exp", exponential, expl, -20, 20 },
    { "log", logarithm, logl, 1e-3, 1e3 },
    { "sin", sine, sinl, -20, 20 },
    { "cos", cosine, cosl, -20, 20 },
    { "tan", tangent, tanl, -1.5, 1.5 },
    { "asin", arcsine, asinl, -0.99, 0.99 },
    { "acos", arccosine, acosl, -0.99, 0.99 },
    { "atan", arctangent, atanl, -50, 50 },
};

static exact1 one;
static long double as_binary(long double x, long double y) { return (void)y, one(x); }

static real variable(double x, int i) { return (real){ x, p_unit(i) }; }
static double partial(real x, int i) { return p_get(x.v, i); }

static void test_unary(UNUSED_STATE)
{
    rng r = { 1 };
    const double slack = oracle_slack();
    (void)state;
    for (size_t k = 0; k < sizeof unary / sizeof *unary; k++)
        for (int n = 0; n < 2000; n++) {
            const double x = rng_uniform(&r, unary[k].low, unary[k].high);
            if (fabs(x) < 1e-4) continue; /* |x| has its kink there */
            const real y = unary[k].f(variable(x, 1));
            one = unary[k].exact;
            assert_near(y.a, (double)one(x), 4 * DBL_EPSILON, unary[k].name, __FILE__, __LINE__);
            assert_near(partial(y, 1), (double)exact_slope(as_binary, x, 0, 0), 1e-10 * slack, unary[k].name, __FILE__, __LINE__);
            assert_true(partial(y, 0) == 0.0 && partial(y, 2) == 0.0);
        }
}

/* ---- functions of two, each with both arguments real, and with either one plain ---- */
#define BINARY(name)                                                                                                             \
    static real name##_rr(real x, real y) { return r_##name(x, y); }                                                             \
    static real name##_rc(real x, double y) { return r_##name(x, y); }                                                           \
    static real name##_cr(double x, real y) { return r_##name(x, y); }
BINARY(add)
BINARY(sub)
BINARY(mul)
BINARY(div)
BINARY(pow)
BINARY(hypot)
BINARY(atan2)
BINARY(min)
BINARY(max)
static long double exact_add(long double x, long double y) { return x + y; }
static long double exact_sub(long double x, long double y) { return x - y; }
static long double exact_mul(long double x, long double y) { return x * y; }
static long double exact_div(long double x, long double y) { return x / y; }

static const struct {
    const char *name;
    real (*rr)(real, real), (*rc)(real, double), (*cr)(double, real);
    exact2 exact;
    double low, high;
} binary[] = {
    { "add", add_rr, add_rc, add_cr, exact_add, -9, 9 },       { "sub", sub_rr, sub_rc, sub_cr, exact_sub, -9, 9 },
    { "mul", mul_rr, mul_rc, mul_cr, exact_mul, -9, 9 },       { "div", div_rr, div_rc, div_cr, exact_div, 0.1, 9 },
    { "pow", pow_rr, pow_rc, pow_cr, powl, 0.1, 4 },           { "hypot", hypot_rr, hypot_rc, hypot_cr, hypotl, -9, 9 },
    { "atan2", atan2_rr, atan2_rc, atan2_cr, atan2l, 0.1, 9 }, { "min", min_rr, min_rc, min_cr, fminl, -9, 9 },
    { "max", max_rr, max_rc, max_cr, fmaxl, -9, 9 },
};

static void test_binary(UNUSED_STATE)
{
    rng r = { 2 };
    const double tolerance = 1e-9 * oracle_slack();
    (void)state;
    for (size_t k = 0; k < sizeof binary / sizeof *binary; k++)
        for (int n = 0; n < 2000; n++) {
            const double x = rng_uniform(&r, binary[k].low, binary[k].high), y = rng_uniform(&r, binary[k].low, binary[k].high);
            if (fabs(x) < 1e-2 || fabs(y) < 1e-2 || fabs(x - y) < 1e-3) continue; /* kinks */
            const real both = binary[k].rr(variable(x, 0), variable(y, 2)), left = binary[k].rc(variable(x, 0), y),
                       right = binary[k].cr(x, variable(y, 2));
            const char *name = binary[k].name;
            const double dx = (double)exact_slope(binary[k].exact, x, y, 0), dy = (double)exact_slope(binary[k].exact, x, y, 1);
            assert_near(both.a, (double)binary[k].exact(x, y), 4 * DBL_EPSILON, name, __FILE__, __LINE__);
            assert_true(both.a == left.a && both.a == right.a);
            assert_near(partial(both, 0), dx, tolerance, name, __FILE__, __LINE__);
            assert_near(partial(both, 2), dy, tolerance, name, __FILE__, __LINE__);
            assert_near(partial(left, 0), dx, tolerance, name, __FILE__, __LINE__);
            assert_near(partial(right, 2), dy, tolerance, name, __FILE__, __LINE__);
            assert_true(partial(both, 1) == 0.0 && partial(left, 2) == 0.0 && partial(right, 0) == 0.0);
        }
}

/* One variable on both sides: the slopes add. */
static void test_shared_argument(UNUSED_STATE)
{
    (void)state;
    const real x = variable(1.7, 0);
    assert_close(partial(r_mul(x, x), 0), 3.4, 1e-15);
    assert_close(partial(r_div(x, x), 0), 0.0, 1e-15);
    assert_close(partial(r_pow(x, x), 0), pow(1.7, 1.7) * (log(1.7) + 1.0), 1e-15);
    assert_close(partial(r_atan2(r_sin(x), r_cos(x)), 0), 1.0, 1e-15);
    assert_close(partial(r_add(r_mul(2, x), 1), 0), 2.0, 0.0); /* plain integers are plain numbers */
}

static void assert_finite_zero(real x, double value)
{
    assert_true(x.a == value);
    for (int i = 0; i < 3; i++) assert_true(partial(x, i) == 0.0);
}

static void test_singular_points(UNUSED_STATE)
{
    (void)state;
    const real zero = variable(0.0, 0), other = variable(0.0, 1);
    assert_finite_zero(r_abs(zero), 0.0);
    assert_finite_zero(r_sqrt(zero), 0.0);
    assert_finite_zero(r_hypot(zero, other), 0.0);
    assert_finite_zero(r_hypot(zero, 0.0), 0.0);
    assert_finite_zero(r_atan2(zero, other), 0.0);
    assert_finite_zero(v2_norm((vec2){ zero, other }), 0.0);
    assert_finite_zero(v3_norm((vec3){ zero, other, variable(0.0, 2) }), 0.0);
    assert_finite_zero(r_pow(zero, 2), 0.0);
    assert_finite_zero(r_pow(zero, 0), 1.0);
    assert_true(partial(r_pow(zero, 1), 0) == 1.0);
    assert_true(partial(r_pow(variable(-2.0, 0), 3), 0) == 12.0);
    const real tie = r_min(variable(2.0, 0), variable(2.0, 1));
    assert_true(partial(tie, 0) == 1.0 && partial(tie, 1) == 0.0);
    assert_true(isnan(r_min(1.0, variable(NAN, 0)).a) && isnan(r_min(variable(NAN, 0), 1.0).a));
    assert_true(isnan(r_max(1.0, variable(NAN, 0)).a) && isnan(r_max(variable(NAN, 0), 1.0).a));
    assert_true(isinf(partial(r_log(zero), 0)) && isinf(partial(r_asin(variable(1.0, 0)), 0)));
}

/* Lengths and angles of numbers whose squares leave the range of doubles. */
static void test_extreme_sizes(UNUSED_STATE)
{
    (void)state;
    for (double size = 1e-300; size < 2e300; size *= 1e100) {
        const real x = variable(3 * size, 0), y = variable(4 * size, 1), z = variable(12 * size, 2);
        const real lengths[3] = { r_hypot(x, y), v2_norm((vec2){ x, y }), v3_norm((vec3){ x, y, z }) };
        for (int i = 0; i < 3; i++) {
            const double n = i == 2 ? 13.0 : 5.0;
            assert_close(lengths[i].a / size, n, 1e-15);
            assert_close(partial(lengths[i], 0), 3.0 / n, 1e-15);
            assert_close(partial(lengths[i], 1), 4.0 / n, 1e-15);
        }
        const real angle = r_atan2(y, x);
        assert_close(partial(angle, 0) * size, -4.0 / 25.0, 1e-14);
        assert_close(partial(angle, 1) * size, 3.0 / 25.0, 1e-14);
    }
}

static void test_comparisons(UNUSED_STATE)
{
    (void)state;
    const real x = variable(1.0, 0), y = variable(2.0, 1);
    assert_true(r_lt(x, y) && r_le(x, 1) && r_gt(y, x) && r_ge(2.0, y));
    assert_false(r_lt(y, x) || r_le(y, 1) || r_gt(x, y) || r_ge(1.0, y));
    assert_true(r_value(x) == 1.0 && r_value(7) == 7.0);
}

/* ---- the same body without and with Jacobian: values agree bit for bit, partials land in their columns ---- */
FGO_RESIDUAL3(everything, 8, fgo_none, r1, p, r1, q, r1, s)
{
    r[0] = r_add(r_sin(p.x), r_cos(q.x));
    r[1] = r_mul(r_exp(p.x), r_tan(q.x));
    r[2] = r_div(r_atan(p.x), r_add(2.0, r_square(s.x)));
    r[3] = r_atan2(p.x, r_add(q.x, 3));
    r[4] = r_hypot(r_add(p.x, 5), s.x);
    r[5] = r_pow(r_add(p.x, 3), q.x);
    r[6] = r_sqrt(r_add(r_log(r_add(p.x, 4)), r_abs(r_asin(r_mul(0.5, s.x)))));
    r[7] = r_gt(p.x, q.x) ? r_max(p.x, s.x) : r_min(r_acos(r_mul(0.5, p.x)), q.x);
}

static void test_both_paths(UNUSED_STATE)
{
    rng r = { 3 };
    fgo_manifold line;
    (void)state;
    assert_ok(fgo_manifold_rn(1, &line));
    const fgo_manifold *m[3] = { &line, &line, &line };
    for (int n = 0; n < 2000; n++) {
        const double v[3] = { rng_uniform(&r, -1, 1), rng_uniform(&r, -1, 1), rng_uniform(&r, 0.1, 1) };
        const double *x[3] = { &v[0], &v[1], &v[2] };
        double e[8], e_without[8], J[24];
        fgo_jacobian_report report;
        assert_int_equal(fgo_everything.evaluate(&fgo_everything, 1, x, NULL, e, J), 0);
        assert_int_equal(fgo_everything.evaluate(&fgo_everything, 1, x, NULL, e_without, NULL), 0);
        assert_memory_equal(e, e_without, sizeof e);
        if (fabs(v[0] - v[2]) < 1e-3 || fabs(v[0] - v[1]) < 1e-3) continue; /* kinks of r[7] */
        if (fabs(acos(0.5 * v[0]) - v[1]) < 1e-3) continue;
        assert_ok(fgo_check_jacobian(&fgo_everything, m, x, NULL, &report));
        assert_true(report.error < 1e-7);
    }
}

static void test_class_table(UNUSED_STATE)
{
    (void)state;
    const fgo_factor_class *c = &fgo_everything;
    assert_int_equal(c->abi, FGO_FACTOR_ABI);
    assert_true(c->arity == 3 && c->rows == 8 && c->partials == 3 && c->measurement_size == 0);
    assert_string_equal(c->name, "everything");
    for (int k = 0; k < 3; k++) {
        assert_string_equal(c->variable[k].manifold, "R1");
        assert_int_equal(c->variable[k].tangent, 1);
    }
    assert_true(c->predict == NULL && c->gauge == FGO_GAUGE_UNKNOWN && c->user == NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_oracle),          cmocka_unit_test(test_unary),           cmocka_unit_test(test_binary),
        cmocka_unit_test(test_shared_argument), cmocka_unit_test(test_singular_points), cmocka_unit_test(test_extreme_sizes),
        cmocka_unit_test(test_comparisons),     cmocka_unit_test(test_both_paths),      cmocka_unit_test(test_class_table),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
