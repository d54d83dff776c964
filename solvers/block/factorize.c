/* SPDX-License-Identifier: BSD-3-Clause */
/* factorize.c -- the numeric factorization: front after front by one thread, or by the stages of a schedule. */
#include "cholesky.h"
#include <limits.h>
#include <sched.h>

typedef fgoi_block_solver solver;

fgoi_front_job fgoi_block_front_job(const solver *s, int f, double *pivot_threshold)
{
    const fgoi_layout *l = &s->layout;
    const fgoi_front *front = &l->front[f], *parent = front->parent < 0 ? NULL : &l->front[front->parent];
    fgoi_front_job job = { .front = front,
                           .F = s->arena + front->F,
                           .L = s->L + front->L,
                           .L_update = s->L + front->L + fgoi_strip(front, l->S, front->pivot_strips),
                           .pivot_threshold = pivot_threshold,
                           .column = l->column + front->column };
    if (front->U_rows) {
        job.parent = s->arena + front->U;
        job.parent_rows = front->U_rows;
        job.segment_start = s->schedule.identity_start;
        job.segment = s->schedule.identity_segment;
        job.stores = 1;
    } else if (parent) {
        job.parent = s->arena + parent->F;
        job.parent_rows = parent->rows;
        job.segment_start = l->segment_start + front->segment;
        job.segment = l->segment;
        job.stores = parent->first_child == f && parent->first_child_stores;
    }
    return job;
}

static fgoi_range all_columns(const fgoi_front *front) { return (fgoi_range){ 0, front->rows }; }

/* Records a failure if it is the first in elimination order: the result does not depend on which thread is faster. */
static void fail(solver *s, int f, int pivot)
{
    const int scalar = s->layout.front[f].first_scalar + pivot;
    for (int seen = atomic_load(&s->failed); scalar < seen;)
        if (atomic_compare_exchange_weak(&s->failed, &seen, scalar)) break;
}

/* Factorizes one front by one thread. Returns 0, or -1 if H is not positive definite. */
static int factorize_front(solver *s, int f, double *pivot_threshold)
{
    const fgoi_block_kernels *k = s->kernels;
    const fgoi_layout *l = &s->layout;
    const fgoi_front_job job = fgoi_block_front_job(s, f, pivot_threshold);
    const fgoi_front *front = job.front;
    if (front->first_child < 0) k->clear(l, f, job.F, all_columns(front));
    if (front->parent >= 0 && !front->U_rows && l->front[front->parent].first_child == f)
        k->clear(l, front->parent, job.parent, all_columns(&l->front[front->parent]));
    k->add_H(l, f, s->values, job.F, pivot_threshold, all_columns(front));
    for (int strip = 0; strip < front->strips; strip += k->tile) {
        const int failed = k->eliminate(&job, strip);
        if (failed >= 0) {
            fail(s, f, failed);
            return -1;
        }
        if (front->r) k->update(&job, strip);
    }
    return 0;
}

static void factorize_fronts(solver *s, fgoi_range fronts, double *pivot_threshold)
{
    for (int f = fronts.start; f < fronts.start + fronts.count; f++)
        if (factorize_front(s, f, pivot_threshold)) return;
}

/* Factorizes all fronts, each followed by its part of the forward solve, while its L is in the cache. */
static void factorize_and_forward(solver *s, const double *b)
{
    for (int i = 0; i < s->n; i++) s->y[i] = b[s->natural[i]];
    for (int f = 0; f < s->layout.fronts; f++) {
        if (factorize_front(s, f, s->pivot_threshold)) return;
        s->kernels->forward(&s->layout, f, s->L, s->y, s->t);
    }
    s->forward_done = 1;
}

/* ---- stages ---- */

static void extend_task(solver *s, const fgoi_stage *stage, int task)
{
    const fgoi_layout *l = &s->layout;
    const fgoi_range columns = { task * FGOI_EXTEND_COLUMNS, FGOI_EXTEND_COLUMNS };
    double *F = s->arena + l->front[stage->front].F;
    if (stage->clears) s->kernels->clear(l, stage->front, F, columns);
    for (int k = stage->first_root; k < stage->end_root; k++) {
        const int c = s->schedule.root[k];
        s->kernels->extend(l, c, s->arena + l->front[c].U, F, columns);
    }
    if (!stage->adds_H) return;
    s->kernels->add_H(l, stage->front, s->values, F, s->pivot_threshold, columns);
    if (task == 0) atomic_store_explicit(&s->strips_done, 0, memory_order_relaxed);
}

static void eliminate_task(solver *s, const fgoi_stage *stage, int task)
{
    fgoi_front_job job = fgoi_block_front_job(s, stage->front, s->pivot_threshold);
    job.strips_done = &s->strips_done;
    const int failed = s->kernels->eliminate(&job, task * s->kernels->tile);
    if (failed >= 0) fail(s, stage->front, failed);
}

static void update_task(solver *s, const fgoi_stage *stage, int task)
{
    const fgoi_front_job job = fgoi_block_front_job(s, stage->front, s->pivot_threshold);
    const int groups = (job.front->strips + s->kernels->tile - 1) / s->kernels->tile;
    s->kernels->update(&job, (groups - 1 - task) * s->kernels->tile);
}

static void do_task(solver *s, const fgoi_stage *stage, int task, double *pivot_threshold)
{
    switch (stage->kind) {
    case FGOI_STAGE_SUBTREES:
        for (int k = s->schedule.batch_start[task]; k < s->schedule.batch_start[task + 1]; k++)
            factorize_fronts(s, s->schedule.subtree[k], pivot_threshold);
        break;
    case FGOI_STAGE_EXTEND: extend_task(s, stage, task); break;
    case FGOI_STAGE_ELIMINATE: eliminate_task(s, stage, task); break;
    case FGOI_STAGE_UPDATE: update_task(s, stage, task); break;
    }
}

/* Does one worker's share of all stages. After a failure, later fronts are left out; earlier ones are still factorized, since
 * they may have an earlier failure. */
static void work(void *context, size_t worker)
{
    solver *s = context;
    double *pivot_threshold = s->pivot_threshold + worker * s->pivot_threshold_stride;
    for (int i = 0; i < s->schedule.stages; i++) {
        const fgoi_stage *stage = &s->schedule.stage[i];
        fgoi_progress *progress = &s->progress[i];
        if (stage->front >= 0 && s->layout.front[stage->front].first_scalar > atomic_load(&s->failed)) continue;
        for (int task; (task = atomic_fetch_add(&progress->next, 1)) < stage->tasks;) {
            do_task(s, stage, task, pivot_threshold);
            atomic_fetch_add(&progress->done, 1);
        }
        for (int spins = 0; atomic_load_explicit(&progress->done, memory_order_acquire) < stage->tasks;)
            if (++spins > 1000) sched_yield();
    }
}

fgo_outcome fgoi_block_factorize(void *self, const double *b, fgo_linear_report *report)
{
    solver *s = self;
    s->forward_done = 0;
    atomic_store(&s->failed, INT_MAX);
    if (s->workers < 2 && b) {
        factorize_and_forward(s, b);
    } else if (s->workers < 2) {
        factorize_fronts(s, (fgoi_range){ 0, s->layout.fronts }, s->pivot_threshold);
    } else {
        for (int i = 0; i < s->schedule.stages; i++) {
            atomic_store_explicit(&s->progress[i].next, 0, memory_order_relaxed);
            atomic_store_explicit(&s->progress[i].done, 0, memory_order_relaxed);
        }
        fgoi_threads_run(s->threads, (size_t)s->workers, work, s);
    }
    const int failed = atomic_load(&s->failed);
    if (failed == INT_MAX) return FGO_OUTCOME_SOLVED;
    report->failed_at = (size_t)s->natural[failed];
    return FGO_OUTCOME_NOT_POSITIVE_DEFINITE;
}
