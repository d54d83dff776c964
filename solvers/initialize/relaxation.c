/* SPDX-License-Identifier: BSD-3-Clause */
/* relaxation.c -- what the linear problems of rotations and of positions share: memory, factorization, solution. */
#include "relaxation.h"
#include "base/memory.h"
#include "linear/registry.h"
#include "manifold/traits.h"
#include <math.h>
#include <string.h>

int fgoi_relaxation_world(const fgoi_relaxation *r, size_t v)
{
    return fgoi_stored_rotation(r->problem->g->variable[v].manifold);
}

/* Returns 1 if some rotation has more unknowns in the linear problem than degrees of freedom: (cos, sin) of SO(2). */
static int needs_wide(const fgo_graph *g)
{
    for (size_t i = 0; i < g->manifold_count; i++)
        if (fgoi_stored_rotation(g->manifold[i]) > g->manifold[i]->tangent) return 1;
    return 0;
}

/* Makes the system: a variable with a rotation has as many unknowns as its world has dimensions, others have all of theirs. */
static fgo_status create_system(fgoi_relaxation *r, int wide)
{
    const fgoi_structure *structure = wide ? &r->wide : &r->analysis->structure;
    const int n = structure->pattern.n;
    int *dim = fgoi_alloc((size_t)n, sizeof *dim);
    if (!dim) return fgoi_fail_memory();
    for (int j = 0; j < n; j++) {
        const int world = fgoi_relaxation_world(r, structure->variable[j]);
        dim[j] = world ? world : structure->pattern.dim[j];
    }
    const fgo_status status = wide ? fgoi_system_create(r->problem, structure, dim, NULL, &r->system)
                                   : fgoi_analysis_system(r->analysis, r->problem, dim, &r->system);
    fgoi_free(dim);
    return status;
}

/* Has the linear solver analyse the pattern. Blocks and elimination order are those of the analysis, whatever the sizes of the
 * blocks. */
static fgo_status analyse_linear(fgoi_relaxation *r)
{
    const struct fgoi_symbolic *symbolic = NULL;
    fgo_status status = fgoi_linear_create(fgoi_linear_class_with(FGO_LINEAR_IS_EXACT), &r->linear);
    if (!status) status = fgoi_analysis_order(r->analysis, &symbolic);
    if (status) return status;
    r->linear->request.threads = r->threads;
    r->linear->request.symbolic = symbolic;
    return fgoi_linear_analyze(r->linear, &r->system.pattern, r->system.slot);
}

static fgo_status allocate(fgoi_relaxation *r)
{
    r->scalars = r->system.pattern.offset[r->system.pattern.n];
    r->held = fgoi_alloc(r->scalars, 1);
    r->b = fgoi_alloc(r->scalars, (FGOI_SIDES + 1) * sizeof *r->b);
    return r->held && r->b ? FGO_OK : fgoi_fail_memory();
}

fgo_status fgoi_relaxation_create(const fgoi_problem *problem, int threads, fgoi_relaxation *r)
{
    const fgo_graph *g = problem->g;
    *r = (fgoi_relaxation){ .problem = problem };
    const int wide = needs_wide(g);
    fgo_status status = fgoi_analysis_of(g, &r->analysis);
    if (!status && wide) status = fgoi_structure_create(g, 1, &r->wide);
    if (!status) status = create_system(r, wide);
    if (!status && fgoi_threads_start(threads, r->system.structure->J_size, &r->threads))
        status = fgoi_fail(FGO_ERROR_MEMORY, "%d threads cannot be had", threads);
    if (!status) status = analyse_linear(r);
    if (!status) status = allocate(r);
    if (status) fgoi_relaxation_free(r);
    return status;
}

void fgoi_relaxation_free(fgoi_relaxation *r)
{
    fgoi_linear_free(r->linear);
    fgoi_threads_free(r->threads);
    if (r->system.J && !r->system.structure->wide) fgoi_analysis_leave_room(r->analysis, &r->system);
    fgoi_system_free(&r->system);
    fgoi_structure_free(&r->wide);
    fgoi_analysis_release(r->analysis);
    fgoi_free(r->held);
    fgoi_free(r->b);
    memset(r, 0, sizeof *r);
}

fgo_status fgoi_relaxation_factorize(fgoi_relaxation *r, double *b, int *solved)
{
    const fgo_status status = fgoi_system_mask(&r->system, r->held);
    if (status) return status;
    fgoi_system_gather(&r->system, r->threads, r->linear->report.values, b);
    *solved = fgoi_linear_factorize(r->linear, NULL) == FGO_OUTCOME_SOLVED;
    return FGO_OK;
}

int fgoi_relaxation_solve(fgoi_relaxation *r, double *b)
{
    for (size_t i = 0; i < r->scalars; i++) b[i] = r->held[i] ? 0.0 : -b[i];
    if (fgoi_linear_solve(r->linear, b) != FGO_OUTCOME_SOLVED) return 0;
    for (size_t i = 0; i < r->scalars; i++)
        if (!isfinite(b[i])) return 0;
    return 1;
}
