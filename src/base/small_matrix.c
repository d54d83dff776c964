/* SPDX-License-Identifier: BSD-3-Clause */
/* small_matrix.c -- packed upper triangles: products, factors, solves; and a determinant. */
#include "small_matrix.h"
#include <math.h>
#include <string.h>

double fgoi_packed_square(int n, const double *W, const double *x)
{
    double square = 0.0;
    for (int i = 0; i < n; W += n - i, i++) {
        double sum = 0.0;
        for (int j = i; j < n; j++) sum += W[j - i] * x[j];
        square += sum * sum;
    }
    return square;
}

void fgoi_packed_gram(int n, const double *W, double *S)
{
    memset(S, 0, (size_t)n * (size_t)n * sizeof *S);
    for (int k = 0; k < n; W += n - k, k++)
        for (int i = k; i < n; i++)
            for (int j = k; j < n; j++) S[i * n + j] += W[i - k] * W[j - k];
}

int fgoi_packed_factor(int n, const double *S, double tolerance, double *W)
{
    int lost = 0;
    double *Wi = W; /* Wi[j - i] is W_ij */
    for (int i = 0; i < n; Wi += n - i, i++) {
        int keep = 1;
        for (int j = i; j < n; j++) {
            const double *Wk = W;
            double sum = S[i * n + j];
            for (int k = 0; k < i; Wk += n - k, k++) sum -= Wk[i - k] * Wk[j - k];
            if (j == i) {
                keep = sum > tolerance * S[i * n + i];
                lost += !keep;
            }
            Wi[j - i] = !keep ? 0.0 : j == i ? sqrt(sum) : sum / Wi[0];
        }
    }
    return lost;
}

void fgoi_packed_solve(int n, int count, const double *W, double *x)
{
    for (int i = count - 1; i >= 0; i--) {
        const double *Wi = W + fgoi_packed_at(n, i, i);
        double sum = x[i];
        for (int j = i + 1; j < count; j++) sum -= Wi[j - i] * x[j];
        x[i] = sum / Wi[0];
    }
}

void fgoi_packed_solve_transposed(int n, const double *W, double *x)
{
    for (int i = 0; i < n; i++) {
        const double *Wj = W;
        double sum = x[i];
        for (int j = 0; j < i; Wj += n - j, j++) sum -= Wj[i - j] * x[j];
        x[i] = sum / Wj[0];
    }
}

double fgoi_determinant_3x3(const double *M)
{
    return M[0] * (M[4] * M[8] - M[5] * M[7]) - M[1] * (M[3] * M[8] - M[5] * M[6]) + M[2] * (M[3] * M[7] - M[4] * M[6]);
}
