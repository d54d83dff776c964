/* SPDX-License-Identifier: BSD-3-Clause */
/* test_check.c -- the Jacobian checker accepts right Jacobians at every size and finds planted wrong ones. */
#define FGO_PARTIALS 12
#include "support.h"
#include <fgopt/residual.h>

/* ---- an analytic factor with a fault of choice ---- */
typedef enum fault { RIGHT, ENTRY, SECOND_BLOCK, TRANSPOSED, SIGN_OF_A_DOF, SCALE, NOT_A_NUMBER, FAULTS } fault;
typedef struct planted_measurement {
    fgo_se3 pose;
    fault fault;
} planted_measurement;

static void plant(fault f, double *J)
{
    switch (f) {
    case ENTRY: J[12 * 3 + 5] += 0.01; break;
    case SECOND_BLOCK: /* as if the second variable's columns were counted from 0 again */
        for (int i = 0; i < 6; i++) memcpy(&J[12 * i + 6], &J[12 * i], 6 * sizeof *J);
        break;
    case TRANSPOSED: /* the rotation of the second translation block */
        for (int i = 0; i < 3; i++)
            for (int j = 0; j < i; j++) {
                const double swap = J[12 * i + 6 + j];
                J[12 * i + 6 + j] = J[12 * j + 6 + i], J[12 * j + 6 + i] = swap;
            }
        break;
    case SIGN_OF_A_DOF:
        for (int i = 0; i < 6; i++) J[12 * i + 10] = -J[12 * i + 10];
        break;
    case SCALE: /* rotation vector taken for q_xyz */
        for (int i = 3; i < 6; i++)
            for (int j = 9; j < 12; j++) J[12 * i + j] *= 2.0;
        break;
    case NOT_A_NUMBER: J[0] = NAN; break;
    default: break;
    }
}

/* e = (t, q_xyz) of z^-1 a^-1 b: with p = a^-1 b, de/dua = -Rz', de/dub = Rz' Rp, dt/dwa = Rz' [tp]x,
 * dq/dwb = Q = (qw I + [q]x) / 2, dq/dwa = -Q Rp'. */
FGO_JACOBIAN2(planted, 6, planted_measurement, se3, a, se3, b)
{
    const fgo_so3 Ra = { { a[3], a[4], a[5], a[6] } }, Rb = { { b[3], b[4], b[5], b[6] } };
    const fgo_so3 Rz = fgo_so3_inv(fgo_se3_rotation(z->pose)), Rp = fgo_so3_mul(fgo_so3_inv(Ra), Rb);
    const fgo_so3 q = fgo_so3_hemisphere(fgo_so3_mul(Rz, Rp));
    double t[3];
    fgo_so3_apply(fgo_so3_inv(Ra), b[0] - a[0], b[1] - a[1], b[2] - a[2], t);
    fgo_so3_apply(Rz, t[0] - z->pose.t[0], t[1] - z->pose.t[1], t[2] - z->pose.t[2], e);
    memcpy(e + 3, q.q, 3 * sizeof *e);
    if (!J) return;
    const fgo_mat3 Z = fgo_so3_matrix(Rz), P = fgo_so3_matrix(Rp);
    const fgo_mat3 X = { { 0, -t[2], t[1], t[2], 0, -t[0], -t[1], t[0], 0 } };
    const fgo_mat3 Q = fgo_axis_matrix(0.5 * q.q[3], 0.5, 0.0, q.q);
    const fgo_mat3 ZX = fgo_matmul(Z, X), ZP = fgo_matmul(Z, P), QP = fgo_matmul(Q, fgo_transpose(P));
    memset(J, 0, 72 * sizeof *J);
    for (int i = 0; i < 3; i++)
        for (int j = 0; j < 3; j++) {
            J[12 * i + j] = -Z.m[3 * i + j], J[12 * i + 3 + j] = ZX.m[3 * i + j], J[12 * i + 6 + j] = ZP.m[3 * i + j];
            J[12 * (i + 3) + 3 + j] = -QP.m[3 * i + j], J[12 * (i + 3) + 9 + j] = Q.m[3 * i + j];
        }
    plant(z->fault, J);
}

static void test_planted_faults(UNUSED_STATE)
{
    const fgo_manifold *m[2] = { &fgo_manifold_se3, &fgo_manifold_se3 };
    rng r = { 21 };
    (void)state;
    for (int n = 0; n < 500; n++) {
        double a[7], b[7];
        const double *x[2] = { a, b };
        planted_measurement z;
        random_value(&r, m[0], a);
        random_value(&r, m[1], b);
        random_value(&r, m[0], (double *)&z.pose);
        for (fault f = RIGHT; f < FAULTS; f++) {
            fgo_jacobian_report report;
            z.fault = f;
            assert_ok(fgo_check_jacobian(&fgo_planted, m, x, &z, &report));
            if (f == RIGHT) {
                assert_true(report.error < 1e-8);
                continue;
            }
            assert_true(report.error > 1e-3);
            assert_true(f == NOT_A_NUMBER ? isnan(report.jacobian) && isinf(report.error) : report.jacobian != report.difference);
            assert_int_equal(report.factor, 0);
            if (f == ENTRY) assert_true(report.row == 3 && report.variable == 0 && report.dof == 5);
            if (f == ENTRY) assert_close(report.jacobian - report.difference, 0.01, 1e-7);
            if (f == SECOND_BLOCK || f == TRANSPOSED) assert_int_equal(report.variable, 1);
            if (f == TRANSPOSED) assert_true(report.row < 3 && report.dof < 3);
            if (f == SIGN_OF_A_DOF) assert_true(report.variable == 1 && report.dof == 4);
            if (f == SCALE) assert_true(report.row >= 3 && report.variable == 1 && report.dof >= 3);
        }
    }
}

/* ---- an own manifold: positive numbers, x (+) d = x exp(d) ---- */
typedef struct positive {
    real x;
} positive;
enum { positive_dim = 1 };
#define positive_manifold "positive"
static inline positive positive_seed(const double *x, int first)
{
    return (positive){ first < 0 ? r_const(x[0]) : (real){ x[0], p_scale(x[0], p_unit(first)) } };
}
static void positive_retract(const fgo_manifold *m, const double *x, const double *delta, double *out)
{
    (void)m;
    out[0] = x[0] * exp(delta[0]);
}
static void positive_local(const fgo_manifold *m, const double *x, const double *y, double *delta)
{
    (void)m;
    delta[0] = log(y[0] / x[0]);
}
static const fgo_manifold positive_numbers = {
    .name = "positive", .ambient = 1, .tangent = 1, .retract = positive_retract, .local = positive_local
};

FGO_DEFINE_RN(11);
FGO_DEFINE_RN(12);

FGO_RESIDUAL2(own_manifold, 2, fgo_none, r11, p, positive, scale)
{
    real sum = r_const(0.0);
    FGO_UNROLL
    for (int i = 0; i < 11; i++) sum = r_add(sum, r_square(p.x[i]));
    r[0] = r_sub(r_mul(scale.x, r_sqrt(sum)), 1.0);
    r[1] = r_mul(r_log(scale.x), p.x[10]);
}
static int bad_seed_evaluate(const fgo_factor_class *self, size_t count, const double *const *x, const void *z, double *e,
                             double *J)
{
    const int failed = fgo_own_manifold.evaluate(self, count, x, z, e, J);
    if (J)
        for (int i = 0; i < 2; i++) J[12 * i + 11] /= x[1][0]; /* d/dx in place of d/d log x: the seed without its chart */
    return failed;
}

FGO_RESIDUAL1(twelve, 3, fgo_none, r12, p)
{
    r[0] = r_const(0.0);
    r[2] = r_const(1.0);
    FGO_UNROLL
    for (int i = 0; i < 12; i++) {
        r[0] = r_add(r[0], r_mul((double)(i + 1), p.x[i]));
        r[2] = r_mul(r[2], r_add(2.0, r_sin(p.x[i])));
    }
    r[1] = r_sin(r_mul(p.x[0], p.x[11]));
}

static void test_own_manifold_and_long_vectors(UNUSED_STATE)
{
    rng r = { 22 };
    fgo_manifold eleven, dozen;
    fgo_factor_class bad = fgo_own_manifold;
    (void)state;
    assert_ok(fgo_manifold_rn(11, &eleven));
    assert_ok(fgo_manifold_rn(12, &dozen));
    assert_string_equal(fgo_own_manifold.variable[0].manifold, "R11");
    assert_string_equal(fgo_own_manifold.variable[1].manifold, "positive");
    bad.evaluate = bad_seed_evaluate;
    for (int n = 0; n < 1000; n++) {
        double p[12], s = exp(rng_uniform(&r, -3, 3)), e[3];
        const double *x[2] = { p, &s };
        const fgo_manifold *m[2] = { &eleven, &positive_numbers }, *one[1] = { &dozen };
        fgo_jacobian_report report;
        for (int i = 0; i < 12; i++) p[i] = rng_uniform(&r, -2, 2);
        assert_ok(fgo_check_jacobian(&fgo_own_manifold, m, x, NULL, &report));
        assert_true(report.error < 1e-8);
        assert_ok(fgo_check_jacobian(&fgo_twelve, one, x, NULL, &report));
        assert_true(report.error < 1e-8);
        fgo_own_manifold.evaluate(&fgo_own_manifold, 1, x, NULL, e, NULL);
        if (fabs(s - 1.0) < 0.1) continue; /* where the wrong seed is right */
        assert_ok(fgo_check_jacobian(&bad, m, x, NULL, &report));
        assert_true(report.error > 1e-3 && report.variable == 1 && report.dof == 0);
    }
}

/* ---- curvature at any scale, values of any size: f(x) = sin(x / scale) in the first of twelve ---- */
typedef struct wave_measurement {
    double scale, slope_error;
} wave_measurement;
static int wave_evaluate(const fgo_factor_class *self, size_t count, const double *const *x, const void *z, double *e, double *J)
{
    const wave_measurement *m = z;
    (void)self;
    assert_int_equal(count, 1);
    e[0] = sin(x[0][0] / m->scale);
    if (J) J[0] = cos(x[0][0] / m->scale) / m->scale * (1.0 + m->slope_error);
    return 0;
}

static void test_scales(UNUSED_STATE)
{
    const fgo_factor_class wave = { .abi = FGO_FACTOR_ABI,
                                    .arity = 1,
                                    .rows = 1,
                                    .partials = 1,
                                    .name = "wave",
                                    .measurement_size = sizeof(wave_measurement),
                                    .variable = { { NULL, 1 } },
                                    .evaluate = wave_evaluate };
    fgo_manifold line;
    (void)state;
    assert_ok(fgo_manifold_rn(1, &line));
    const fgo_manifold *m[1] = { &line };
    for (double scale = 1e-5; scale < 1e7; scale *= 10)
        for (double at = 0; at < 1.5; at += 0.1) {
            const double v = at * scale, *x[1] = { &v };
            fgo_jacobian_report report;
            assert_ok(fgo_check_jacobian(&wave, m, x, &(wave_measurement){ scale, 0.0 }, &report));
            assert_true(report.error < 1e-8);
            assert_ok(fgo_check_jacobian(&wave, m, x, &(wave_measurement){ scale, 0.01 }, &report));
            assert_true(fabs(report.jacobian - report.difference) > 0.009 * fabs(report.difference));
        }
}

/* ---- refusals ---- */
static int fails(const fgo_factor_class *self, size_t count, const double *const *x, const void *z, double *e, double *J)
{
    (void)self, (void)count, (void)x, (void)z, (void)e, (void)J;
    return 1;
}
static int not_a_number(const fgo_factor_class *self, size_t count, const double *const *x, const void *z, double *e, double *J)
{
    (void)count, (void)x, (void)z;
    for (int i = 0; i < self->rows; i++) e[i] = NAN;
    if (J) memset(J, 0, (size_t)(self->rows * self->partials) * sizeof *J);
    return 0;
}

static void refused(fgo_status wanted, const fgo_factor_class *c, const fgo_manifold *const *m, const double *const *x)
{
    fgo_jacobian_report report = { .error = 42.0 };
    assert_int_equal(fgo_check_jacobian(c, m, x, NULL, &report), wanted);
    assert_true(report.error == 42.0);
    assert_true(strlen(fgo_last_message()) > 10);
}

static void test_refusals(UNUSED_STATE)
{
    fgo_manifold dozen;
    (void)state;
    assert_ok(fgo_manifold_rn(12, &dozen));
    const fgo_manifold *m[1] = { &dozen }, *wrong[1] = { &fgo_manifold_se3 }, *missing[1] = { NULL };
    const double p[12] = { 0 }, *x[1] = { p };
    fgo_factor_class c = fgo_twelve;
    refused(FGO_ERROR_ARGUMENT, NULL, m, x);
    refused(FGO_ERROR_ARGUMENT, &c, NULL, x);
    refused(FGO_ERROR_ARGUMENT, &c, missing, x);
    refused(FGO_ERROR_TYPE, &c, wrong, x);
    assert_int_equal(fgo_check_jacobian(&c, m, x, NULL, NULL), FGO_ERROR_ARGUMENT);
    c.measurement_size = 8;
    refused(FGO_ERROR_ARGUMENT, &c, m, x); /* and no measurement */
    c = fgo_twelve;
    c.abi = 0;
    refused(FGO_ERROR_ARGUMENT, &c, m, x);
    c = fgo_twelve;
    c.partials = 11;
    refused(FGO_ERROR_ARGUMENT, &c, m, x);
    c = fgo_twelve;
    c.evaluate = fails;
    refused(FGO_ERROR_EVALUATE, &c, m, x);
    c.evaluate = not_a_number;
    refused(FGO_ERROR_EVALUATE, &c, m, x);
}

/* e = x at x = 2, and nothing anywhere else: there is no difference to compare the Jacobian with. */
static int at_one_point(const fgo_factor_class *self, size_t count, const double *const *x, const void *z, double *e, double *J)
{
    (void)self, (void)z;
    for (size_t f = 0; f < count; f++) {
        if (x[f][0] != 2.0) return -1;
        e[f] = x[f][0];
        if (J) J[f] = 1;
    }
    return 0;
}

/* e = x, with a roughness of 1e-3 that no step is too small for: a hash of x's bits. */
static int rough(const fgo_factor_class *self, size_t count, const double *const *x, const void *z, double *e, double *J)
{
    (void)self, (void)z;
    for (size_t f = 0; f < count; f++) {
        rng r = { 0 };
        memcpy(&r.state, x[f], sizeof r.state);
        e[f] = x[f][0] + 1e-3 * rng_uniform(&r, -1, 1);
        if (J) J[f] = 1;
    }
    return 0;
}

static void test_no_differences(UNUSED_STATE)
{
    (void)state;
    fgo_manifold line;
    assert_ok(fgo_manifold_rn(1, &line));
    const fgo_manifold *m[1] = { &line };
    const double p = 2.0, *x[1] = { &p };
    fgo_factor_class c = { .abi = FGO_FACTOR_ABI,
                           .arity = 1,
                           .rows = 1,
                           .partials = 1,
                           .name = "rough",
                           .evaluate = at_one_point,
                           .variable = { { "R1", 1 } } };
    fgo_jacobian_report report;
    refused(FGO_ERROR_EVALUATE, &c, m, x);
    assert_non_null(strstr(fgo_last_message(), "rough cannot be evaluated at this point or near it"));
    c.evaluate = rough;
    assert_ok(fgo_check_jacobian(&c, m, x, NULL, &report)); /* and the report shows it */
    assert_true(report.error > 1e-5 && report.jacobian == 1.0 && report.difference != 1.0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_planted_faults), cmocka_unit_test(test_own_manifold_and_long_vectors),
        cmocka_unit_test(test_scales),         cmocka_unit_test(test_refusals),
        cmocka_unit_test(test_no_differences),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
