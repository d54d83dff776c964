/* SPDX-License-Identifier: BSD-3-Clause */
/* solve_many.c -- solves with several right-hand sides at once: front by front for a few of them, so that L comes from memory once
 * for these. Threads take right-hand sides, not fronts; the bits are those of one solve each. */
#include "cholesky.h"

enum { COLUMNS = 6 }; /* right-hand sides that are solved together */

typedef struct job {
    fgoi_block_solver *s;
    double *B;
    size_t count, ld;
} job;

/* Solves for the columns first .. first + count - 1 of B with a worker's scratch. */
static void solve_columns(const job *j, size_t worker, size_t first, size_t count)
{
    const fgoi_block_solver *s = j->s;
    const fgoi_layout *l = &s->layout;
    double *t = s->t + worker * s->t_stride, *y = s->many + worker * COLUMNS * s->many_stride;
    for (size_t k = 0; k < count; k++)
        for (int i = 0; i < s->n; i++) y[k * s->many_stride + (size_t)i] = j->B[(first + k) * j->ld + (size_t)s->natural[i]];
    for (int f = 0; f < l->fronts; f++)
        for (size_t k = 0; k < count; k++) s->kernels->forward(l, f, s->L, y + k * s->many_stride, t);
    for (int f = l->fronts - 1; f >= 0; f--)
        for (size_t k = 0; k < count; k++) s->kernels->backward(l, f, s->L, y + k * s->many_stride, t);
    for (size_t k = 0; k < count; k++)
        for (int i = 0; i < s->n; i++) j->B[(first + k) * j->ld + (size_t)s->natural[i]] = y[k * s->many_stride + (size_t)i];
}

static void take_columns(void *context, size_t worker)
{
    const job *j = context;
    for (size_t first; (first = atomic_fetch_add(&j->s->next_columns, COLUMNS)) < j->count;)
        solve_columns(j, worker, first, j->count - first < COLUMNS ? j->count - first : COLUMNS);
}

fgo_outcome fgoi_block_solve_many(void *self, double *B, size_t count, size_t ld, fgo_linear_report *report)
{
    (void)report;
    fgoi_block_solver *s = self;
    job j = { s, B, count, ld };
    if (!s->many) {
        s->many_stride = fgoi_round8((size_t)s->n + (size_t)s->kernels->S);
        s->many = fgoi_huge_alloc(&s->many_memory, (size_t)s->workers * COLUMNS * s->many_stride * sizeof *s->many);
        if (!s->many) return FGO_OUTCOME_OUT_OF_MEMORY;
    }
    s->forward_done = 0;
    atomic_store(&s->next_columns, 0);
    fgoi_threads_run(s->threads, (size_t)s->workers, take_columns, &j);
    return FGO_OUTCOME_SOLVED;
}
