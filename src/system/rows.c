/* SPDX-License-Identifier: BSD-3-Clause */
/* rows.c -- the view of a system's J by rows: one batch per group, whose runs are adjacent in memory. */
#include "base/memory.h"
#include "system.h"

/* Fills in the batch of one group with factors; `run` is the first run of the group. Points every argument to its columns, or
 * to the padding if its variable is held whole. `dim` and `at` are the memory for the batch's arrays. */
static void make_batch(const fgoi_system *s, const fgoi_run *run, fgoi_row_batch *b, int *dim, uint32_t *at)
{
    const fgoi_group *group = &s->problem->g->group[run->group];
    *b = (fgoi_row_batch){ .count = group->count,
                           .J = run->J,
                           .r = run->r,
                           .rows = group->c.rows,
                           .partials = group->c.partials,
                           .arity = group->c.arity,
                           .dim = dim,
                           .at = at };
    for (int k = 0; k < b->arity; k++) dim[k] = group->c.variable[k].tangent;
    for (size_t i = 0; i < b->count * (size_t)b->arity; i++) {
        const int32_t j = s->column[group->variable[i]];
        at[i] = (uint32_t)s->pattern.offset[j < 0 ? s->pattern.n : j];
    }
}

/* Lists the columns of degrees of freedom that are held of otherwise free variables. */
static fgo_status list_held(fgoi_system *s)
{
    fgoi_jacobian *A = &s->rows;
    for (int j = 0; j < s->pattern.n; j++)
        for (int d = 0; d < s->pattern.dim[j]; d++) {
            if (!s->structure->gauge.held[s->problem->g->variable[s->variable[j]].tangent + (size_t)d]) continue;
            if (fgoi_grow(&A->held, &A->held_capacity, A->helds + 1, sizeof *A->held)) return fgoi_fail_memory();
            A->held[A->helds++] = s->pattern.offset[j] + (size_t)d;
        }
    return FGO_OK;
}

fgo_status fgoi_system_view_rows(fgoi_system *s)
{
    const fgo_graph *g = s->problem->g;
    fgoi_jacobian *A = &s->rows;
    size_t arguments = 0, dims = 0, batches = 0;
    for (size_t i = 0; i < g->group_count; i++) {
        const fgo_factor_class *c = &g->group[i].c;
        arguments += g->group[i].count * (size_t)c->arity;
        dims += (size_t)c->arity;
        for (int k = 0; k < c->arity; k++)
            if ((size_t)c->variable[k].tangent > A->padding) A->padding = (size_t)c->variable[k].tangent;
    }
    A->columns = s->pattern.offset[s->pattern.n];
    A->rows = s->structure->r_size;
    A->J = s->J;
    A->r = s->r;
    if (A->columns > UINT32_MAX)
        return fgoi_fail(FGO_ERROR_TOO_LARGE, "%zu degrees of freedom; at most %u can be addressed", A->columns, UINT32_MAX);
    A->batch = fgoi_alloc(g->group_count, sizeof *A->batch);
    A->dim = fgoi_alloc(dims, sizeof *A->dim);
    A->at = fgoi_alloc(arguments, sizeof *A->at);
    s->r_trial = fgoi_alloc(s->structure->r_size, sizeof *s->r_trial);
    if (!A->batch || !A->dim || !A->at || !s->r_trial) return fgoi_fail_memory();
    int *dim = A->dim;
    uint32_t *at = A->at;
    for (const fgoi_run *run = s->structure->run; run < s->structure->run + s->structure->runs; run++) {
        if (run->first) continue;
        make_batch(s, run, &A->batch[batches], dim, at);
        dim += A->batch[batches].arity;
        at += A->batch[batches].count * (size_t)A->batch[batches].arity;
        batches++;
    }
    A->batches = batches;
    s->diagonal_only = 1;
    return list_held(s);
}
