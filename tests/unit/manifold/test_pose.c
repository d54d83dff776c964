/* SPDX-License-Identifier: BSD-3-Clause */
/* test_pose.c -- rotations and poses of space in plain numbers against homogeneous matrices in long double, the axioms of
 * groups, the manifolds and the geometry with derivatives, at hard points. The plane and conversions have files of their own. */
#define FGO_PARTIALS FGO_SE3
#include "pose_oracle.h"
#include <fgopt/residual.h>

static const double eps = 2.220446049250313e-16;

/* ---- the oracle ---- */

static void test_oracle(UNUSED_STATE)
{
    (void)state;
    rng r = { 101 };
    for (int n = 0; n < REPEATED(2000); n++) {
        const fgo_r3 a = hard_axis(&r), t = hard_point(&r);
        const double angle = hard_angles[n % HARD_ANGLES];
        const exact w[6] = { 0, 0, 0, (exact)angle * a.x, (exact)angle * a.y, (exact)angle * a.z };
        const fgo_so3 R = { { (double)(sinl(angle / 2.0L) * a.x), (double)(sinl(angle / 2.0L) * a.y),
                              (double)(sinl(angle / 2.0L) * a.z), (double)cosl(angle / 2.0L) } };
        exact M[16], E[16], inverse[16], I[16];
        exact_rotation_matrix(R, M);
        exact_exp(w, E); /* the power series */
        for (int i = 0; i < 16; i++) assert_exact(M[i], E[i], 4 * eps);
        if (a.x == 1 || a.y == 1 || a.z == 1) {
            exact_turn(a.x == 1 ? 0 : a.y == 1 ? 1 : 2, angle, M);
            for (int i = 0; i < 16; i++) assert_exact(M[i], E[i], 1e-17);
        }
        exact_pose_matrix((fgo_se3){ { t.x, t.y, t.z }, { R.q[0], R.q[1], R.q[2], R.q[3] } }, M);
        exact_inverse(M, inverse);
        exact_multiply(4, M, inverse, I);
        for (int i = 0; i < 16; i++) assert_exact(I[i], i % 5 == 0, 1e-17 * fmax(1, size_of(t)));
    }
}

/* i j = k and so on: a quarter turn about x takes y to z. */
static void test_hand(UNUSED_STATE)
{
    (void)state;
    const fgo_so3 quarter = { { sqrt(0.5), 0, 0, sqrt(0.5) } };
    const fgo_r3 p = fgo_so3_rotate(quarter, (fgo_r3){ 0, 1, 0 }), back = fgo_so3_unrotate(quarter, (fgo_r3){ 0, 0, 1 });
    assert_close(p.x, 0, 1e-15), assert_close(p.y, 0, 1e-15), assert_close(p.z, 1, 1e-15);
    assert_close(back.y, 1, 1e-15);
    const fgo_se3 T = fgo_se3_from_parts((fgo_r3){ 1, 2, 3 }, quarter);
    const fgo_r3 seen = fgo_se3_transform(T, (fgo_r3){ 10, 20, 30 });
    assert_close(seen.x, 11, 1e-14), assert_close(seen.y, 2 - 30, 1e-14), assert_close(seen.z, 3 + 20, 1e-14);
    assert_true(fgo_se3_translation(T).z == 3 && fgo_se3_rotation(T).q[3] == quarter.q[3]);
    assert_close(fgo_so3_angle(quarter), PI / 2, 1e-15);
    const fgo_twist3 xi = fgo_se3_log(fgo_se3_exp((fgo_twist3){ { 1, 0, 0 }, { 0, 0, PI / 2 } }));
    const fgo_se3 arc = fgo_se3_exp((fgo_twist3){ { 1, 0, 0 }, { 0, 0, PI / 2 } }); /* a quarter of a circle of radius 2 / pi */
    assert_close(arc.t[0], 2 / PI, 1e-15), assert_close(arc.t[1], 2 / PI, 1e-15), assert_close(xi.u.x, 1, 1e-15);
}

/* ---- the group ---- */

static void test_operations(UNUSED_STATE)
{
    (void)state;
    rng r = { 102 };
    for (int n = 0; n < REPEATED(20000); n++) {
        const fgo_se3 a = hard_pose(&r), b = hard_pose(&r);
        const fgo_r3 p = hard_point(&r);
        const fgo_so3 A = fgo_se3_rotation(a), B = fgo_se3_rotation(b);
        const double reach = reach_of(a) + reach_of(b) + size_of(p), tolerance = 16 * eps;
        exact Ma[16], Mb[16], M[16], inverse[16];
        exact_pose_matrix(a, Ma);
        exact_pose_matrix(b, Mb);
        exact_multiply(4, Ma, Mb, M);
        assert_pose(fgo_se3_compose(a, b), M, tolerance, reach);
        assert_rotation(fgo_so3_compose(A, B), M, tolerance);
        assert_unit(fgo_so3_compose(A, B).q, 4);
        exact_inverse(Ma, inverse);
        assert_pose(fgo_se3_inverse(a), inverse, tolerance, reach);
        assert_rotation(fgo_so3_inverse(A), inverse, tolerance);
        exact_multiply(4, inverse, Mb, M);
        assert_pose(fgo_se3_between(a, b), M, tolerance, reach);
        assert_rotation(fgo_so3_between(A, B), M, tolerance);

        const fgo_r3 out = fgo_se3_transform(a, p), in = fgo_se3_untransform(a, p), turned = fgo_so3_rotate(A, p),
                     back = fgo_so3_unrotate(A, p);
        const double got[4][3] = {
            { out.x, out.y, out.z }, { in.x, in.y, in.z }, { turned.x, turned.y, turned.z }, { back.x, back.y, back.z }
        };
        for (int i = 0; i < 3; i++) {
            const exact *row = Ma + 4 * i, *other = inverse + 4 * i;
            const exact Rp = row[0] * p.x + row[1] * p.y + row[2] * p.z, Rtp = other[0] * p.x + other[1] * p.y + other[2] * p.z;
            assert_exact(got[0][i], Rp + row[3], tolerance * reach);
            assert_exact(got[1][i], Rtp + other[3], tolerance * reach);
            assert_exact(got[2][i], Rp, tolerance * size_of(p));
            assert_exact(got[3][i], Rtp, tolerance * size_of(p));
        }
    }
}

static void test_axioms(UNUSED_STATE)
{
    (void)state;
    rng r = { 103 };
    for (int n = 0; n < REPEATED(5000); n++) {
        const fgo_se3 a = hard_pose(&r), b = hard_pose(&r), c = hard_pose(&r), e = fgo_se3_identity();
        const double reach = reach_of(a) + reach_of(b) + reach_of(c);
        exact M[16], I[16];
        exact_pose_matrix(fgo_se3_compose(fgo_se3_compose(a, b), c), M);
        assert_pose(fgo_se3_compose(a, fgo_se3_compose(b, c)), M, 32 * eps, reach);
        exact_pose_matrix(a, M);
        assert_pose(fgo_se3_compose(a, e), M, 4 * eps, reach);
        assert_pose(fgo_se3_compose(e, a), M, 4 * eps, reach);
        assert_pose(fgo_se3_inverse(fgo_se3_inverse(a)), M, 16 * eps, reach);
        exact_pose_matrix(e, I);
        assert_pose(fgo_se3_compose(a, fgo_se3_inverse(a)), I, 16 * eps, reach);
        assert_pose(fgo_se3_between(a, a), I, 16 * eps, reach);
        assert_true(fgo_so3_identity().q[3] == 1 && fgo_so3_angle(fgo_so3_identity()) == 0);
    }
}

/* A million odometry steps: the rotation is still one. */
static void test_no_drift(UNUSED_STATE)
{
    (void)state;
    const fgo_se3 step = fgo_se3_exp((fgo_twist3){ { 1e-3, 0, 0 }, { 1e-3, 2e-3, -5e-4 } });
    fgo_se3 T = fgo_se3_identity(), squared = step;
    for (int n = 0; n < REPEATED(1000000); n++) T = fgo_se3_compose(T, step);
    assert_unit(T.q, 4);
    for (int n = 0; n < 60; n++) squared = fgo_se3_compose(squared, squared); /* doubles an error each time */
    assert_unit(squared.q, 4);
}

/* ---- Exp, Log, adjoint ---- */

static fgo_twist3 hard_twist(rng *r, double angle)
{
    const fgo_r3 a = hard_axis(r), u = hard_point(r);
    return (fgo_twist3){ u, { angle * a.x, angle * a.y, angle * a.z } };
}

static void exact_exp_of(fgo_twist3 xi, exact M[16])
{
    exact_exp((exact[]){ xi.u.x, xi.u.y, xi.u.z, xi.w.x, xi.w.y, xi.w.z }, M);
}

static void assert_vector(fgo_r3 got, fgo_r3 wanted, double tolerance)
{
    assert_exact(got.x, wanted.x, tolerance);
    assert_exact(got.y, wanted.y, tolerance);
    assert_exact(got.z, wanted.z, tolerance);
}

static fgo_so3 negative(fgo_so3 R) { return (fgo_so3){ { -R.q[0], -R.q[1], -R.q[2], -R.q[3] } }; }

static void test_exp_and_log(UNUSED_STATE)
{
    (void)state;
    rng r = { 104 };
    for (int n = 0; n < REPEATED(20000); n++) {
        const double angle = hard_angles[n % HARD_ANGLES];
        const fgo_twist3 xi = hard_twist(&r, angle);
        const double size = size_of(xi.u);
        exact M[16];
        exact_exp_of(xi, M);
        const fgo_se3 T = fgo_se3_exp(xi);
        assert_pose(T, M, 1e-15, fmax(1, 10 * size)); /* C loses digits just above 0.1 rad; they are of the size of C w^2 */
        assert_rotation(fgo_so3_exp(xi.w), M, 1e-15);
        assert_unit(T.q, 4);
        const fgo_so3 R = fgo_se3_rotation(T);
        /* relative to the angle; towards pi the sign may be the other's */
        const fgo_r3 w = fgo_so3_log(R);
        if (angle < 3.14159) {
            assert_vector(w, xi.w, 4 * eps * angle);
            assert_vector(fgo_so3_log(negative(R)), xi.w, 4 * eps * angle);
            assert_vector(fgo_se3_log(T).w, xi.w, 4 * eps * angle);
            assert_vector(fgo_se3_log(T).u, xi.u, 1e-14 * size);
        }
        if (angle > 1e-150 || oracle_slack() == 1.0) /* else the squares are below what an oracle of 53 bits has */
            assert_exact(sqrtl((exact)w.x * w.x + (exact)w.y * w.y + (exact)w.z * w.z), angle, 4 * eps * angle + 1e-200);
        assert_exact(fgo_so3_angle(R), angle, 4 * eps * angle);
        exact back[16];
        exact_exp_of(fgo_se3_log(T), back);
        for (int i = 0; i < 12; i++) assert_exact(back[i], M[i], i % 4 == 3 ? 1e-14 * fmax(1, size) : 1e-15);
    }
}

/* T Exp(xi) T^-1 = Exp(Ad xi), and Ad of a product is the product of the Ads. */
static void test_adjoint(UNUSED_STATE)
{
    (void)state;
    rng r = { 105 };
    for (int n = 0; n < REPEATED(5000); n++) {
        const fgo_se3 T = hard_pose(&r), b = hard_pose(&r);
        const fgo_twist3 xi = hard_twist(&r, hard_angles[n % HARD_ANGLES]);
        const fgo_mat6 Ad = fgo_se3_adjoint(T), Ab = fgo_se3_adjoint(b), Adb = fgo_se3_adjoint(fgo_se3_compose(T, b));
        const double x[6] = { xi.u.x, xi.u.y, xi.u.z, xi.w.x, xi.w.y, xi.w.z };
        const double reach = reach_of(T) + reach_of(b) + size_of(xi.u);
        exact moved[6] = { 0 }, M[16], left[16], conjugated[16], inverse[16], E[16];
        for (int i = 0; i < 6; i++)
            for (int j = 0; j < 6; j++) moved[i] += (exact)Ad.m[6 * i + j] * x[j];
        exact_pose_matrix(T, M);
        exact_inverse(M, inverse);
        exact_exp_of(xi, E);
        exact_multiply(4, M, E, left);
        exact_multiply(4, left, inverse, conjugated);
        exact_exp(moved, E);
        for (int i = 0; i < 12; i++) assert_exact(E[i], conjugated[i], (i % 4 == 3 ? reach : 1) * 64 * eps);
        for (int i = 0; i < 36; i++) {
            exact sum = 0;
            for (int k = 0; k < 6; k++) sum += (exact)Ad.m[i / 6 * 6 + k] * Ab.m[6 * k + i % 6];
            assert_exact(Adb.m[i], sum, 64 * eps * reach);
        }
    }
}

/* ---- the other geometries of fgopt ---- */

static int same(const void *a, const void *b, size_t n) { return !memcmp(a, b, n * sizeof(double)); }

static void test_manifold(UNUSED_STATE)
{
    (void)state;
    rng r = { 106 };
    for (int n = 0; n < REPEATED(20000); n++) {
        const fgo_se3 a = hard_pose(&r), b = hard_pose(&r);
        const fgo_twist3 xi = hard_twist(&r, hard_angles[n % HARD_ANGLES]);
        double x[7], delta[6];
        fgo_manifold_se3.retract(&fgo_manifold_se3, a.t, &xi.u.x, x);
        const fgo_se3 moved = fgo_se3_compose(a, fgo_se3_exp(xi));
        assert_true(same(&moved, x, 7));
        fgo_manifold_se3.local(&fgo_manifold_se3, a.t, b.t, delta);
        const fgo_twist3 d = fgo_se3_log(fgo_se3_between(a, b));
        assert_true(same(&d, delta, 6));
        fgo_manifold_so3.retract(&fgo_manifold_so3, a.q, &xi.w.x, x);
        const fgo_so3 turned = fgo_so3_compose(fgo_se3_rotation(a), fgo_so3_exp(xi.w));
        assert_true(same(&turned, x, 4));
        fgo_manifold_so3.local(&fgo_manifold_so3, a.q, b.q, delta);
        const fgo_r3 w = fgo_so3_log(fgo_so3_between(fgo_se3_rotation(a), fgo_se3_rotation(b)));
        assert_true(same(&w, delta, 3));
    }
}

static void test_dual_numbers(UNUSED_STATE)
{
    (void)state;
    rng r = { 107 };
    for (int n = 0; n < REPEATED(20000); n++) {
        const fgo_se3 a = hard_pose(&r), b = hard_pose(&r);
        const fgo_r3 p = hard_point(&r);
        const se3 A = se3_seed(a.t, 0), B = se3_seed(b.t, -1);
        const se3 between = se3_between(A, B), inverse = se3_inverse(A);
        const fgo_se3 plain = fgo_se3_between(a, b), back = fgo_se3_inverse(a);
        assert_true(between.t.x.a == plain.t[0] && between.t.y.a == plain.t[1] && between.t.z.a == plain.t[2]);
        assert_true(same(between.R.a.q, plain.q, 4) && same(inverse.R.a.q, back.q, 4));
        assert_true(inverse.t.x.a == back.t[0] && inverse.t.y.a == back.t[1] && inverse.t.z.a == back.t[2]);
        const vec3 out = se3_transform(A, &p.x), in = se3_untransform(A, &p.x);
        const fgo_r3 outside = fgo_se3_transform(a, p), inside = fgo_se3_untransform(a, p);
        assert_true(out.x.a == outside.x && out.y.a == outside.y && out.z.a == outside.z);
        assert_true(in.x.a == inside.x && in.y.a == inside.y && in.z.a == inside.z);
    }
}

/* ---- distances, interpolation, length ---- */

static void test_interpolate(UNUSED_STATE)
{
    (void)state;
    rng r = { 108 };
    for (int n = 0; n < REPEATED(5000); n++) {
        const fgo_se3 a = hard_pose(&r), b = hard_pose(&r);
        const fgo_so3 A = fgo_se3_rotation(a), B = fgo_se3_rotation(b);
        const double s = rng_uniform(&r, -1, 2), angle = fgo_so3_angle_between(A, B), reach = reach_of(a) + reach_of(b);
        exact M[16];
        exact_pose_matrix(a, M);
        assert_pose(fgo_se3_interpolate(a, b, 0), M, 8 * eps, reach);
        exact_pose_matrix(b, M);
        assert_pose(fgo_se3_interpolate(a, b, 1), M, 1e-14, reach);
        assert_rotation(fgo_so3_interpolate(A, B, 1), M, 1e-15);
        assert_true(angle >= 0 && angle <= PI && fabs(fgo_so3_angle_between(B, A) - angle) <= 4 * eps);
        const fgo_so3 between = fgo_so3_interpolate(A, B, s);
        assert_unit(between.q, 4);
        if (fabs(s) * angle < 3) assert_exact(fgo_so3_angle_between(A, between), fabs(s) * angle, 8 * eps);
        if (s > 0 && s < 1) assert_exact(fgo_so3_angle_between(between, B), (1 - s) * angle, 8 * eps);
        /* on the screw: the same twist from a all the way */
        const fgo_se3 T = fgo_se3_interpolate(a, b, s);
        const fgo_twist3 xi = fgo_se3_log(fgo_se3_between(a, b));
        exact E[16], at[16];
        exact_exp((exact[]){ s * xi.u.x, s * xi.u.y, s * xi.u.z, s * xi.w.x, s * xi.w.y, s * xi.w.z }, E);
        exact_pose_matrix(a, M);
        exact_multiply(4, M, E, at);
        assert_pose(T, at, 1e-14, 10 * reach);
    }
}

static void test_normalize(UNUSED_STATE)
{
    (void)state;
    rng r = { 109 };
    static const double sizes[] = { 1e-300, 1e-160, 1e-3, 0.999999, 1 + 1e-12, 7, 1e160, 1e300 };
    for (int n = 0; n < REPEATED(5000); n++) {
        const fgo_se3 T = hard_pose(&r);
        const double size = sizes[n % 8];
        fgo_se3 scaled = T, out;
        fgo_so3 R;
        exact M[16];
        for (int i = 0; i < 4; i++) scaled.q[i] *= size;
        assert_ok(fgo_se3_normalize(scaled, &out));
        assert_unit(out.q, 4);
        exact_pose_matrix(T, M);
        assert_pose(out, M, 8 * eps, 0); /* the translation to the bit */
        assert_ok(fgo_so3_normalize(fgo_se3_rotation(scaled), &R));
        assert_true(same(R.q, out.q, 4) && R.q[3] * T.q[3] >= 0);
    }
    fgo_so3 R;
    assert_ok(fgo_so3_normalize((fgo_so3){ { 0, 5e-324, 0, 0 } }, &R));
    assert_true(R.q[1] == 1);
    assert_ok(fgo_so3_normalize((fgo_so3){ { 0, 0, 0, 1 + 2 * eps } }, &R)); /* to rounding: left as it is */
    assert_true(R.q[3] == 1 + 2 * eps);
    assert_ok(fgo_so3_normalize((fgo_so3){ { 0, 0, 0, 1 + 6 * eps } }, &R));
    assert_true(R.q[3] == 1);
}

static void test_refusals(UNUSED_STATE)
{
    (void)state;
    const fgo_so3 none = { { 0, 0, 0, 0 } }, nan = { { 0, 0, NAN, 1 } }, infinite = { { 0, 0, INFINITY, 1 } };
    const fgo_so3 before = { { 1, 2, 3, 4 } };
    fgo_so3 R = before;
    assert_int_equal(fgo_so3_normalize(none, &R), FGO_ERROR_ARGUMENT);
    assert_string_equal(fgo_last_message(), "the quaternion is zero or not finite: no rotation");
    assert_int_equal(fgo_so3_normalize(nan, &R), FGO_ERROR_ARGUMENT);
    assert_int_equal(fgo_so3_normalize(infinite, &R), FGO_ERROR_ARGUMENT);
    assert_int_equal(fgo_so3_normalize(before, NULL), FGO_ERROR_ARGUMENT);
    const fgo_se3 kept = fgo_se3_from_parts((fgo_r3){ 5, 6, 7 }, before);
    fgo_se3 T = kept;
    for (int k = 0; k < 3; k++) {
        fgo_se3 wrong = kept;
        wrong.t[k] = NAN;
        assert_int_equal(fgo_se3_normalize(wrong, &T), FGO_ERROR_ARGUMENT);
    }
    assert_int_equal(fgo_se3_normalize(fgo_se3_from_parts((fgo_r3){ 0, 0, 0 }, none), &T), FGO_ERROR_ARGUMENT);
    assert_int_equal(fgo_se3_normalize(kept, NULL), FGO_ERROR_ARGUMENT);
    assert_true(same(&R, &before, 4) && same(&T, &kept, 7)); /* untouched */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_oracle),      cmocka_unit_test(test_hand),      cmocka_unit_test(test_operations),
        cmocka_unit_test(test_axioms),      cmocka_unit_test(test_no_drift),  cmocka_unit_test(test_exp_and_log),
        cmocka_unit_test(test_adjoint),     cmocka_unit_test(test_manifold),  cmocka_unit_test(test_dual_numbers),
        cmocka_unit_test(test_interpolate), cmocka_unit_test(test_normalize), cmocka_unit_test(test_refusals),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
