/* SPDX-License-Identifier: BSD-3-Clause */
/* test_pose_plane.c -- rotations and poses of the plane in plain numbers, against matrices in long double. */
#define FGO_PARTIALS FGO_SE2
#include "pose_oracle.h"
#include <fgopt/residual.h>

static const double eps = 2.220446049250313e-16;

/* The 4 x 4 matrix of a pose of the plane: from its own numbers, at unit length. */
static void matrix_of(fgo_se2 T, exact M[16])
{
    const exact n = sqrtl((exact)T.c * T.c + (exact)T.s * T.s), c = T.c / n, s = T.s / n;
    const exact m[16] = { c, -s, 0, T.x, s, c, 0, T.y, 0, 0, 1, 0, 0, 0, 0, 1 };
    memcpy(M, m, sizeof m);
}

static fgo_so2 rotation_of(const exact M[16]) { return (fgo_so2){ (double)M[0], (double)M[4] }; }

static void assert_planar(fgo_se2 T, const exact M[16], double tolerance, double reach)
{
    exact got[16];
    matrix_of(T, got);
    for (int i = 0; i < 8; i++) assert_exact(got[i], M[i], i % 4 == 3 ? tolerance * reach : tolerance);
}

static double reach_in_plane(fgo_se2 T) { return fmax(1, fmax(fabs(T.x), fabs(T.y))); }

static void test_operations(UNUSED_STATE)
{
    (void)state;
    rng r = { 121 };
    for (int n = 0; n < REPEATED(20000); n++) {
        const fgo_se2 a = hard_planar_pose(&r), b = hard_planar_pose(&r), e = fgo_se2_identity();
        const fgo_so2 A = fgo_se2_rotation(a), B = fgo_se2_rotation(b);
        const fgo_r2 p = { rng_normal(&r), 1e3 * rng_normal(&r) };
        const double reach = reach_in_plane(a) + reach_in_plane(b) + fabs(p.x) + fabs(p.y);
        exact Ma[16], Mb[16], M[16], inverse[16], I[16];
        matrix_of(a, Ma), matrix_of(b, Mb), matrix_of(e, I);
        exact_multiply(4, Ma, Mb, M);
        const fgo_se2 ab = fgo_se2_compose(a, b);
        const fgo_so2 AB = fgo_so2_compose(A, B), wanted = rotation_of(M);
        assert_planar(ab, M, 8 * eps, reach);
        assert_unit(&ab.c, 2);
        assert_exact(AB.c, wanted.c, 4 * eps), assert_exact(AB.s, wanted.s, 4 * eps);
        exact_inverse(Ma, inverse);
        assert_planar(fgo_se2_inverse(a), inverse, 8 * eps, reach);
        assert_planar(fgo_se2_compose(a, fgo_se2_inverse(a)), I, 8 * eps, reach);
        assert_planar(fgo_se2_compose(e, a), Ma, 4 * eps, reach);
        exact_multiply(4, inverse, Mb, M);
        assert_planar(fgo_se2_between(a, b), M, 8 * eps, reach);
        const fgo_so2 between = fgo_so2_between(A, B), same = fgo_so2_compose(fgo_so2_inverse(A), B);
        assert_exact(between.c, M[0], 4 * eps), assert_exact(same.s, M[4], 4 * eps);
        const fgo_r2 out = fgo_se2_transform(a, p), in = fgo_se2_untransform(a, p), turned = fgo_so2_rotate(A, p),
                     back = fgo_so2_unrotate(A, p);
        assert_exact(out.x, Ma[0] * p.x + Ma[1] * p.y + Ma[3], 8 * eps * reach);
        assert_exact(out.y, Ma[4] * p.x + Ma[5] * p.y + Ma[7], 8 * eps * reach);
        assert_exact(in.x, inverse[0] * p.x + inverse[1] * p.y + inverse[3], 8 * eps * reach);
        assert_exact(in.y, inverse[4] * p.x + inverse[5] * p.y + inverse[7], 8 * eps * reach);
        assert_exact(turned.x, Ma[0] * p.x + Ma[1] * p.y, 4 * eps * reach);
        assert_exact(turned.y, Ma[4] * p.x + Ma[5] * p.y, 4 * eps * reach);
        assert_exact(back.x, Ma[0] * p.x + Ma[4] * p.y, 4 * eps * reach);
        assert_exact(back.y, Ma[1] * p.x + Ma[5] * p.y, 4 * eps * reach);
    }
    assert_true(fgo_so2_identity().c == 1 && fgo_so2_identity().s == 0);
}

static void test_angles(UNUSED_STATE)
{
    (void)state;
    for (int i = 0; i < HARD_ANGLES; i++)
        for (int sign = -1; sign <= 1; sign += 2) {
            const double angle = sign * hard_angles[i];
            assert_exact(fgo_so2_angle(fgo_so2_from_angle(angle)), angle, eps * fabs(angle));
            assert_exact(fgo_se2_angle(fgo_se2_from_angle(1, 2, angle)), angle, eps * fabs(angle));
            for (int j = 0; j < HARD_ANGLES; j++) {
                const double other = hard_angles[j];
                exact distance = fabsl((exact)angle - other);
                if (distance > (exact)PI) distance = 2 * acosl(-1) - distance;
                const fgo_so2 a = fgo_so2_from_angle(angle), b = fgo_so2_from_angle(other);
                assert_exact(fgo_so2_angle_between(a, b), distance, 4 * eps);
                assert_true(fgo_so2_angle_between(b, a) >= 0);
            }
        }
    assert_close(fgo_so2_angle(fgo_so2_from_angle(7)), 7 - 2 * PI, 4 * eps);
    const fgo_se2 T = fgo_se2_from_angle(1, 2, 0.5);
    assert_true(T.x == 1 && T.y == 2 && T.c == cos(0.5) && T.s == sin(0.5));
}

static fgo_twist2 hard_twist(rng *r)
{
    const fgo_r3 u = hard_point(r);
    return (fgo_twist2){ { u.x, u.y }, (rng_below(r, 2) ? 1 : -1) * hard_angles[rng_below(r, HARD_ANGLES)] };
}

static void test_exp_log_and_adjoint(UNUSED_STATE)
{
    (void)state;
    rng r = { 122 };
    for (int n = 0; n < REPEATED(20000); n++) {
        const fgo_twist2 xi = hard_twist(&r);
        const fgo_se2 T = fgo_se2_exp(xi), a = hard_planar_pose(&r);
        const double size = fmax(fabs(xi.u.x), fabs(xi.u.y));
        exact M[16], Ma[16], inverse[16], left[16], right[16];
        exact_exp((exact[]){ xi.u.x, xi.u.y, 0, 0, 0, xi.w }, M);
        assert_planar(T, M, 4 * eps, fmax(1, size));
        const fgo_twist2 back = fgo_se2_log(T);
        if (fabs(xi.w) < PI) {
            assert_exact(back.w, xi.w, 2 * eps * fabs(xi.w));
            assert_exact(back.u.x, xi.u.x, 16 * eps * size);
            assert_exact(back.u.y, xi.u.y, 16 * eps * size);
        }
        const fgo_mat3 Ad = fgo_se2_adjoint(a);
        exact moved[6] = { 0 };
        moved[0] = (exact)Ad.m[0] * xi.u.x + (exact)Ad.m[1] * xi.u.y + (exact)Ad.m[2] * xi.w;
        moved[1] = (exact)Ad.m[3] * xi.u.x + (exact)Ad.m[4] * xi.u.y + (exact)Ad.m[5] * xi.w;
        moved[5] = (exact)Ad.m[6] * xi.u.x + (exact)Ad.m[7] * xi.u.y + (exact)Ad.m[8] * xi.w;
        matrix_of(a, Ma);
        exact_inverse(Ma, inverse);
        exact_multiply(4, Ma, M, left);
        exact_multiply(4, left, inverse, right);
        exact_exp(moved, M);
        for (int i = 0; i < 8; i++) assert_exact(M[i], right[i], (i % 4 == 3 ? reach_in_plane(a) + size : 1) * 16 * eps);
    }
}

static int same(const void *a, const void *b, size_t n) { return !memcmp(a, b, n * sizeof(double)); }

/* The bits of the manifolds and of the geometry with derivatives. */
static void test_other_geometries(UNUSED_STATE)
{
    (void)state;
    rng r = { 123 };
    for (int n = 0; n < REPEATED(20000); n++) {
        const fgo_se2 a = hard_planar_pose(&r), b = hard_planar_pose(&r);
        const fgo_twist2 xi = hard_twist(&r);
        double x[4], delta[3];
        fgo_manifold_se2.retract(&fgo_manifold_se2, &a.x, &xi.u.x, x);
        const fgo_se2 moved = fgo_se2_compose(a, fgo_se2_exp(xi));
        assert_true(same(&moved, x, 4));
        fgo_manifold_se2.local(&fgo_manifold_se2, &a.x, &b.x, delta);
        const fgo_twist2 d = fgo_se2_log(fgo_se2_between(a, b));
        assert_true(same(&d, delta, 3));
        fgo_manifold_so2.retract(&fgo_manifold_so2, &a.c, &xi.w, x);
        const fgo_so2 turned = fgo_so2_compose(fgo_se2_rotation(a), fgo_so2_from_angle(xi.w));
        assert_true(same(&turned, x, 2));
        fgo_manifold_so2.local(&fgo_manifold_so2, &a.c, &b.c, delta);
        assert_true(fgo_so2_angle(fgo_so2_between(fgo_se2_rotation(a), fgo_se2_rotation(b))) == delta[0]);
        const se2 dual = se2_between(se2_seed(&a.x, 0), se2_seed(&b.x, -1));
        const fgo_se2 plain = fgo_se2_between(a, b);
        assert_true(dual.t.x.a == plain.x && dual.t.y.a == plain.y && dual.R.a.c == plain.c && dual.R.a.s == plain.s);
    }
}

static void test_interpolate(UNUSED_STATE)
{
    (void)state;
    rng r = { 124 };
    for (int n = 0; n < REPEATED(5000); n++) {
        const fgo_se2 a = hard_planar_pose(&r), b = hard_planar_pose(&r);
        const fgo_so2 A = fgo_se2_rotation(a), B = fgo_se2_rotation(b);
        const double s = rng_uniform(&r, 0, 1), reach = reach_in_plane(a) + reach_in_plane(b),
                     angle = fgo_so2_angle_between(A, B);
        exact M[16], E[16], at[16];
        matrix_of(a, M);
        assert_planar(fgo_se2_interpolate(a, b, 0), M, 4 * eps, reach);
        const fgo_twist2 xi = fgo_se2_log(fgo_se2_between(a, b));
        exact_exp((exact[]){ s * xi.u.x, s * xi.u.y, 0, 0, 0, s * xi.w }, E);
        exact_multiply(4, M, E, at);
        assert_planar(fgo_se2_interpolate(a, b, s), at, 16 * eps, 4 * reach);
        matrix_of(b, M);
        assert_planar(fgo_se2_interpolate(a, b, 1), M, 16 * eps, 4 * reach);
        const fgo_so2 between = fgo_so2_interpolate(A, B, s);
        assert_exact(fgo_so2_angle_between(A, between), s * angle, 4 * eps);
        assert_exact(fgo_so2_angle_between(between, B), (1 - s) * angle, 4 * eps);
    }
}

/* The nearest rotation of M maximizes trace(R' M): none nearby does better. */
static void test_matrices(UNUSED_STATE)
{
    (void)state;
    static const int place[9] = { 0, 1, 3, 4, 5, 7, 12, 13, 15 };
    rng r = { 125 };
    for (int n = 0; n < REPEATED(5000); n++) {
        const fgo_se2 T = hard_planar_pose(&r);
        const fgo_mat3 M = fgo_se2_to_matrix(T);
        const fgo_mat2 R = fgo_so2_to_matrix(fgo_se2_rotation(T));
        exact wanted[16];
        fgo_se2 back;
        matrix_of(T, wanted);
        for (int i = 0; i < 9; i++) assert_exact(M.m[i], wanted[place[i]], 2 * eps);
        for (int i = 0; i < 4; i++) assert_true(R.m[i] == M.m[i + i / 2]);
        assert_ok(fgo_se2_from_matrix(M, &back));
        assert_planar(back, wanted, 4 * eps, 0);

        const double size = pow(10, rng_below(&r, 600) - 300);
        fgo_mat2 off = R;
        fgo_so2 nearest;
        for (int i = 0; i < 4; i++) off.m[i] = size * (off.m[i] + 0.1 * rng_normal(&r));
        if (!(off.m[0] / size * (off.m[3] / size) - off.m[1] / size * (off.m[2] / size) > 0.01)) continue;
        assert_ok(fgo_so2_from_matrix(off, &nearest));
        assert_unit(&nearest.c, 2);
        /* there trace(R' M) = c (m0 + m3) + s (m2 - m1) has no slope along the circle, and is positive */
        const double along = off.m[0] / size + off.m[3] / size, across = off.m[2] / size - off.m[1] / size;
        assert_exact((exact)nearest.c * across - (exact)nearest.s * along, 0, 4 * eps);
        assert_true(nearest.c * along + nearest.s * across > 0);
    }
}

static void test_normalize(UNUSED_STATE)
{
    (void)state;
    fgo_so2 R;
    fgo_se2 T;
    assert_ok(fgo_so2_normalize((fgo_so2){ 3e200, -4e200 }, &R));
    assert_close(R.c, 0.6, eps), assert_close(R.s, -0.8, eps);
    assert_ok(fgo_se2_normalize((fgo_se2){ 1, 2, 0, -1e-320 }, &T));
    assert_true(T.x == 1 && T.y == 2 && T.c == 0 && T.s == -1);
}

static void test_refusals(UNUSED_STATE)
{
    (void)state;
    const fgo_so2 before = { 7, 8 };
    const fgo_se2 kept = { 1, 2, 3, 4 };
    const fgo_mat2 good = { { 1, 0, 0, 1 } };
    const fgo_mat2 bad[] = { { { 0 } },
                             { { 1, 0, 0, -1 } },
                             { { 1, 2, 2, 4 } },
                             { { 1, 0, 0, 1e-13 } },
                             { { 1, 0, 0, NAN } },
                             { { 1, INFINITY, 0, 1 } },
                             { { 0, 1, 1, 0 } },
                             { { 1e-300, 0, 0, 0 } } };
    fgo_so2 R = before;
    fgo_se2 T = kept;
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        const double *m = bad[i].m;
        assert_int_equal(fgo_so2_from_matrix(bad[i], &R), FGO_ERROR_ARGUMENT);
        assert_int_equal(fgo_se2_from_matrix((fgo_mat3){ { m[0], m[1], 0, m[2], m[3], 0, 0, 0, 1 } }, &T), FGO_ERROR_ARGUMENT);
    }
    assert_int_equal(fgo_so2_from_matrix(good, NULL), FGO_ERROR_ARGUMENT);
    assert_int_equal(fgo_se2_from_matrix((fgo_mat3){ { 1, 0, 0, 0, 1, 0, 0, 0, 1 } }, NULL), FGO_ERROR_ARGUMENT);
    for (int i = 0; i < 9; i++) { /* one wrong number in the translation or the last row */
        fgo_mat3 M = { { 1, 0, 0, 0, 1, 0, 0, 0, 1 } };
        if (i % 3 != 2 && i < 6) continue;
        M.m[i] = i < 6 ? NAN : M.m[i] + 1e-6;
        assert_int_equal(fgo_se2_from_matrix(M, &T), FGO_ERROR_ARGUMENT);
    }
    assert_int_equal(fgo_so2_normalize((fgo_so2){ 0, 0 }, &R), FGO_ERROR_ARGUMENT);
    assert_int_equal(fgo_so2_normalize((fgo_so2){ NAN, 0 }, &R), FGO_ERROR_ARGUMENT);
    assert_int_equal(fgo_so2_normalize(before, NULL), FGO_ERROR_ARGUMENT);
    assert_int_equal(fgo_se2_normalize((fgo_se2){ 1, 2, 0, 0 }, &T), FGO_ERROR_ARGUMENT);
    assert_int_equal(fgo_se2_normalize((fgo_se2){ 1, INFINITY, 1, 0 }, &T), FGO_ERROR_ARGUMENT);
    assert_int_equal(fgo_se2_normalize(kept, NULL), FGO_ERROR_ARGUMENT);
    assert_true(same(&R, &before, 2) && same(&T, &kept, 4));
}

/* The limits that pose.h states: det M = 1e-12 |M|^2; 1e-9 in the last row. */
static void test_limits(UNUSED_STATE)
{
    (void)state;
    fgo_so2 R;
    fgo_se2 T;
    assert_ok(fgo_so2_from_matrix((fgo_mat2){ { 2, 0, 0, 2.2e-12 } }, &R));
    assert_int_equal(fgo_so2_from_matrix((fgo_mat2){ { 2, 0, 0, 1.8e-12 } }, &R), FGO_ERROR_ARGUMENT);
    for (int i = 6; i < 9; i++) {
        fgo_mat3 M = { { 1, 0, 0, 0, 1, 0, 0, 0, 1 } };
        M.m[i] += 0.9e-9;
        assert_ok(fgo_se2_from_matrix(M, &T));
        M.m[i] += 0.2e-9;
        assert_int_equal(fgo_se2_from_matrix(M, &T), FGO_ERROR_ARGUMENT);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_operations),       cmocka_unit_test(test_angles),      cmocka_unit_test(test_exp_log_and_adjoint),
        cmocka_unit_test(test_other_geometries), cmocka_unit_test(test_interpolate), cmocka_unit_test(test_matrices),
        cmocka_unit_test(test_normalize),        cmocka_unit_test(test_refusals),    cmocka_unit_test(test_limits),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
