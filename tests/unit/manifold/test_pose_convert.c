/* SPDX-License-Identifier: BSD-3-Clause */
/* test_pose_convert.c -- rotations and poses of space from and to matrices, Euler angles, quaternions, axis and angle. */
#include "pose_oracle.h"

static const double eps = 2.220446049250313e-16;

static int same(const void *a, const void *b, size_t n) { return !memcmp(a, b, n * sizeof(double)); }

/* ---- matrices ---- */

static void test_matrices(UNUSED_STATE)
{
    (void)state;
    rng r = { 131 };
    for (int n = 0; n < REPEATED(20000); n++) {
        const fgo_se3 T = hard_pose(&r);
        const fgo_mat4 M = fgo_se3_to_matrix(T);
        const fgo_mat3 R = fgo_so3_to_matrix(fgo_se3_rotation(T));
        exact wanted[16];
        fgo_se3 back;
        exact_pose_matrix(T, wanted);
        for (int i = 0; i < 16; i++) assert_exact(M.m[i], wanted[i], i % 4 == 3 ? 0 : 8 * eps); /* |q| is 1 to rounding */
        for (int i = 0; i < 9; i++) assert_true(R.m[i] == M.m[4 * (i / 3) + i % 3]);
        assert_ok(fgo_se3_from_matrix(M, &back));
        assert_pose(back, wanted, 1e-15, 0);
        assert_unit(back.q, 4);
        assert_true(back.q[3] >= 0);
    }
}

/* The orthogonal factor of the polar decomposition by Newton's iteration X <- (X + X^-T) / 2 (N. Higham, 1986), which shares
 * nothing with the library's eigenvector. */
static void exact_polar(const double M[9], exact X[9])
{
    double largest = 0;
    for (int i = 0; i < 9; i++) largest = fmax(largest, fabs(M[i]));
    for (int i = 0; i < 9; i++) X[i] = M[i] / (exact)largest;
    for (int n = 0; n < 60; n++) {
        exact C[9]; /* cofactors: X^-T = C / det */
        for (int i = 0; i < 3; i++)
            for (int j = 0; j < 3; j++) {
                const int a = (i + 1) % 3, b = (i + 2) % 3, c = (j + 1) % 3, d = (j + 2) % 3;
                C[3 * i + j] = X[3 * a + c] * X[3 * b + d] - X[3 * a + d] * X[3 * b + c];
            }
        const exact det = X[0] * C[0] + X[1] * C[1] + X[2] * C[2];
        for (int i = 0; i < 9; i++) X[i] = (X[i] + C[i] / det) / 2;
    }
}

static void test_nearest(UNUSED_STATE)
{
    (void)state;
    rng r = { 132 };
    for (int n = 0; n < REPEATED(5000); n++) {
        const fgo_mat3 R = fgo_so3_to_matrix(hard_rotation(&r));
        const double off = (double[]){ 1e-15, 1e-9, 1e-4, 0.1 }[n % 4], size = pow(10, rng_below(&r, 40) - 20);
        fgo_mat3 M;
        fgo_so3 got;
        exact X[9], wanted[16] = { 0 };
        for (int i = 0; i < 9; i++) M.m[i] = size * (R.m[i] + off * rng_uniform(&r, -1, 1));
        exact_polar(M.m, X);
        for (int i = 0; i < 9; i++) wanted[4 * (i / 3) + i % 3] = X[i];
        assert_ok(fgo_so3_from_matrix(M, &got));
        assert_rotation(got, wanted, 2e-15);
        assert_unit(got.q, 4);
    }
    for (int k = -1; k <= 1; k += 2) { /* as large and as small as numbers are */
        const double size = k > 0 ? 1e308 : 1e-305;
        fgo_so3 got;
        assert_ok(fgo_so3_from_matrix((fgo_mat3){ { 0, -size, 0, size, 0, 0, 0, 0, size } }, &got));
        assert_close(got.q[2], sqrt(0.5), 1e-15), assert_close(got.q[3], sqrt(0.5), 1e-15);
    }
}

static void test_no_rotations(UNUSED_STATE)
{
    (void)state;
    const fgo_mat3 bad[] = { { { 0 } },
                             { { 1, 0, 0, 0, 1, 0, 0, 0, -1 } },    /* a reflection */
                             { { -1, 0, 0, 0, -1, 0, 0, 0, -1 } },  /* the point reflection */
                             { { 1, 0, 0, 0, 1, 0, 0, 0, 0 } },     /* rank 2 */
                             { { 1, 2, 3, 2, 4, 6, 3, 6, 9 } },     /* rank 1 */
                             { { 1, 0, 0, 0, 1, 0, 0, 0, 1e-13 } }, /* as good as singular */
                             { { 1e-300, 0, 0, 0, 1e-300, 0, 0, 0, 0 } },
                             { { 1, 0, 0, 0, NAN, 0, 0, 0, 1 } },
                             { { 1, 0, 0, 0, 1, INFINITY, 0, 0, 1 } } };
    const fgo_so3 before = { { 1, 2, 3, 4 } };
    const fgo_se3 kept = { { 5, 6, 7 }, { 1, 2, 3, 4 } };
    const fgo_mat4 one = fgo_se3_to_matrix(fgo_se3_identity());
    fgo_so3 R = before;
    fgo_se3 T = kept;
    for (size_t k = 0; k < sizeof bad / sizeof *bad; k++) {
        fgo_mat4 M = one;
        for (int i = 0; i < 9; i++) M.m[4 * (i / 3) + i % 3] = bad[k].m[i];
        assert_int_equal(fgo_so3_from_matrix(bad[k], &R), FGO_ERROR_ARGUMENT);
        assert_int_equal(fgo_se3_from_matrix(M, &T), FGO_ERROR_ARGUMENT);
    }
    assert_string_equal(fgo_last_message(), "the matrix is not finite: no rotation");
    for (int i = 0; i < 16; i++) { /* one wrong number in the translation or the last row */
        fgo_mat4 M = one;
        if (i % 4 != 3 && i < 12) continue;
        M.m[i] = i < 12 ? NAN : M.m[i] + 1e-6;
        assert_int_equal(fgo_se3_from_matrix(M, &T), FGO_ERROR_ARGUMENT);
    }
    assert_int_equal(fgo_so3_from_matrix((fgo_mat3){ { 1, 0, 0, 0, 1, 0, 0, 0, 1 } }, NULL), FGO_ERROR_ARGUMENT);
    assert_int_equal(fgo_se3_from_matrix(one, NULL), FGO_ERROR_ARGUMENT);
    assert_true(same(&R, &before, 4) && same(&T, &kept, 7));
    assert_ok(fgo_se3_from_matrix(one, &T));
}

/* The limits that pose.h states: det M = 1e-12 |M|^3, which is 2 sqrt(2) 1e-12 for diag(1, 1, d); 1e-9 in the last row. */
static void test_limits(UNUSED_STATE)
{
    (void)state;
    fgo_so3 R;
    fgo_se3 T;
    assert_ok(fgo_so3_from_matrix((fgo_mat3){ { 1, 0, 0, 0, 1, 0, 0, 0, 2.9e-12 } }, &R));
    assert_int_equal(fgo_so3_from_matrix((fgo_mat3){ { 1, 0, 0, 0, 1, 0, 0, 0, 2.7e-12 } }, &R), FGO_ERROR_ARGUMENT);
    for (int i = 12; i < 16; i++) {
        fgo_mat4 M = fgo_se3_to_matrix(fgo_se3_identity());
        M.m[i] += 0.9e-9;
        assert_ok(fgo_se3_from_matrix(M, &T));
        M.m[i] += 0.2e-9;
        assert_int_equal(fgo_se3_from_matrix(M, &T), FGO_ERROR_ARGUMENT);
    }
}

/* ---- Euler angles ---- */

static void exact_euler(fgo_euler e, exact M[16])
{
    exact yaw[16], pitch[16], roll[16], turned[16];
    exact_turn(2, e.yaw, yaw);
    exact_turn(1, e.pitch, pitch);
    exact_turn(0, e.roll, roll);
    exact_multiply(4, yaw, pitch, turned);
    exact_multiply(4, turned, roll, M);
}

static void assert_ranges(fgo_euler e) { assert_true(fabs(e.roll) <= PI && fabs(e.yaw) <= PI && fabs(e.pitch) <= PI / 2 + eps); }

static void test_euler(UNUSED_STATE)
{
    (void)state;
    rng r = { 133 };
    for (int n = 0; n < REPEATED(20000); n++) {
        fgo_euler e;
        double *angle[3] = { &e.roll, &e.pitch, &e.yaw };
        for (int k = 0; k < 3; k++) *angle[k] = (rng_below(&r, 2) ? 1 : -1) * hard_angles[rng_below(&r, HARD_ANGLES)];
        exact M[16], again[16];
        exact_euler(e, M);
        const fgo_so3 R = fgo_so3_from_euler(e);
        assert_rotation(R, M, 4 * eps);
        const fgo_euler back = fgo_so3_to_euler(R), other = fgo_so3_to_euler((fgo_so3){ { -R.q[0], -R.q[1], -R.q[2], -R.q[3] } });
        assert_ranges(back), assert_ranges(other);
        exact_euler(back, again);
        for (int i = 0; i < 12; i++) assert_exact(again[i], M[i], 8 * eps);
        exact_euler(other, again);
        for (int i = 0; i < 12; i++) assert_exact(again[i], M[i], 8 * eps);
        if (fabs(e.pitch) < 1.5 && fabs(e.roll) < 3.1 && fabs(e.yaw) < 3.1) { /* and the same angles */
            assert_exact(back.roll, e.roll, 64 * eps), assert_exact(back.pitch, e.pitch, 8 * eps);
            assert_exact(back.yaw, e.yaw, 64 * eps), assert_exact(other.yaw, e.yaw, 64 * eps);
        }
    }
    for (int n = 0; n < REPEATED(20000); n++) { /* rotations that no Euler angles made */
        const fgo_so3 R = hard_rotation(&r);
        const fgo_euler e = fgo_so3_to_euler(R);
        exact M[16], again[16];
        assert_ranges(e);
        exact_euler(e, again);
        exact_rotation_matrix(R, M);
        for (int i = 0; i < 12; i++) assert_exact(again[i], M[i], 8 * eps);
    }
}

/* At pitch = +-90 degrees roll and yaw share what is determined evenly, whatever the quaternion's sign. */
static void test_gimbal_lock(UNUSED_STATE)
{
    (void)state;
    rng r = { 134 };
    for (int n = 0; n < REPEATED(5000); n++) {
        const double roll = rng_uniform(&r, -3, 3), yaw = rng_uniform(&r, -3, 3);
        for (int up = -1; up <= 1; up += 2)
            for (int sign = -1; sign <= 1; sign += 2) {
                const fgo_euler e = { roll, up * (PI / 2), yaw };
                fgo_so3 R = fgo_so3_from_euler(e);
                for (int i = 0; i < 4; i++) R.q[i] *= sign;
                const fgo_euler got = fgo_so3_to_euler(R);
                const double turn = remainder(yaw - up * roll, 2 * PI); /* yaw - roll, or yaw + roll */
                if (fabs(turn) > 3.14) continue;                        /* half a turn either way */
                assert_exact(got.yaw, turn / 2, 8 * eps);
                assert_exact(got.roll, -up * turn / 2, 8 * eps);
                assert_exact(got.pitch, e.pitch, 8 * eps);
                exact M[16], again[16];
                exact_euler(e, M);
                exact_euler(got, again);
                for (int i = 0; i < 12; i++) assert_exact(again[i], M[i], 8 * eps);
            }
    }
    for (int k = 1; k < 16; k++) /* close to it */
        for (int up = -1; up <= 1; up += 2) {
            const fgo_euler e = { 0.3, up * (PI / 2 - pow(10, -k)), -0.7 };
            exact M[16], again[16];
            exact_euler(e, M);
            exact_euler(fgo_so3_to_euler(fgo_so3_from_euler(e)), again);
            for (int i = 0; i < 12; i++) assert_exact(again[i], M[i], 8 * eps);
        }
}

/* ---- quaternions ---- */

static void test_quaternions(UNUSED_STATE)
{
    (void)state;
    fgo_so3 R, S;
    assert_ok(fgo_so3_from_xyzw((fgo_xyzw){ 2, 4, 6, -8 }, &R));
    assert_ok(fgo_so3_from_wxyz((fgo_wxyz){ -8, 2, 4, 6 }, &S));
    assert_true(same(&R, &S, 4));
    const double given[4] = { 2, 4, 6, -8 };
    for (int i = 0; i < 4; i++) assert_close(R.q[i], given[i] / sqrt(120), eps);
    const fgo_xyzw a = fgo_so3_to_xyzw(R);
    const fgo_wxyz b = fgo_so3_to_wxyz(R);
    assert_true(same(&a, R.q, 4));
    assert_true(b.w == R.q[3] && b.x == R.q[0] && b.y == R.q[1] && b.z == R.q[2]);
    assert_true((&b.w)[0] == R.q[3] && sizeof b == 4 * sizeof(double));

    const fgo_so3 before = { { 1, 2, 3, 4 } };
    R = before;
    assert_int_equal(fgo_so3_from_xyzw((fgo_xyzw){ 0, 0, 0, 0 }, &R), FGO_ERROR_ARGUMENT);
    assert_int_equal(fgo_so3_from_wxyz((fgo_wxyz){ 0, 0, NAN, 0 }, &R), FGO_ERROR_ARGUMENT);
    assert_int_equal(fgo_so3_from_xyzw((fgo_xyzw){ 0, 0, 0, 1 }, NULL), FGO_ERROR_ARGUMENT);
    assert_int_equal(fgo_so3_from_wxyz((fgo_wxyz){ 1, 0, 0, 0 }, NULL), FGO_ERROR_ARGUMENT);
    assert_true(same(&R, &before, 4));
}

/* ---- axis and angle ---- */

static void test_axis_angle(UNUSED_STATE)
{
    (void)state;
    rng r = { 135 };
    for (int n = 0; n < REPEATED(20000); n++) {
        const fgo_r3 a = hard_axis(&r);
        const double angle = hard_angles[n % HARD_ANGLES], size = pow(10, rng_below(&r, 300) - 150);
        const exact w[6] = { 0, 0, 0, (exact)angle * a.x, (exact)angle * a.y, (exact)angle * a.z };
        exact M[16];
        fgo_so3 R, other;
        exact_exp(w, M);
        assert_ok(fgo_so3_from_axis_angle((fgo_axis_angle){ { size * a.x, size * a.y, size * a.z }, angle }, &R));
        assert_rotation(R, M, 4 * eps);
        assert_ok(fgo_so3_from_axis_angle((fgo_axis_angle){ { -a.x, -a.y, -a.z }, 2 * PI - angle }, &other)); /* -q */
        assert_rotation(other, M, 8 * eps);
        const fgo_axis_angle back = fgo_so3_to_axis_angle(R);
        assert_unit(&back.axis.x, 3);
        assert_exact(back.angle, angle, 4 * eps * angle);
        if (angle == 0) {
            assert_true(back.axis.x == 1 && back.axis.y == 0 && back.axis.z == 0);
        } else if (angle < PI) {
            assert_exact(back.axis.x, a.x, 4 * eps);
            assert_exact(back.axis.y, a.y, 4 * eps);
            assert_exact(back.axis.z, a.z, 4 * eps);
        }
        const fgo_axis_angle same_turn = fgo_so3_to_axis_angle((fgo_so3){ { -R.q[0], -R.q[1], -R.q[2], -R.q[3] } });
        if (angle < PI) assert_true(same(&same_turn, &back, 4));
    }
    const fgo_so3 before = { { 1, 2, 3, 4 } };
    fgo_so3 R = before;
    assert_int_equal(fgo_so3_from_axis_angle((fgo_axis_angle){ { 0, 0, 0 }, 1 }, &R), FGO_ERROR_ARGUMENT);
    assert_int_equal(fgo_so3_from_axis_angle((fgo_axis_angle){ { 1, 0, NAN }, 1 }, &R), FGO_ERROR_ARGUMENT);
    assert_int_equal(fgo_so3_from_axis_angle((fgo_axis_angle){ { 1, 0, 0 }, INFINITY }, &R), FGO_ERROR_ARGUMENT);
    assert_int_equal(fgo_so3_from_axis_angle((fgo_axis_angle){ { 1, 0, 0 }, 1 }, NULL), FGO_ERROR_ARGUMENT);
    assert_true(same(&R, &before, 4));
}

/* ---- from the plane into space ---- */

static void test_lift(UNUSED_STATE)
{
    (void)state;
    rng r = { 136 };
    for (int n = 0; n < REPEATED(5000); n++) {
        const fgo_se2 flat = hard_planar_pose(&r);
        const fgo_se3 T = fgo_se3_from_se2(flat);
        const fgo_so3 R = fgo_so3_from_so2((fgo_so2){ 5 * flat.c, 5 * flat.s });
        const exact length = sqrtl((exact)flat.c * flat.c + (exact)flat.s * flat.s), c = flat.c / length, s = flat.s / length;
        const exact M[16] = { c, -s, 0, flat.x, s, c, 0, flat.y, 0, 0, 1, 0, 0, 0, 0, 1 };
        assert_pose(T, M, 4 * eps, 0);
        assert_rotation(R, M, 4 * eps);
        assert_exact(fgo_so3_log(fgo_se3_rotation(T)).z, fgo_se2_angle(flat), 4 * eps * fabs(fgo_se2_angle(flat)));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_matrices),    cmocka_unit_test(test_nearest),    cmocka_unit_test(test_no_rotations),
        cmocka_unit_test(test_limits),      cmocka_unit_test(test_euler),      cmocka_unit_test(test_gimbal_lock),
        cmocka_unit_test(test_quaternions), cmocka_unit_test(test_axis_angle), cmocka_unit_test(test_lift),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
