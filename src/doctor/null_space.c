/* SPDX-License-Identifier: BSD-3-Clause */
/* null_space.c -- subspace iteration with the inverse (G. Golub, C. Van Loan, "Matrix Computations", 8.2.4) of
 * B = D^-1/2 H D^-1/2 + epsilon I, then the smallest singular values of J D^-1/2 within the subspace (Rayleigh-Ritz).
 *
 * Long open chains have eigenvalues far below epsilon that do not belong to null vectors: (1/n)^4 for n poses. So the subspace is
 * widened until it contains all vectors with eigenvalues near epsilon and the iteration converges. A gap tells which of these are
 * null vectors: their values are the square of a rounding error, while the values of the weakest constrained directions differ by
 * factors of ten. */
#include "null_space.h"
#include "base/memory.h"
#include "linear/registry.h"
#include "matrix/linear.h"
#include <float.h>
#include <math.h>
#include <string.h>

enum { FIRST = 6, ITERATIONS = 8, MAX_COLUMNS = FGOI_NULL_MOST + FIRST };
static const double EPSILON = 1e-13, LARGEST_EPSILON = 1e-6;

typedef struct search {
    fgoi_system *s;
    fgoi_linear *ls;
    const unsigned char *open;
    size_t n; /* of H */
    double epsilon;
    double *root; /* D^1/2; 0 for dimensions that are held or open */
    int p;        /* columns */
    double *Y;    /* n x p, column by column */
    double *ritz; /* p, ascending */
} search;

/* ---- the shifted system ---- */

static int factorize(const search *q)
{
    const fgoi_pattern *p = &q->s->pattern;
    for (int j = 0; j < p->n; j++)
        for (int d = 0; d < p->dim[j]; d++) {
            const size_t i = p->offset[j] + (size_t)d;
            double *h = &q->ls->report.values[fgoi_system_diagonal(q->s, j, d)];
            *h += q->root[i] > 0 ? q->epsilon * q->root[i] * q->root[i] : fmax(*h, 1.0);
        }
    return fgoi_linear_factorize(q->ls, NULL) == FGO_OUTCOME_SOLVED;
}

/* Linearizes, stores D, and factorizes B. Returns 0 if that is impossible. */
static int prepare(search *q, double *b)
{
    const fgoi_pattern *p = &q->s->pattern;
    for (q->epsilon = EPSILON; q->epsilon < LARGEST_EPSILON; q->epsilon *= 30) {
        if (!isfinite(fgoi_system_linearize(q->s, NULL, q->s->problem->g->x, q->ls->report.values, b))) return 0;
        for (int j = 0; j < p->n; j++)
            for (int d = 0; d < p->dim[j]; d++) {
                const size_t i = p->offset[j] + (size_t)d,
                             held = q->s->problem->g->variable[q->s->variable[j]].tangent + (size_t)d;
                const double h = q->ls->report.values[fgoi_system_diagonal(q->s, j, d)];
                q->root[i] = q->open[i] || q->s->structure->gauge.held[held] || !(h > 0) ? 0.0 : sqrt(h);
            }
        if (factorize(q)) return 1;
    }
    return 0;
}

/* Replaces y by B^-1 y. */
static int solve(const search *q, double *y)
{
    for (size_t i = 0; i < q->n; i++) y[i] *= q->root[i];
    if (fgoi_linear_solve(q->ls, y) != FGO_OUTCOME_SOLVED) return 0;
    for (size_t i = 0; i < q->n; i++) y[i] *= q->root[i];
    return 1;
}

/* ---- the subspace ---- */

static double dot(const double *a, const double *b, size_t n)
{
    double sum = 0.0;
    for (size_t i = 0; i < n; i++) sum += a[i] * b[i];
    return sum;
}

/* Orthonormalizes Y by Gram-Schmidt, twice, which is enough (L. Giraud et al. 2005). Returns 0 if the columns are not
 * independent. */
static int orthonormalize(const search *q)
{
    for (int k = 0; k < q->p; k++) {
        double *y = q->Y + (size_t)k * q->n;
        for (int pass = 0; pass < 2; pass++)
            for (int l = 0; l < k; l++) {
                const double *z = q->Y + (size_t)l * q->n, c = dot(y, z, q->n);
                for (size_t i = 0; i < q->n; i++) y[i] -= c * z[i];
            }
        const double length = sqrt(dot(y, y, q->n));
        if (!(length > 0) || !isfinite(length)) return 0;
        for (size_t i = 0; i < q->n; i++) y[i] /= length;
    }
    return 1;
}

/* Fills the columns of Y from column `from` on with fixed numbers in (-1, 1) without any symmetry (S. Vigna's splitmix64). */
static void fill(const search *q, int from)
{
    uint64_t state = (uint64_t)from;
    for (size_t i = (size_t)from * q->n; i < (size_t)q->p * q->n; i++) {
        uint64_t z = state += 0x9e3779b97f4a7c15u;
        z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
        z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
        q->Y[i] = (double)((z ^ (z >> 31)) >> 11) * 0x1p-52 - 1.0;
    }
}

/* Computes the eigenvalues of the symmetric p x p matrix G, on its diagonal, and the eigenvectors, in the columns of V, by the
 * cyclic method of C. Jacobi (1846). */
static void diagonalize(double *G, double *V, int p)
{
    for (int i = 0; i < p * p; i++) V[i] = i % (p + 1) == 0;
    for (int sweep = 0; sweep < 30; sweep++) {
        int turned = 0;
        for (int a = 0; a < p; a++)
            for (int b = a + 1; b < p; b++) {
                const double g = G[a * p + b];
                if (!(fabs(g) > 1e-3 * DBL_EPSILON * sqrt(fabs(G[a * p + a] * G[b * p + b])))) continue;
                const double theta = (G[b * p + b] - G[a * p + a]) / (2.0 * g);
                const double t = (theta >= 0.0 ? 1.0 : -1.0) / (fabs(theta) + hypot(theta, 1.0));
                const double c = 1.0 / hypot(t, 1.0), s = t * c;
                turned = 1;
                fgoi_symmetric_rotate(p, G, V, a, b, c, s);
            }
        if (!turned) return;
    }
}

/* Adds (A Y)' (A Y) for one factor, where A is its rows of J D^-1/2. T: D^-1/2 Y, row by row. */
static void add_gram(const search *q, const fgoi_group *group, size_t f, const double *J, const double *T, double *row, double *G)
{
    const fgo_graph *g = q->s->problem->g;
    const size_t p = (size_t)q->p;
    for (int r = 0; r < group->c.rows; r++) {
        memset(row, 0, p * sizeof *row);
        for (int v = 0; v < group->c.arity; v++) {
            const uint32_t variable = group->variable[f * (size_t)group->c.arity + (size_t)v];
            const int32_t column = q->s->column[variable];
            const int dim = g->variable[variable].manifold->tangent;
            const double *t = column < 0 ? NULL : T + q->s->pattern.offset[column] * p;
            for (int d = 0; t && d < dim; d++, t += p)
                for (size_t k = 0; k < p; k++) row[k] += J[d] * t[k];
            J += dim;
        }
        for (size_t a = 0; a < p; a++)
            for (size_t b = 0; b < p; b++) G[a * p + b] += row[a] * row[b];
    }
}

static void gram(const search *q, const double *T, double *row, double *G)
{
    for (size_t i = 0; i < q->s->structure->runs; i++) {
        const fgoi_run *run = &q->s->structure->run[i];
        const fgoi_group *group = &q->s->problem->g->group[run->group];
        const size_t entries = (size_t)group->c.rows * (size_t)group->c.partials;
        for (size_t f = 0; f < run->count; f++) add_gram(q, group, run->first + f, q->s->J + run->J + f * entries, T, row, G);
    }
}

/* Rotates Y onto the singular vectors of J D^-1/2 within its span, ascending, and fills ritz with the squares. */
static fgo_status rayleigh_ritz(search *q)
{
    const size_t p = (size_t)q->p;
    double *T = fgoi_alloc(q->n, p * sizeof *T), *G = fgoi_alloc(2 * p + 1, p * sizeof *G);
    size_t order[MAX_COLUMNS];
    fgo_status status = T && G ? FGO_OK : fgoi_fail_memory();
    if (!status) {
        double *V = G + p * p, *row = V + p * p;
        for (size_t i = 0; i < q->n; i++)
            for (size_t k = 0; k < p; k++) T[i * p + k] = q->root[i] > 0 ? q->Y[k * q->n + i] / q->root[i] : 0.0;
        gram(q, T, row, G);
        diagonalize(G, V, q->p);
        for (size_t k = 0, at; k < p; order[at] = k++)
            for (at = k; at > 0 && G[order[at - 1] * (p + 1)] > G[k * (p + 1)]; at--) order[at] = order[at - 1];
        for (size_t k = 0; k < p; k++) q->ritz[k] = fmax(G[order[k] * (p + 1)], 0.0);
        for (size_t i = 0; i < q->n; i++)
            for (size_t k = 0; k < p; k++) {
                double y = 0.0;
                for (size_t l = 0; l < p; l++) y += T[i * p + l] * V[l * p + order[k]];
                q->Y[k * q->n + i] = y * q->root[i];
            }
    }
    fgoi_free(T);
    fgoi_free(G);
    return status;
}

/* Returns how many of the Ritz values are zero: those before the last gap below 1e-20. */
static int count_null(const search *q)
{
    int count = 0;
    for (int k = 1; k < q->p && q->ritz[k - 1] < 1e-20; k++)
        if (q->ritz[k - 1] <= 1e-4 * q->ritz[k]) count = k;
    return count;
}

/* Returns how many columns the search may use; fewer in a large graph: 54 columns of 3e5 numbers take two minutes. */
static int most_columns(size_t n)
{
    const size_t most = 3000000 / (n ? n : 1);
    return most > MAX_COLUMNS ? MAX_COLUMNS : most < FIRST ? FIRST : (int)most;
}

/* Widens the subspace until the iteration converges in it. */
static fgo_status iterate(search *q, int most, int *found)
{
    int from = 0;
    for (q->p = most < FIRST ? most : FIRST;; q->p = 2 * q->p < most ? 2 * q->p : most) {
        fill(q, from);
        for (int i = 0; i < ITERATIONS; i++) {
            for (int k = 0; k < q->p; k++)
                if (!solve(q, q->Y + (size_t)k * q->n)) return FGO_OK;
            if (!orthonormalize(q)) return FGO_OK;
        }
        fgo_status status = rayleigh_ritz(q);
        if (status) return status;
        const double largest = q->ritz[q->p - 1];
        if (q->p == most || largest > 30 * q->epsilon) {
            /* a subspace of all dimensions has nothing left to converge to; in others, vectors that are not null mix with those
             * that are */
            *found = largest < 1e-20 ? q->p : count_null(q);
            if (largest <= 30 * q->epsilon && largest >= 1e-20 && most == most_columns(q->n)) *found = 0;
            return FGO_OK;
        }
        from = q->p;
    }
}

static fgo_status keep_null_vectors(const search *q, int found, fgoi_null_space *out)
{
    out->count = found < FGOI_NULL_MOST ? found : FGOI_NULL_MOST;
    if (!out->count) return FGO_OK;
    out->basis = fgoi_alloc(q->n, (size_t)out->count * sizeof *out->basis);
    if (!out->basis) return fgoi_fail_memory();
    for (size_t i = 0; i < q->n; i++)
        for (int k = 0; k < out->count; k++) out->basis[i * (size_t)out->count + (size_t)k] = q->Y[(size_t)k * q->n + i];
    return FGO_OK;
}

fgo_status fgoi_find_null_space(fgoi_system *s, const struct fgoi_symbolic *symbolic, const unsigned char *open,
                                fgoi_null_space *out)
{
    const fgoi_pattern *p = &s->pattern;
    search q = { .s = s, .open = open, .n = p->offset[p->n] };
    int found = 0, free_dimensions = 0;
    *out = (fgoi_null_space){ 0, NULL };
    fgo_status status = fgoi_linear_create(fgoi_linear_class_with(FGO_LINEAR_IS_EXACT | FGO_LINEAR_FINDS_RANK), &q.ls);
    if (!status) {
        q.ls->request.symbolic = symbolic;
        status = fgoi_linear_analyze(q.ls, p, s->slot);
    }
    double *b = fgoi_alloc(q.n, sizeof *b);
    q.root = fgoi_alloc(q.n, sizeof *q.root);
    q.ritz = fgoi_alloc(MAX_COLUMNS, sizeof *q.ritz);
    if (!status && !(b && q.root && q.ritz)) status = fgoi_fail_memory();
    if (!status && prepare(&q, b)) {
        const int most = most_columns(q.n);
        for (size_t i = 0; i < q.n && free_dimensions < most; i++) free_dimensions += q.root[i] > 0;
        q.Y = fgoi_alloc(q.n, (size_t)free_dimensions * sizeof *q.Y);
        if (!q.Y) status = fgoi_fail_memory();
        if (!status && free_dimensions) status = iterate(&q, free_dimensions, &found);
        if (!status) status = keep_null_vectors(&q, found, out);
    }
    fgoi_linear_free(q.ls);
    fgoi_free(b);
    fgoi_free(q.root);
    fgoi_free(q.ritz);
    fgoi_free(q.Y);
    return status;
}
