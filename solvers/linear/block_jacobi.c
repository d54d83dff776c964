/* SPDX-License-Identifier: BSD-3-Clause */
/* block_jacobi.c -- explicit inverses: a product with a small matrix has no chain of divisions, unlike a triangular
 * solve. */
#include "block_jacobi.h"
#include <math.h>
#include <string.h>

#define INLINE static inline __attribute__((always_inline))

size_t fgoi_block_jacobi_offset(const fgoi_pattern *p, int j)
{
    size_t at = 0;
    for (int i = 0; i < j; i++) at += (size_t)p->dim[i] * (size_t)p->dim[i];
    return at;
}

/* Replaces W, n x n with H in its lower triangle, column-major, by L^-1, where H = L L'. Returns n, or the row of a pivot that is
 * not positive. */
static int invert_factor(int n, double *W)
{
    for (int j = 0; j < n; j++) {
        double *Wj = W + (size_t)j * (size_t)n;
        if (!(Wj[j] > 0.0) || !isfinite(Wj[j])) return j;
        Wj[j] = sqrt(Wj[j]);
        for (int i = j + 1; i < n; i++) Wj[i] /= Wj[j];
        for (int k = j + 1; k < n; k++)
            for (int i = k; i < n; i++) W[(size_t)k * (size_t)n + (size_t)i] -= Wj[i] * Wj[k];
    }
    for (int j = 0; j < n; j++) { /* column j of L^-1 needs columns of L from j on only */
        double *Wj = W + (size_t)j * (size_t)n;
        Wj[j] = 1.0 / Wj[j];
        for (int i = j + 1; i < n; i++) {
            double sum = Wj[i] * Wj[j];
            for (int k = j + 1; k < i; k++) sum += W[(size_t)k * (size_t)n + (size_t)i] * Wj[k];
            Wj[i] = -sum / W[(size_t)i * (size_t)n + (size_t)i];
        }
    }
    return n;
}

/* Replaces W = L^-1, lower triangle, by the whole of H^-1 = L^-T L^-1; entry (i, j), i >= j, needs only rows from i on. */
static void square(int n, double *W)
{
    for (int j = 0; j < n; j++)
        for (int i = j; i < n; i++) {
            double sum = 0.0;
            for (int k = i; k < n; k++) sum += W[(size_t)i * (size_t)n + (size_t)k] * W[(size_t)j * (size_t)n + (size_t)k];
            W[(size_t)j * (size_t)n + (size_t)i] = sum;
        }
    for (int j = 0; j < n; j++)
        for (int i = 0; i < j; i++) W[(size_t)j * (size_t)n + (size_t)i] = W[(size_t)i * (size_t)n + (size_t)j];
}

fgo_outcome fgoi_block_jacobi_invert(const fgoi_pattern *p, const double *values, double *inverse, size_t *failed_at)
{
    memcpy(inverse, values, fgoi_block_jacobi_offset(p, p->n) * sizeof *inverse);
    for (int j = 0; j < p->n; j++) {
        const int n = p->dim[j], row = invert_factor(n, inverse);
        if (row < n) {
            *failed_at = p->offset[j] + (size_t)row;
            return FGO_OUTCOME_NOT_POSITIVE_DEFINITE;
        }
        square(n, inverse);
        inverse += (size_t)n * (size_t)n;
    }
    return FGO_OUTCOME_SOLVED;
}

/* Computes z = M^-1 s for one block and returns s' z; n is a constant in calls for the common sizes. */
INLINE double apply(int n, const double *restrict inverse, const double *restrict s, double *restrict z)
{
    double sum = 0.0;
    for (int i = 0; i < n; i++) z[i] = 0.0;
    for (int j = 0; j < n; j++)
        for (int i = 0; i < n; i++) z[i] += inverse[(size_t)j * (size_t)n + (size_t)i] * s[j];
    for (int i = 0; i < n; i++) sum += s[i] * z[i];
    return sum;
}

double fgoi_block_jacobi_apply(const fgoi_pattern *p, const double *inverse, const double *s, double *z)
{
    double sum = 0.0;
    for (int j = 0; j < p->n; j++) {
        const size_t at = p->offset[j], n = (size_t)p->dim[j];
        switch (n) {
        case 3: sum += apply(3, inverse, s + at, z + at); break;
        case 6: sum += apply(6, inverse, s + at, z + at); break;
        default: sum += apply((int)n, inverse, s + at, z + at);
        }
        inverse += n * n;
    }
    return sum;
}
