/* SPDX-License-Identifier: BSD-3-Clause */
/* system.c -- evaluating the normal system: runs of factors, then the gathering of blocks. */
#include "system.h"
#include <math.h>
#include <string.h>

/* The arguments that all parts of a parallel pass share. */
typedef struct {
    fgoi_system *s;
    const double *x;
    double *J; /* NULL: value only */
    double *values, *b;
    const fgoi_assemble_kernels *kernels;
} pass;

/* ---- phase 1 ---- */

static void evaluate_part(void *context, size_t i)
{
    const pass *job = context;
    fgoi_system *s = job->s;
    const fgoi_run *run = &s->structure->run[i];
    const fgoi_group *group = &s->problem->g->group[run->group];
    double *r = !job->J && s->r_trial ? s->r_trial : s->r;
    if (fgoi_evaluate_run(s->problem, group, job->x, run->first, run->count, r + run->r, job->J ? job->J + run->J : NULL,
                          &s->run_cost[i]))
        s->run_cost[i] = NAN;
}

/* Evaluates all runs in parallel. Returns the cost, summed in the order of the runs. */
static double evaluate(pass *job, fgoi_threads *t)
{
    double cost = 0.0;
    fgoi_threads_run(t, job->s->structure->runs, evaluate_part, job);
    for (size_t i = 0; i < job->s->structure->runs; i++) cost += job->s->run_cost[i];
    return cost;
}

double fgoi_system_cost(fgoi_system *s, fgoi_threads *t, const double *x) { return evaluate(&(pass){ .s = s, .x = x }, t); }

/* ---- phase 2 ---- */

/* Returns the first term of block k; the terms of block k + 1 follow those of block k. */
static const fgoi_term *terms_of(const fgoi_system *s, size_t k) { return s->structure->term + s->structure->term_start[k]; }

/* Computes block k (m x n, row-major, any size) as the sum of its terms. */
static void gather_block(const fgoi_system *s, size_t k, int m, int n, double *sum)
{
    memset(sum, 0, (size_t)m * (size_t)n * sizeof *sum);
    for (const fgoi_term *t = terms_of(s, k), *end = terms_of(s, k + 1); t < end; t++) {
        const double *Ja = s->J + t->J + t->a, *Jb = s->J + t->J + t->b;
        for (int row = 0; row < t->rows; row++, Ja += t->ld, Jb += t->ld)
            for (int i = 0; i < m; i++)
                for (int j = 0; j < n; j++) sum[i * n + j] += Ja[i] * Jb[j];
    }
}

/* Computes b_j = sum J_j' r over the terms of diagonal block k, n numbers. */
static void gather_vector(const fgoi_system *s, size_t k, int n, double *b)
{
    memset(b, 0, (size_t)n * sizeof *b);
    for (const fgoi_term *t = terms_of(s, k), *end = terms_of(s, k + 1); t < end; t++) {
        const double *Jb = s->J + t->J + t->b, *r = s->r + t->r;
        for (int i = 0; i < t->rows; i++, Jb += t->ld)
            for (int d = 0; d < n; d++) b[d] += Jb[d] * r[i];
    }
}

/* Stores the m x n block `sum` where the linear solver wants it. */
static void store_block(const fgoi_slot *slot, int m, int n, const double *sum, double *values)
{
    double *to = values + slot->offset;
    const size_t ld = (size_t)slot->ld;
    for (int j = 0; j < n; j++)
        for (int i = 0; i < m; i++)
            if (slot->transposed)
                to[(size_t)i * ld + (size_t)j] = sum[i * n + j];
            else
                to[(size_t)j * ld + (size_t)i] = sum[i * n + j];
}

/* Computes a block that is too large for the stack: sums the terms entry by entry, directly into values. */
static void gather_large_block(const fgoi_system *s, size_t k, int m, int n, double *values)
{
    const fgoi_slot *slot = &s->slot[k];
    for (int i = 0; i < m; i++)
        for (int j = 0; j < n; j++) {
            double sum = 0.0;
            for (const fgoi_term *t = terms_of(s, k), *end = terms_of(s, k + 1); t < end; t++)
                for (int row = 0; row < t->rows; row++)
                    sum +=
                        s->J[t->J + (size_t)row * t->ld + t->a + (size_t)i] * s->J[t->J + (size_t)row * t->ld + t->b + (size_t)j];
            values[slot->offset + (size_t)(slot->transposed ? i : j) * (size_t)slot->ld + (size_t)(slot->transposed ? j : i)] =
                sum;
        }
}

static void gather_any_block(const pass *job, size_t k, int m, int n)
{
    enum { SMALL = 32 };
    double sum[SMALL * SMALL];
    if (m * n > SMALL * SMALL) {
        gather_large_block(job->s, k, m, n, job->values);
        return;
    }
    gather_block(job->s, k, m, n, sum);
    store_block(&job->s->slot[k], m, n, sum, job->values);
}

/* Gathers block column j, with the kernel `gather` for its size where there is one. Diagonal blocks are symmetric, so they may
 * be stored either way. */
static void gather_column(const pass *job, size_t j, fgoi_gather *gather)
{
    const fgoi_system *s = job->s;
    const fgoi_pattern *p = &s->pattern;
    const int n = p->dim[j];
    if (!gather) gather_vector(s, p->start[j], n, job->b + p->offset[j]);
    for (size_t k = p->start[j], end = s->diagonal_only ? k + 1 : p->start[j + 1]; k < end; k++) {
        const fgoi_slot *slot = &s->slot[k];
        const int m = p->dim[p->row[k]];
        if (gather && m == n)
            gather(terms_of(s, k), terms_of(s, k + 1), s->J, s->r, !slot->transposed, job->values + slot->offset,
                   (size_t)slot->ld, k == p->start[j] ? job->b + p->offset[j] : NULL);
        else
            gather_any_block(job, k, m, n);
    }
}

static void gather_part(void *context, size_t part)
{
    const pass *job = context;
    const fgoi_system *s = job->s;
    for (size_t j = s->structure->part[part]; j < s->structure->part[part + 1]; j++) {
        const int n = s->pattern.dim[j];
        gather_column(job, j, n <= FGOI_GATHERED ? job->kernels->gather[n] : NULL);
    }
}

/* Makes the row and column of H of each held degree of freedom those of the unit matrix, and its entry of b zero. */
static void apply_masks(const fgoi_system *s, double *values, double *b)
{
    const fgoi_pattern *p = &s->pattern;
    int j = 0;
    for (size_t i = 0; i < s->held->count; i++) {
        const fgoi_mask *mask = &s->held->mask[i];
        const fgoi_slot *slot = &s->slot[mask->block];
        while (p->start[j + 1] <= mask->block) j++; /* masks are listed by ascending block */
        if (s->diagonal_only && mask->block != p->start[j]) continue;
        const int row = p->row[mask->block], m = p->dim[row], n = p->dim[j], along = mask->row >= 0 ? n : m;
        for (int d = 0; d < along; d++) {
            const size_t a = (size_t)(mask->row >= 0 ? mask->row : d), c = (size_t)(mask->row >= 0 ? d : mask->col);
            values[slot->offset + (slot->transposed ? a * (size_t)slot->ld + c : c * (size_t)slot->ld + a)] = row == j && a == c;
        }
        if (row == j) b[p->offset[j] + (size_t)(mask->row >= 0 ? mask->row : mask->col)] = 0.0;
    }
}

void fgoi_system_gather(fgoi_system *s, fgoi_threads *t, double *values, double *b)
{
    pass job = { .s = s, .values = values, .b = b, .kernels = fgoi_assemble() };
    fgoi_threads_run(t, s->structure->parts, gather_part, &job);
    apply_masks(s, values, b);
}

double fgoi_system_linearize(fgoi_system *s, fgoi_threads *t, const double *x, double *values, double *b)
{
    const double cost = evaluate(&(pass){ .s = s, .x = x, .J = s->J }, t);
    if (isfinite(cost)) fgoi_system_gather(s, t, values, b);
    return cost;
}

/* ---- the state ---- */

void fgoi_system_retract(const fgoi_system *s, const double *x, const double *delta, double *x_new)
{
    for (int j = 0; j < s->pattern.n; j++) {
        const fgoi_variable *v = &s->problem->g->variable[s->variable[j]];
        v->manifold->retract(v->manifold, x + v->x, delta + s->pattern.offset[j], x_new + v->x);
    }
}

double fgoi_system_norm2(const fgoi_system *s, const double *x)
{
    double sum = 0.0;
    for (int j = 0; j < s->pattern.n; j++) {
        const fgoi_variable *v = &s->problem->g->variable[s->variable[j]];
        for (int d = 0; d < v->manifold->ambient; d++) sum += x[v->x + (size_t)d] * x[v->x + (size_t)d];
    }
    return sum;
}
