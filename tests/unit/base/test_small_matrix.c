/* SPDX-License-Identifier: BSD-3-Clause */
/* test_small_matrix.c -- packed triangles against full matrices in long double, what is lost in rounding, and rotations. */
#include "base/small_matrix.h"
#include "support.h"
#include <float.h>

enum { MOST = 9 };

/* A random upper triangle with a diagonal far from zero, packed and full. */
static void random_triangle(rng *r, int n, double *W, double full[MOST][MOST])
{
    size_t at = 0;
    memset(full, 0, sizeof(double[MOST][MOST]));
    for (int i = 0; i < n; i++)
        for (int j = i; j < n; j++) {
            full[i][j] = i == j ? rng_uniform(r, 0.5, 2.0) : rng_uniform(r, -1.0, 1.0);
            assert_int_equal(fgoi_packed_at(n, i, j), at);
            W[at++] = full[i][j];
        }
    assert_int_equal(at, fgoi_packed(n));
}

static void test_products(UNUSED_STATE)
{
    (void)state;
    rng r = { 4 };
    for (int round = 0; round < REPEATED(300); round++) {
        const int n = 1 + rng_below(&r, MOST);
        double W[MOST * (MOST + 1) / 2], U[MOST][MOST], x[MOST], y[MOST], S[MOST * MOST];
        long double square = 0.0L;
        random_triangle(&r, n, W, U);
        for (int i = 0; i < n; i++) x[i] = y[i] = rng_uniform(&r, -3.0, 3.0);
        fgoi_packed_multiply(n, W, y);
        fgoi_packed_gram(n, W, S);
        for (int i = 0; i < n; i++) {
            long double sum = 0.0L;
            for (int j = 0; j < n; j++) sum += (long double)U[i][j] * x[j];
            assert_close(y[i], (double)sum, 1e-14);
            square += sum * sum;
            for (int j = 0; j < n; j++) {
                long double s = 0.0L;
                for (int k = 0; k < n; k++) s += (long double)U[k][i] * U[k][j];
                assert_close(S[i * n + j], (double)s, 1e-14);
                assert_true(S[i * n + j] == S[j * n + i]);
            }
        }
        assert_close(fgoi_packed_square(n, W, x), (double)square, 1e-13);
    }
}

static void test_factors_and_solves(UNUSED_STATE)
{
    (void)state;
    rng r = { 5 };
    for (int round = 0; round < REPEATED(300); round++) {
        const int n = 1 + rng_below(&r, MOST), count = 1 + rng_below(&r, n);
        double W[MOST * (MOST + 1) / 2], L[MOST * (MOST + 1) / 2], U[MOST][MOST], S[MOST * MOST], T[MOST * MOST];
        double x[MOST], y[MOST], z[MOST];
        random_triangle(&r, n, W, U);
        fgoi_packed_gram(n, W, S);
        assert_int_equal(fgoi_packed_factor(n, S, n * DBL_EPSILON, L), 0);
        fgoi_packed_gram(n, L, T);
        for (int i = 0; i < n * n; i++) assert_close(T[i], S[i], 1e-14);
        for (int i = 0; i < n; i++) x[i] = y[i] = z[i] = i < count ? rng_uniform(&r, -3.0, 3.0) : 0.0;
        fgoi_packed_solve(n, n, W, x);
        fgoi_packed_multiply(n, W, x);
        fgoi_packed_solve(n, count, W, y);
        fgoi_packed_multiply(n, W, y);
        for (int i = 0; i < n; i++) {
            assert_close(x[i], z[i], 1e-9);
            assert_close(y[i], z[i], 1e-9);
            y[i] = z[i];
        }
        fgoi_packed_solve_transposed(n, W, y);
        for (int i = 0; i < n; i++) {
            long double sum = 0.0L;
            for (int j = 0; j < n; j++) sum += (long double)U[j][i] * y[j];
            assert_close((double)sum, z[i], 1e-9);
        }
    }
}

static void test_lost_pivots(UNUSED_STATE)
{
    (void)state;
    const double semidefinite[9] = { 4, 2, 0, 2, 1, 0, 0, 0, 9 }, indefinite[4] = { 1, 2, 2, 1 }, nothing[4] = { 0 };
    const double rank_2[6] = { 2, 1, 0, 0, 0, 3 };
    double W[6];
    assert_int_equal(fgoi_packed_factor(3, semidefinite, 0.0, W), 1);
    assert_memory_equal(W, rank_2, sizeof rank_2);
    assert_int_equal(fgoi_packed_factor(2, indefinite, 0.0, W), 1);
    assert_true(W[0] == 1.0 && W[1] == 2.0 && W[2] == 0.0);
    assert_int_equal(fgoi_packed_factor(2, nothing, 0.0, W), 2);
    const double nearly[4] = { 1, 1, 1, 1 + 3 * DBL_EPSILON };
    assert_int_equal(fgoi_packed_factor(2, nearly, 0.0, W), 0);
    assert_int_equal(fgoi_packed_factor(2, nearly, 4 * DBL_EPSILON, W), 1);
    const double not_a_number[4] = { (double)NAN, 0, 0, 1 };
    assert_int_equal(fgoi_packed_factor(2, not_a_number, 0.0, W), 1);
}

static void test_determinants(UNUSED_STATE)
{
    (void)state;
    const double even[9] = { 0, 1, 0, 0, 0, 1, 1, 0, 0 }, odd[9] = { 0, 1, 0, 1, 0, 0, 0, 0, 1 };
    const double numbers[9] = { 2, -3, 1, 2, 0, -1, 1, 4, 5 }, singular[9] = { 1, 2, 3, 4, 5, 6, 7, 8, 9 };
    assert_true(fgoi_determinant_3x3(even) == 1.0 && fgoi_determinant_3x3(odd) == -1.0);
    assert_true(fgoi_determinant_3x3(numbers) == 49.0 && fgoi_determinant_3x3(singular) == 0.0);
}

/* The rotation by the angle that annihilates A_pq keeps V A V'. */
static void test_rotations(UNUSED_STATE)
{
    (void)state;
    rng r = { 6 };
    for (int round = 0; round < REPEATED(300); round++) {
        const int n = 2 + rng_below(&r, MOST - 1), p = rng_below(&r, n - 1), q = p + 1 + rng_below(&r, n - p - 1);
        double S[MOST * MOST], A[MOST * MOST], V[MOST * MOST];
        for (int i = 0; i < n; i++)
            for (int j = 0; j <= i; j++) {
                S[i * n + j] = S[j * n + i] = rng_uniform(&r, -2.0, 2.0);
                V[i * n + j] = V[j * n + i] = i == j;
            }
        memcpy(A, S, sizeof A);
        const double angle = 0.5 * atan2(2.0 * A[p * n + q], A[q * n + q] - A[p * n + p]);
        fgoi_symmetric_rotate(n, A, V, p, q, cos(angle), sin(angle));
        assert_close(A[p * n + q], 0.0, 1e-14);
        for (int i = 0; i < n; i++)
            for (int j = 0; j < n; j++) {
                double sum = 0.0;
                for (int k = 0; k < n; k++)
                    for (int l = 0; l < n; l++) sum += V[i * n + k] * A[k * n + l] * V[j * n + l];
                assert_close(sum, S[i * n + j], 1e-13);
            }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(test_products), cmocka_unit_test(test_factors_and_solves),
                                        cmocka_unit_test(test_lost_pivots), cmocka_unit_test(test_determinants),
                                        cmocka_unit_test(test_rotations) };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
