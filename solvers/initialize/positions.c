/* SPDX-License-Identifier: BSD-3-Clause */
/* positions.c -- with rotations known, residuals of poses are linear in translations (nearly so in the log convention): the
 * Jacobians of the cost, restricted to the columns of translations and of variables without a rotation, give the linear problem
 * for these. So every factor and every information matrix takes part unchanged. */
#include "base/memory.h"
#include "evaluate/evaluate.h"
#include "manifold/traits.h"
#include "relaxation.h"
#include <stdatomic.h>
#include <stdint.h>
#include <string.h>

/* Holds variables that are rotations alone and, of the others, what the analysis holds. */
static void hold(fgoi_relaxation *r)
{
    const fgoi_system *s = &r->system;
    for (int j = 0; j < s->pattern.n; j++) {
        const fgoi_variable *v = &r->problem->g->variable[s->variable[j]];
        const int turns_only = fgoi_stored_rotation(v->manifold) && !fgoi_translations_of(v->manifold);
        for (int d = 0; d < s->pattern.dim[j]; d++)
            r->held[s->pattern.offset[j] + (size_t)d] = turns_only || s->structure->gauge.held[v->tangent + (size_t)d];
    }
}

/* Writes the Jacobians of a run where J has more columns than the class's Jacobian, argument by argument. Returns 0, or -1 if
 * the run cannot be evaluated. */
static int write_wide(fgoi_relaxation *r, const fgoi_run *run, const fgoi_shape *shape, const double *x)
{
    const fgoi_group *group = &r->problem->g->group[run->group];
    const size_t rows = (size_t)group->c.rows, partials = (size_t)group->c.partials;
    double *e = fgoi_alloc(run->count * rows, (partials + 1) * sizeof *e);
    if (!e) return -1;
    double *from = e + run->count * rows;
    const int failed = fgoi_whiten_run(r->problem, group, x, run->first, run->count, e, from);
    double *J = r->system.J + run->J, *to_r = r->system.r + run->r;
    memset(J, 0, run->count * (size_t)(shape->rows * shape->ld) * sizeof *J);
    for (size_t f = 0; f < run->count; f++, J += shape->rows * shape->ld, to_r += shape->rows) {
        memset(to_r, 0, (size_t)shape->rows * sizeof *to_r);
        memcpy(to_r, e + f * rows, rows * sizeof *e);
        for (size_t i = 0; i < rows; i++)
            for (int k = 0; k < group->c.arity; from += group->c.variable[k].tangent, k++)
                memcpy(J + i * (size_t)shape->ld + shape->at[k], from, (size_t)group->c.variable[k].tangent * sizeof *J);
    }
    fgoi_free(e);
    return failed;
}

/* The arguments that all parts of a parallel pass share. */
typedef struct {
    fgoi_relaxation *r;
    const double *x;
    atomic_size_t failed; /* the first group that could not be evaluated */
} pass;

static void write_run(void *context, size_t i)
{
    pass *job = context;
    const fgoi_system *s = &job->r->system;
    const fgoi_run *run = &s->structure->run[i];
    const fgoi_group *group = &job->r->problem->g->group[run->group];
    const fgoi_shape shape = fgoi_structure_shape(s->structure, job->r->problem->g, group);
    const int fits = shape.rows == group->c.rows && shape.ld == group->c.partials;
    if (fits ? fgoi_whiten_run(job->r->problem, group, job->x, run->first, run->count, s->r + run->r, s->J + run->J)
             : write_wide(job->r, run, &shape, job->x))
        atomic_store(&job->failed, run->group);
}

static fgo_status write_jacobians(fgoi_relaxation *r, const double *x)
{
    pass job = { .r = r, .x = x };
    atomic_init(&job.failed, SIZE_MAX);
    fgoi_threads_run(r->threads, r->system.structure->runs, write_run, &job);
    const size_t failed = atomic_load(&job.failed);
    if (failed == SIZE_MAX) return FGO_OK;
    return fgoi_fail(FGO_ERROR_EVALUATE, "a %s factor cannot be evaluated", r->problem->g->group[failed].c.name);
}

/* Moves the values x by the steps. */
static void move(const fgoi_relaxation *r, double *x)
{
    const fgoi_system *s = &r->system;
    double delta[FGO_MAX_DIMENSION + 1] = { 0 };
    for (int j = 0; j < s->pattern.n; j++) {
        const fgoi_variable *v = &r->problem->g->variable[s->variable[j]];
        if (fgoi_stored_rotation(v->manifold) && !fgoi_translations_of(v->manifold)) continue;
        memset(delta, 0, (size_t)v->manifold->tangent * sizeof *delta);
        memcpy(delta, r->b + s->pattern.offset[j], (size_t)s->pattern.dim[j] * sizeof *delta);
        v->manifold->retract(v->manifold, x + v->x, delta, x + v->x);
    }
}

fgo_status fgoi_positions(fgoi_relaxation *r, double *x, int *solved)
{
    *solved = 0;
    hold(r);
    fgo_status status = write_jacobians(r, x);
    if (!status) status = fgoi_relaxation_factorize(r, r->b, solved);
    if (!status && *solved) *solved = fgoi_relaxation_solve(r, r->b);
    if (!status && *solved) move(r, x);
    return status;
}
