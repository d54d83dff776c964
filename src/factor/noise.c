/* SPDX-License-Identifier: BSD-3-Clause */
/* noise.c -- from Omega to W. A positive definite Omega = L L' has W = L'. A semi-definite Omega goes through its eigenvalues,
 * Omega = V diag(lambda) V', and the QR factorization of diag(sqrt(lambda)) V', whose R is triangular again: so kernels know one
 * shape only. */
#include "noise.h"
#include "base/memory.h"
#include "base/small_matrix.h"
#include <float.h>
#include <lapacke.h>
#include <math.h>
#include <string.h>

enum { SMALL = 16 }; /* matrices up to this size live on the stack */

/* Doubles per row for LAPACK: a vector of results, its blocks of 32 columns and two vectors more. LAPACK's functions that find
 * room themselves print when there is none. */
enum { RESULT_AND_WORK = 35 };

/* Eigenvalues below -EIGENVALUE_NOISE * largest are negative, not rounded zeros: forming Omega = A' A in double loses
 * about n eps relative to the largest. */
static const double EIGENVALUE_NOISE = 1e-12;

/* Computes R of the QR factorization of the n x n row-major A (destroyed), packed in W, with a diagonal >= 0. Column-major it is
 * A' = L Q with L = R', which lies where R does. */
static fgo_status triangularize(double *A, int n, double *W)
{
    double small[RESULT_AND_WORK * SMALL], *tau = n <= SMALL ? small : fgoi_alloc(RESULT_AND_WORK * (size_t)n, sizeof *tau);
    if (!tau) return fgoi_fail_memory();
    const int info = LAPACKE_dgelqf_work(LAPACK_COL_MAJOR, n, n, A, n, tau, tau + n, (RESULT_AND_WORK - 1) * n);
    if (tau != small) fgoi_free(tau);
    if (info) return fgoi_fail(FGO_ERROR_INFORMATION, "QR of the square root of the information matrix failed");
    for (int i = 0; i < n; i++) {
        double sign = A[i * n + i] < 0.0 ? -1.0 : 1.0;
        for (int j = i; j < n; j++) W[fgoi_packed_at(n, i, j)] = sign * A[i * n + j];
    }
    return FGO_OK;
}

/* Computes W from diag(sqrt(max(lambda, 0))) V', where S = V diag(lambda) V' (S is destroyed). Fails on a negative eigenvalue
 * unless `project` is 1; *projected becomes 1 if there is one, else 0. */
static fgo_status from_eigenvalues(double *S, int n, int project, double *W, int *projected)
{
    double small[RESULT_AND_WORK * SMALL], *lambda = n <= SMALL ? small : fgoi_alloc(RESULT_AND_WORK * (size_t)n, sizeof *lambda);
    if (!lambda) return fgoi_fail_memory();
    fgo_status status = FGO_OK;
    /* row-major S is symmetric, so column-major reads the same matrix; eigenvectors then lie in the rows of S */
    if (LAPACKE_dsyev_work(LAPACK_COL_MAJOR, 'V', 'U', n, S, n, lambda, lambda + n, (RESULT_AND_WORK - 1) * n))
        status = fgoi_fail(FGO_ERROR_INFORMATION, "the eigenvalues of the information matrix cannot be computed");
    else {
        *projected = lambda[0] < -EIGENVALUE_NOISE * fmax(fabs(lambda[0]), fabs(lambda[n - 1]));
        if (*projected && !project)
            status = fgoi_fail_as(&(fgo_error){ .status = FGO_ERROR_INFORMATION,
                                                .cause = FGO_CAUSE_INDEFINITE,
                                                .remedy = { FGO_REMEDY_PROJECT, 0 },
                                                .statistic = FGO_STATISTIC_EIGENVALUE,
                                                .value = lambda[0] },
                                  "the information matrix is not positive semi-definite (eigenvalue %.3g)", lambda[0]);
    }
    if (!status) {
        for (int i = 0; i < n; i++)
            for (int j = 0; j < n; j++) S[i * n + j] *= sqrt(fmax(lambda[i], 0.0));
        status = triangularize(S, n, W);
    }
    if (lambda != small) fgoi_free(lambda);
    return status;
}

/* Computes S, the symmetric part of Omega. Fails if Omega is not symmetric to about seven digits: a file may have lost the
 * others. */
static fgo_status symmetric_part(const double *Omega, int n, double *S)
{
    memcpy(S, Omega, (size_t)n * (size_t)n * sizeof *S);
    for (int i = 0; i < n; i++)
        for (int j = 0; j < n; j++) {
            double a = Omega[i * n + j], b = Omega[j * n + i];
            if (!isfinite(a)) return fgoi_fail(FGO_ERROR_ARGUMENT, "information entry (%d, %d) is not finite", i, j);
            if (fabs(a - b) > 1e-7 * (fabs(a) + fabs(b)))
                return fgoi_fail_as(&(fgo_error){ .status = FGO_ERROR_INFORMATION,
                                                  .cause = FGO_CAUSE_ASYMMETRIC,
                                                  .remedy = { FGO_REMEDY_CORRECT_MATRIX, 0 } },
                                    "the information matrix is not symmetric: entry (%d, %d) is %g, (%d, %d) is %g", i, j, a, j,
                                    i, b);
            if (a != b) S[i * n + j] = 0.5 * (a + b);
        }
    return FGO_OK;
}

static fgo_status from_diagonal(const fgo_noise *noise, int n, double *W)
{
    memset(W, 0, fgoi_packed(n) * sizeof *W);
    for (int i = 0; i < n; i++) {
        double sigma = noise->kind == FGO_NOISE_UNIT ? 1.0 : noise->kind == FGO_NOISE_SIGMA ? noise->sigma : noise->matrix[i];
        if (!(sigma > 0.0) || !isfinite(1.0 / sigma))
            return fgoi_fail(FGO_ERROR_ARGUMENT, "standard deviation %d is %g; it must be positive", i, sigma);
        W[fgoi_packed_at(n, i, i)] = 1.0 / sigma;
    }
    return FGO_OK;
}

/* Computes W from the matrix of a noise model: Omega, or its square root. */
static fgo_status from_matrix(const fgo_noise *noise, int n, double *W, int *projected)
{
    double small[SMALL * SMALL], *S = n <= SMALL ? small : fgoi_alloc((size_t)n * (size_t)n, sizeof *S);
    if (!S) return fgoi_fail_memory();
    fgo_status status;
    if (noise->kind == FGO_NOISE_SQRT_INFORMATION) {
        memcpy(S, noise->matrix, (size_t)n * (size_t)n * sizeof *S);
        status = FGO_OK;
        for (int i = 0; i < n * n && !status; i++)
            if (!isfinite(S[i]))
                status = fgoi_fail(FGO_ERROR_ARGUMENT, "square-root information entry (%d, %d) is not finite", i / n, i % n);
        if (!status) status = triangularize(S, n, W);
    } else {
        status = symmetric_part(noise->matrix, n, S);
        if (!status && fgoi_packed_factor(n, S, n * DBL_EPSILON, W))
            status = from_eigenvalues(S, n, noise->kind == FGO_NOISE_PROJECTED, W, projected);
    }
    if (S != small) fgoi_free(S);
    return status;
}

/* Checks that no entry of Omega overflows. Its diagonal bounds the other entries: Omega_ij^2 <= Omega_ii Omega_jj. */
static fgo_status check_range(int n, double *W)
{
    for (int j = 0; j < n; j++) {
        double sum = 0.0, root = 0.0;
        for (int i = 0; i <= j; i++) sum += W[fgoi_packed_at(n, i, j)] * W[fgoi_packed_at(n, i, j)];
        if (isfinite(sum)) continue;
        for (int i = 0; i <= j; i++) root = hypot(root, W[fgoi_packed_at(n, i, j)]);
        return fgoi_fail(FGO_ERROR_ARGUMENT, "information entry (%d, %d) is the square of %g: too large", j, j, root);
    }
    return FGO_OK;
}

fgo_status fgoi_whitening(const fgo_noise *noise, int rows, double *W, int *projected)
{
    *projected = 0;
    if (noise->kind < FGO_NOISE_UNIT || noise->kind > FGO_NOISE_SQRT_INFORMATION)
        return fgoi_fail(FGO_ERROR_ARGUMENT, "unknown noise kind %d", (int)noise->kind);
    if (noise->kind >= FGO_NOISE_SIGMAS && !noise->matrix)
        return fgoi_fail(FGO_ERROR_ARGUMENT, "a noise model without its matrix");
    const fgo_status status =
        noise->kind <= FGO_NOISE_SIGMAS ? from_diagonal(noise, rows, W) : from_matrix(noise, rows, W, projected);
    return status ? status : check_range(rows, W);
}
