/* SPDX-License-Identifier: BSD-3-Clause */
/* check_problem.c -- makes random problems: one factor on each block, which determines the block alone, and one on each connected
 * pair of blocks. */
#include "check_problem.h"
#include "base/memory.h"
#include <math.h>
#include <string.h>

/* Implements splitmix64 (G. Steele, D. Lea, C. Flood 2014). */
double fgoi_check_uniform(fgoi_check_problem *q)
{
    uint64_t z = q->random += 0x9e3779b97f4a7c15u;
    z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9u;
    z = (z ^ z >> 27) * 0x94d049bb133111ebu;
    return ((double)((z ^ z >> 31) >> 11) + 0.5) * 0x1p-53;
}

int fgoi_check_below(fgoi_check_problem *q, int n) { return (int)(fgoi_check_uniform(q) * n); }

void fgoi_check_problem_free(fgoi_check_problem *q)
{
    fgoi_pattern_free(&q->pattern);
    fgoi_jacobian_free(&q->jacobian);
    void *array[] = { q->J, q->r, q->H, q->b, q->Z };
    for (size_t i = 0; i < sizeof array / sizeof *array; i++) fgoi_free(array[i]);
    memset(q, 0, sizeof *q);
}

static int make_pattern(fgoi_check_problem *q, int blocks, int largest, double density)
{
    fgoi_pattern *p = &q->pattern;
    const size_t n = (size_t)blocks;
    p->n = blocks;
    p->dim = fgoi_alloc(n, sizeof *p->dim);
    p->offset = fgoi_alloc(n + 1, sizeof *p->offset);
    p->start = fgoi_alloc(n + 1, sizeof *p->start);
    p->row = fgoi_alloc(n * (n + 1) / 2, sizeof *p->row);
    if (!p->dim || !p->offset || !p->start || !p->row) return -1;
    for (int j = 0; j < blocks; j++) {
        p->dim[j] = 1 + fgoi_check_below(q, largest);
        p->offset[j + 1] = p->offset[j] + (size_t)p->dim[j];
        p->start[j + 1] = p->start[j];
        for (int i = j; i < blocks; i++)
            if (i == j || fgoi_check_uniform(q) < density) p->row[p->start[j + 1]++] = i;
    }
    q->n = p->offset[blocks];
    return 0;
}

/* Makes one batch for each block of the pattern: a factor on one variable or on two. */
static int make_jacobian(fgoi_check_problem *q)
{
    const fgoi_pattern *p = &q->pattern;
    fgoi_jacobian *A = &q->jacobian;
    const size_t blocks = p->start[p->n];
    size_t entries = 0, used = 0;
    A->batch = fgoi_alloc(blocks, sizeof *A->batch);
    A->dim = fgoi_alloc(2 * blocks, sizeof *A->dim);
    A->at = fgoi_alloc(2 * blocks, sizeof *A->at);
    if (!A->batch || !A->dim || !A->at) return -1;
    for (int j = 0; j < p->n; j++)
        for (size_t k = p->start[j]; k < p->start[j + 1]; k++) {
            const int pair[] = { j, p->row[k] }, arity = j == p->row[k] ? 1 : 2;
            fgoi_row_batch *b = &A->batch[A->batches++];
            *b = (fgoi_row_batch){ .count = 1, .J = entries, .r = A->rows, .rows = p->dim[j], .arity = arity };
            b->dim = A->dim + used, b->at = A->at + used;
            for (int a = 0; a < arity; a++, used++) {
                A->dim[used] = p->dim[pair[a]];
                A->at[used] = (uint32_t)p->offset[pair[a]];
                b->partials += p->dim[pair[a]];
            }
            A->rows += (size_t)b->rows;
            entries += (size_t)b->rows * (size_t)b->partials;
        }
    A->columns = q->n;
    A->padding = 9;
    A->J = q->J = fgoi_alloc(entries, sizeof *q->J);
    A->r = q->r = fgoi_alloc(A->rows, sizeof *q->r);
    return q->J && q->r ? 0 : -1;
}

static void fill_jacobian(fgoi_check_problem *q)
{
    for (size_t i = 0; i < q->jacobian.batches; i++) {
        const fgoi_row_batch *b = &q->jacobian.batch[i];
        double *J = q->J + b->J;
        for (int row = 0; row < b->rows; row++) {
            q->r[b->r + (size_t)row] = 2.0 * fgoi_check_uniform(q) - 1.0;
            for (int c = 0; c < b->partials; c++)
                *J++ = b->arity == 2 ? 2.0 * fgoi_check_uniform(q) - 1.0 : row == c ? 1.0 + fgoi_check_uniform(q) : 0.0;
        }
    }
}

void fgoi_check_problem_multiply(fgoi_check_problem *q)
{
    const size_t n = q->n;
    memset(q->H, 0, n * n * sizeof *q->H);
    memset(q->b, 0, n * sizeof *q->b);
    for (size_t i = 0; i < q->jacobian.batches; i++) {
        const fgoi_row_batch *f = &q->jacobian.batch[i];
        for (int row = 0; row < f->rows; row++) {
            const double *J = q->J + f->J + (size_t)row * (size_t)f->partials;
            for (int a = 0; a < f->partials; a++) {
                const size_t u = a < f->dim[0] ? f->at[0] + (size_t)a : f->at[1] + (size_t)(a - f->dim[0]);
                q->b[u] -= J[a] * q->r[f->r + (size_t)row];
                for (int c = 0; c < f->partials; c++)
                    q->H[u * n + (c < f->dim[0] ? f->at[0] + (size_t)c : f->at[1] + (size_t)(c - f->dim[0]))] += J[a] * J[c];
            }
        }
    }
}

/* Inverts in place by Gauss-Jordan elimination without pivoting, which is stable for a positive definite matrix. */
void fgoi_check_problem_invert(fgoi_check_problem *q)
{
    const size_t n = q->n;
    long double H2 = 0.0L, Z2 = 0.0L;
    for (size_t i = 0; i < n * n; i++) q->Z[i] = q->H[i], H2 += q->Z[i] * q->Z[i];
    for (size_t k = 0; k < n; k++) {
        const long double pivot = 1.0L / q->Z[k * n + k];
        long double *Zk = q->Z + k * n;
        Zk[k] = 1.0L;
        for (size_t j = 0; j < n; j++) Zk[j] *= pivot;
        for (size_t i = 0; i < n; i++) {
            long double *Zi = q->Z + i * n;
            const long double factor = Zi[k];
            if (i == k || factor == 0.0L) continue;
            Zi[k] = 0.0L;
            for (size_t j = 0; j < n; j++) Zi[j] -= factor * Zk[j];
        }
    }
    for (size_t i = 0; i < n * n; i++) Z2 += q->Z[i] * q->Z[i];
    q->condition = (double)(sqrtl(H2) * sqrtl(Z2));
}

fgo_status fgoi_check_problem_make(fgoi_check_problem *q, uint64_t seed, int blocks, int largest, double density)
{
    *q = (fgoi_check_problem){ .random = seed };
    if (make_pattern(q, blocks, largest, density) || make_jacobian(q)) return fgoi_fail_memory();
    q->H = fgoi_alloc(q->n, q->n * sizeof *q->H);
    q->b = fgoi_alloc(q->n, sizeof *q->b);
    q->Z = fgoi_alloc(q->n, q->n * sizeof *q->Z);
    if (!q->H || !q->b || !q->Z) return fgoi_fail_memory();
    fill_jacobian(q);
    fgoi_check_problem_multiply(q);
    fgoi_check_problem_invert(q);
    return FGO_OK;
}
