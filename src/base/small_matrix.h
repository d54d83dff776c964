/* SPDX-License-Identifier: BSD-3-Clause */
/* small_matrix.h -- the dense mathematics of matrices with a few rows. Full matrices are row-major. An upper triangle W is
 * packed by rows, W_00 W_01 .. W_11 W_12 .., as whitening matrices are: W' W = Omega. Sums run in the order of indices, so
 * that a result is the same bits wherever it is computed. Kernels of the inner loop are elsewhere
 * (evaluate/assemble_kernel.h, block/kernel). */
#ifndef FGOI_SMALL_MATRIX_H
#define FGOI_SMALL_MATRIX_H
#include <stddef.h>

/* Returns the count of numbers in the packed upper triangle of an n x n matrix. */
static inline size_t fgoi_packed(int n) { return (size_t)n * ((size_t)n + 1) / 2; }

/* Returns where entry (i, j), i <= j, of an n x n upper triangle stands. */
static inline size_t fgoi_packed_at(int n, int i, int j) { return (size_t)i * (size_t)(2 * n - i - 1) / 2 + (size_t)j; }

/* Replaces x by W x. Row i needs rows i and below only, so going down overwrites nothing that is needed. Inline, because it
 * whitens every residual. */
static inline __attribute__((always_inline)) void fgoi_packed_multiply(int n, const double *restrict W, double *restrict x)
{
    for (int i = 0; i < n; i++) {
        double sum = W[0] * x[i];
        for (int k = i + 1; k < n; k++) sum += W[k - i] * x[k];
        x[i] = sum;
        W += n - i;
    }
}

/* Returns |W x|^2. */
double fgoi_packed_square(int n, const double *W, const double *x);

/* Computes S = W' W, n x n. */
void fgoi_packed_gram(int n, const double *W, double *S);

/* Computes W with W' W = S, of whose symmetric n x n numbers the upper triangle is read, by Cholesky's method. A pivot that is
 * not above tolerance * S_ii is lost in rounding: its row of W is zero. Returns how many are. */
int fgoi_packed_factor(int n, const double *S, double tolerance, double *W);

/* Solves W x = b for a b with zeros from `count` on. x holds the first `count` numbers of b, which are replaced by the first
 * numbers of the solution; the solution has zeros from `count` on, too. A zero on the diagonal of W gives numbers that are not
 * finite. */
void fgoi_packed_solve(int n, int count, const double *W, double *x);

/* Solves W' x = b; x holds b and is replaced by the solution. */
void fgoi_packed_solve_transposed(int n, const double *W, double *x);

/* Returns det M of a 3 x 3 matrix, by its first row. */
double fgoi_determinant_3x3(const double *M);

/* Replaces the symmetric n x n matrix A by J' A J and V by V J, where J turns the plane of p and q by the angle with
 * cosine c and sine s: a step of Jacobi's method for eigenvalues. Inline, because n is a constant for some. */
static inline void fgoi_symmetric_rotate(int n, double *A, double *V, int p, int q, double c, double s)
{
    for (int k = 0; k < n; k++) {
        const double kp = A[k * n + p], kq = A[k * n + q], vp = V[k * n + p], vq = V[k * n + q];
        A[k * n + p] = c * kp - s * kq;
        A[k * n + q] = s * kp + c * kq;
        V[k * n + p] = c * vp - s * vq;
        V[k * n + q] = s * vp + c * vq;
    }
    for (int k = 0; k < n; k++) {
        const double pk = A[p * n + k], qk = A[q * n + k];
        A[p * n + k] = c * pk - s * qk;
        A[q * n + k] = s * pk + c * qk;
    }
}
#endif
