/* SPDX-License-Identifier: BSD-3-Clause */
/* block_matrices.h -- random block graphs of every kind, and matrices on them, for the tests of linear solvers. */
#ifndef FGOPT_TESTS_BLOCK_MATRICES_H
#define FGOPT_TESTS_BLOCK_MATRICES_H
#include "base/memory.h"
#include "matrix/linear.h"
#include "support.h"

enum { MOST_BLOCKS = 60 };
typedef enum { RANDOM, CHAIN, CYCLE, STAR, CLIQUE, TREE, GRID, ISLANDS, ALONE, BIPARTITE, KINDS } kind;

/* Does this kind of graph on n nodes join i > j? */
static inline int joined(rng *r, kind k, int n, int i, int j, double density)
{
    switch (k) {
    case RANDOM: return rng_uniform(r, 0, 1) < density;
    case CHAIN: return i == j + 1;
    case CYCLE: return i == j + 1 || (j == 0 && i == n - 1);
    case STAR: return j == 0 || i == n / 2;
    case CLIQUE: return 1;
    case TREE: return (i - 1) / 3 == j;
    case GRID: return i == j + 7 || (i == j + 1 && i % 7);
    case ISLANDS: return i % 4 == j % 4 && i - j <= 8;
    case BIPARTITE: return j < n / 4 && i >= n / 4 && rng_uniform(r, 0, 1) < 0.5;
    default: return 0;
    }
}

/* Block sizes 1 .. largest, all the same if largest < 0. */
static inline fgoi_pattern make_pattern(rng *r, kind k, int n, int largest, double density)
{
    fgoi_pattern p = { .n = n };
    p.dim = fgoi_alloc((size_t)n, sizeof *p.dim);
    p.offset = fgoi_alloc((size_t)n + 1, sizeof *p.offset);
    p.start = fgoi_alloc((size_t)n + 1, sizeof *p.start);
    p.row = fgoi_alloc((size_t)n * (size_t)(n + 1) / 2, sizeof *p.row);
    assert_true(p.dim && p.offset && p.start && p.row);
    for (int j = 0; j < n; j++) {
        p.dim[j] = largest < 0 ? -largest : 1 + rng_below(r, largest);
        p.offset[j + 1] = p.offset[j] + (size_t)p.dim[j];
        p.start[j + 1] = p.start[j];
        for (int i = j; i < n; i++)
            if (i == j || joined(r, k, n, i, j, density)) p.row[p.start[j + 1]++] = i;
    }
    return p;
}

/* H (n x n, full) = sum J' J over the edges, like that of a graph: one random J a block below the diagonal. ridge is
 * added to the diagonal. */
static inline void make_matrix(rng *r, const fgoi_pattern *p, double ridge, double *H)
{
    const size_t n = p->offset[p->n];
    double J[64];
    memset(H, 0, n * n * sizeof *H);
    for (size_t i = 0; i < n; i++) H[i * n + i] = ridge;
    for (int j = 0; j < p->n; j++)
        for (size_t k = p->start[j] + 1; k < p->start[j + 1]; k++) {
            const size_t a = p->offset[j], b = p->offset[p->row[k]], da = (size_t)p->dim[j], db = (size_t)p->dim[p->row[k]];
            for (size_t row = 0; row < da; row++) {
                for (size_t c = 0; c < da + db; c++) J[c] = rng_normal(r);
                for (size_t c = 0; c < da + db; c++)
                    for (size_t d = 0; d < da + db; d++)
                        H[(c < da ? a + c : b + c - da) * n + (d < da ? a + d : b + d - da)] += J[c] * J[d];
            }
        }
}

static inline void fill_values(const fgoi_pattern *p, const fgoi_slot *slot, const double *H, double *values)
{
    const size_t n = p->offset[p->n];
    for (int j = 0; j < p->n; j++)
        for (size_t k = p->start[j]; k < p->start[j + 1]; k++)
            for (size_t a = 0; a < (size_t)p->dim[p->row[k]]; a++)
                for (size_t b = 0; b < (size_t)p->dim[j]; b++) {
                    const size_t ld = (size_t)slot[k].ld;
                    values[slot[k].offset + (slot[k].transposed ? a * ld + b : b * ld + a)] =
                        H[(p->offset[p->row[k]] + a) * n + p->offset[j] + b];
                }
}

/* The larger of two, NaN if either is. */
static inline double larger(double a, double b) { return isnan(a) || a >= b ? a : b; }

/* max |H x - b| / max sum |H| |x| */
static inline double backward_error(size_t n, const double *H, const double *x, const double *b)
{
    double error = 0.0, size = 1e-300;
    for (size_t i = 0; i < n; i++) {
        double sum = -b[i], scale = 0.0;
        for (size_t j = 0; j < n; j++) sum += H[i * n + j] * x[j], scale += fabs(H[i * n + j] * x[j]);
        error = larger(error, fabs(sum));
        size = fmax(size, scale);
    }
    return error / size;
}
#endif
