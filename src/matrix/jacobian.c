/* SPDX-License-Identifier: BSD-3-Clause */
/* jacobian.c -- products with J and J', one loop per batch. Sums have a fixed order, so results are reproducible. */
#include "jacobian.h"
#include "base/memory.h"
#include <math.h>
#include <string.h>

#define INLINE static inline __attribute__((always_inline))
enum { WIDEST_PAIR = 6 };

void fgoi_jacobian_free(fgoi_jacobian *A)
{
    fgoi_free(A->batch);
    fgoi_free(A->dim);
    fgoi_free(A->at);
    fgoi_free(A->held);
    memset(A, 0, sizeof *A);
}

/* ---- factors on two variables of one dimension; rows and dim are constants where these are called ---- */

/* Two columns at a time: every CPU of the family has vectors of this width. */
typedef double pair __attribute__((vector_size(2 * sizeof(double))));

INLINE pair load(const double *a)
{
    pair v;
    memcpy(&v, a, sizeof v);
    return v;
}

/* Computes q = J p for a batch of factors with two variables; returns |q|^2. Even and odd columns are summed apart. */
INLINE double times_pairs(const fgoi_row_batch *b, int rows, int dim, const double *restrict J, const double *restrict p,
                          double *restrict q)
{
    pair x[WIDEST_PAIR];
    double norm2 = 0.0;
    for (const uint32_t *at = b->at, *end = at + 2 * b->count; at < end; at += 2, q += rows) {
        const double *p0 = p + at[0], *p1 = p + at[1];
        double part = 0.0;
        for (int j = 0; j < dim; j++)
            x[j] = (pair){ 2 * j < dim ? p0[2 * j] : p1[2 * j - dim], 2 * j + 1 < dim ? p0[2 * j + 1] : p1[2 * j + 1 - dim] };
        for (int i = 0; i < rows; i++, J += 2 * dim) {
            pair sum = load(J) * x[0];
            for (int j = 1; j < dim; j++) sum += load(J + 2 * j) * x[j];
            q[i] = sum[0] + sum[1];
            part += q[i] * q[i];
        }
        norm2 += part;
    }
    return norm2;
}

/* Computes d -= alpha q and adds J' d to s, for a batch of factors with two variables. */
INLINE void residual_pairs(const fgoi_row_batch *b, int rows, int dim, const double *restrict J, double alpha,
                           const double *restrict q, double *restrict d, double *restrict s)
{
    for (const uint32_t *at = b->at, *end = at + 2 * b->count; at < end; at += 2, q += rows, d += rows) {
        double *s0 = s + at[0], *s1 = s + at[1];
        pair x[WIDEST_PAIR] = { 0 };
        for (int i = 0; i < rows; i++, J += 2 * dim) {
            d[i] -= alpha * q[i];
            for (int j = 0; j < dim; j++) x[j] += load(J + 2 * j) * d[i];
        }
        for (int k = 0; k < dim; k++) s0[k] += x[k / 2][k % 2];
        for (int k = 0; k < dim; k++) s1[k] += x[(dim + k) / 2][(dim + k) % 2];
    }
}

/* ---- factors of any shape ---- */

/* Computes q = J p for a batch of any shape; returns |q|^2. */
static double times_any(const fgoi_row_batch *b, const double *J, const double *p, double *q)
{
    const uint32_t *at = b->at;
    double norm2 = 0.0;
    for (size_t f = 0; f < b->count; f++, at += b->arity, q += b->rows) {
        double part = 0.0;
        for (int i = 0; i < b->rows; i++) {
            double sum = 0.0;
            for (int k = 0; k < b->arity; J += b->dim[k], k++)
                for (int d = 0; d < b->dim[k]; d++) sum += J[d] * p[at[k] + (size_t)d];
            q[i] = sum;
            part += sum * sum;
        }
        norm2 += part;
    }
    return norm2;
}

/* Computes d -= alpha q and adds J' d to s, for a batch of any shape. */
static void residual_any(const fgoi_row_batch *b, const double *J, double alpha, const double *q, double *d, double *s)
{
    const uint32_t *at = b->at;
    for (size_t f = 0; f < b->count; f++, at += b->arity, q += b->rows, d += b->rows)
        for (int i = 0; i < b->rows; i++) {
            d[i] -= alpha * q[i];
            for (int k = 0; k < b->arity; J += b->dim[k], k++)
                for (int c = 0; c < b->dim[k]; c++) s[at[k] + (size_t)c] += J[c] * d[i];
        }
}

/* ---- all batches ---- */

/* Returns `rows` if the batch has the shape rows x (rows + rows), else 0. */
static int pair_of(const fgoi_row_batch *b)
{
    return b->arity == 2 && b->dim[0] == b->rows && b->dim[1] == b->rows ? b->rows : 0;
}

double fgoi_jacobian_times(const fgoi_jacobian *A, const double *p, double *q)
{
    double norm2 = 0.0;
    for (const fgoi_row_batch *b = A->batch; b < A->batch + A->batches; b++) {
        const double *J = A->J + b->J;
        switch (pair_of(b)) {
        case 3: norm2 += times_pairs(b, 3, 3, J, p, q + b->r); break;
        case 6: norm2 += times_pairs(b, 6, 6, J, p, q + b->r); break;
        default: norm2 += times_any(b, J, p, q + b->r);
        }
    }
    return norm2;
}

double fgoi_jacobian_norm2(const fgoi_jacobian *A, const double *p)
{
    double norm2 = 0.0;
    for (const fgoi_row_batch *b = A->batch; b < A->batch + A->batches; b++) {
        const double *J = A->J + b->J;
        const uint32_t *at = b->at;
        for (size_t f = 0; f < b->count; f++, at += b->arity)
            for (int i = 0; i < b->rows; i++) {
                double sum = 0.0;
                for (int k = 0; k < b->arity; J += b->dim[k], k++)
                    for (int d = 0; d < b->dim[k] && at[k] < A->columns; d++) sum += J[d] * p[at[k] + (size_t)d];
                norm2 += sum * sum;
            }
    }
    return norm2;
}

void fgoi_jacobian_residual(const fgoi_jacobian *A, double alpha, const double *q, double *d, double *s)
{
    memset(s, 0, (A->columns + A->padding) * sizeof *s);
    for (const fgoi_row_batch *b = A->batch; b < A->batch + A->batches; b++) {
        const double *J = A->J + b->J;
        switch (pair_of(b)) {
        case 3: residual_pairs(b, 3, 3, J, alpha, q + b->r, d + b->r, s); break;
        case 6: residual_pairs(b, 6, 6, J, alpha, q + b->r, d + b->r, s); break;
        default: residual_any(b, J, alpha, q + b->r, d + b->r, s);
        }
    }
    for (size_t i = 0; i < A->helds; i++) s[A->held[i]] = 0.0;
}

/* ---- for linear solvers outside of the library ---- */

fgo_jacobian_size fgo_jacobian_dimensions(const fgo_jacobian *J)
{
    return J ? (fgo_jacobian_size){ J->rows, J->columns, J->padding } : (fgo_jacobian_size){ 0, 0, 0 };
}

const double *fgo_jacobian_residual(const fgo_jacobian *J) { return J ? J->r : NULL; }

double fgo_jacobian_multiply(const fgo_jacobian *J, const double *p, double *q)
{
    return J && p && q ? fgoi_jacobian_times(J, p, q) : (double)NAN;
}

void fgo_jacobian_subtract(const fgo_jacobian *J, double alpha, const double *q, double *d, double *s)
{
    if (J && q && d && s) fgoi_jacobian_residual(J, alpha, q, d, s);
}
