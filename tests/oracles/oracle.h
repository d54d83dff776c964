/* SPDX-License-Identifier: BSD-3-Clause */
/* oracle.h -- SE(3) in long double, by definitions only: Exp is the matrix exponential, the right Jacobian its power series
 * in the adjoint. No formula is shared with what it judges. Tested in test_geometry.c. */
#ifndef FGOPT_TESTS_ORACLE_H
#define FGOPT_TESTS_ORACLE_H
#include <math.h>
#include <string.h>

typedef long double exact;

/* C = A B, n x n */
static inline void exact_multiply(int n, const exact *A, const exact *B, exact *C)
{
    for (int i = 0; i < n; i++)
        for (int j = 0; j < n; j++) {
            exact s = 0;
            for (int k = 0; k < n; k++) s += A[i * n + k] * B[k * n + j];
            C[i * n + j] = s;
        }
}

/* xi = (translation, rotation vector) as a 4 x 4 matrix of the Lie algebra */
static inline void exact_hat(const exact xi[6], exact A[16])
{
    const exact *u = xi, *w = xi + 3;
    const exact M[16] = { 0, -w[2], w[1], u[0], w[2], 0, -w[0], u[1], -w[1], w[0], 0, u[2], 0, 0, 0, 0 };
    memcpy(A, M, sizeof M);
}

/* Exp(xi), 4 x 4, by scaling and squaring of the power series. */
static inline void exact_exp(const exact xi[6], exact T[16])
{
    exact A[16], term[16], next[16], scale = 1;
    int squarings = 0;
    while (scale * (fabsl(xi[3]) + fabsl(xi[4]) + fabsl(xi[5])) > 0.125L) scale /= 2, squarings++;
    exact_hat(xi, A);
    for (int i = 0; i < 16; i++) A[i] *= scale, T[i] = term[i] = i % 5 == 0;
    for (int k = 1; k < 20; k++) {
        exact_multiply(4, term, A, next);
        for (int i = 0; i < 16; i++) term[i] = next[i] / k, T[i] += term[i];
    }
    for (; squarings > 0; squarings--) {
        exact_multiply(4, T, T, next);
        memcpy(T, next, sizeof next);
    }
}

/* Jr, 6 x 6, with Exp(xi + d) = Exp(xi) Exp(Jr d) to first order: sum of (-ad)^k / (k + 1)!, ad = [w^ u^; 0 w^]. */
static inline void exact_right_jacobian(const exact xi[6], exact Jr[36])
{
    exact A[16], ad[36] = { 0 }, term[36], next[36];
    exact_hat(xi, A);
    for (int i = 0; i < 3; i++)
        for (int j = 0; j < 3; j++) ad[6 * i + j] = ad[6 * (i + 3) + j + 3] = A[4 * i + j];
    const exact *u = xi;
    const exact U[9] = { 0, -u[2], u[1], u[2], 0, -u[0], -u[1], u[0], 0 };
    for (int i = 0; i < 3; i++)
        for (int j = 0; j < 3; j++) ad[6 * i + j + 3] = U[3 * i + j];
    for (int i = 0; i < 36; i++) Jr[i] = term[i] = i % 7 == 0;
    for (int k = 1; k < 120; k++) {
        exact_multiply(6, term, ad, next);
        for (int i = 0; i < 36; i++) term[i] = -next[i] / (k + 1), Jr[i] += term[i];
    }
}
#endif
