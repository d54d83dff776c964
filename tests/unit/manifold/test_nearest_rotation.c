/* SPDX-License-Identifier: BSD-3-Clause */
/* test_nearest_rotation.c -- the nearest rotation maximizes trace(R' M): nothing nearby, and no random rotation, does better. */
#include "manifold/nearest_rotation.h"
#include "support.h"

static void to_matrix(const double q[4], double R[9])
{
    const double x = q[0], y = q[1], z = q[2], w = q[3];
    const double m[9] = { 1 - 2 * (y * y + z * z), 2 * (x * y - w * z),     2 * (x * z + w * y),
                          2 * (x * y + w * z),     1 - 2 * (x * x + z * z), 2 * (y * z - w * x),
                          2 * (x * z - w * y),     2 * (y * z + w * x),     1 - 2 * (x * x + y * y) };
    memcpy(R, m, sizeof m);
}

static double agreement(const double q[4], const double M[9])
{
    double R[9], sum = 0.0;
    to_matrix(q, R);
    for (int i = 0; i < 9; i++) sum += R[i] * M[i];
    return sum;
}

static void test_optimal(UNUSED_STATE)
{
    (void)state;
    rng r = { 61 };
    for (int t = 0; t < 3000; t++) {
        double M[9], q[4], p[4];
        for (int i = 0; i < 9; i++) M[i] = rng_normal(&r) * pow(10.0, t % 7 * 3 - 9);
        if (t % 5 == 0)
            for (int i = 0; i < 3; i++) M[6 + i] = M[i]; /* singular */
        if (t % 11 == 0)
            for (int i = 3; i < 9; i++) M[i] = 0.0; /* rank one: the best is not unique */
        assert_int_equal(fgoi_nearest_rotation(M, q), 0);
        assert_close(q[0] * q[0] + q[1] * q[1] + q[2] * q[2] + q[3] * q[3], 1.0, 1e-14);
        assert_true(q[3] >= 0.0);
        const double best = agreement(q, M);
        double scale = 0.0;
        for (int i = 0; i < 9; i++) scale += fabs(M[i]);
        for (int s = 0; s < 20; s++) {
            random_value(&r, &fgo_manifold_so3, p);
            assert_true(agreement(p, M) <= best + 1e-13 * scale);
            double delta[3] = { 1e-3 * rng_normal(&r), 1e-3 * rng_normal(&r), 1e-3 * rng_normal(&r) };
            fgo_manifold_so3.retract(&fgo_manifold_so3, q, delta, p);
            assert_true(agreement(p, M) <= best + 1e-13 * scale);
        }
    }
}

static void test_rotations_stay(UNUSED_STATE)
{
    (void)state;
    rng r = { 62 };
    for (int t = 0; t < 3000; t++) {
        double q[4], M[9], p[4];
        random_value(&r, &fgo_manifold_so3, q);
        if (t % 3 == 0) q[3] = 0.0, fgo_manifold_so3.normalize(&fgo_manifold_so3, q); /* half turns */
        to_matrix(q, M);
        for (int i = 0; i < 9; i++) M[i] *= 1e-5;
        assert_int_equal(fgoi_nearest_rotation(M, p), 0);
        const double dot = fabs(q[0] * p[0] + q[1] * p[1] + q[2] * p[2] + q[3] * p[3]);
        assert_close(dot, 1.0, 1e-14);
    }
}

static void test_nothing(UNUSED_STATE)
{
    (void)state;
    double q[4];
    assert_int_equal(fgoi_nearest_rotation((double[9]){ 0 }, q), -1);
    assert_int_equal(fgoi_nearest_rotation((double[9]){ 1, 0, NAN }, q), -1);
    assert_int_equal(fgoi_nearest_rotation((double[9]){ 1, 0, INFINITY }, q), -1);
}

int main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(test_optimal), cmocka_unit_test(test_rotations_stay),
                                        cmocka_unit_test(test_nothing) };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
