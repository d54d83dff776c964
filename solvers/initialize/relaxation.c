/* SPDX-License-Identifier: BSD-3-Clause */
/* relaxation.c -- restricts the graph's normal system to the unknowns of a linear problem, factorizes it and solves. */
#include "relaxation.h"
#include "base/memory.h"
#include "linear/registry.h"
#include "manifold/traits.h"
#include <math.h>
#include <string.h>

int fgoi_relaxation_world(const fgoi_relaxation *r, size_t v) { return fgoi_stored_rotation(r->g->variable[v].manifold); }

/* 1 if some rotation has more numbers than degrees of freedom in the linear problem: (cos, sin) of SO(2). */
static int needs_wide(const fgo_graph *g)
{
    for (size_t i = 0; i < g->manifold_count; i++)
        if (fgoi_stored_rotation(g->manifold[i]) > g->manifold[i]->tangent) return 1;
    return 0;
}

/* As many unknowns as the world of a variable has dimensions, for the others all that they have. */
static fgo_status restrict_blocks(fgoi_relaxation *r)
{
    const fgoi_system *full = &r->structure->system;
    const int n = full->pattern.n;
    int *dim = fgoi_alloc((size_t)n, sizeof *dim);
    if (!dim) return fgoi_fail_memory();
    for (int j = 0; j < n; j++) {
        const int world = fgoi_relaxation_world(r, full->variable[j]);
        dim[j] = world ? world : full->pattern.dim[j];
    }
    const fgo_status status = fgoi_system_restrict(full, dim, &r->system);
    fgoi_free(dim);
    return status;
}

fgo_status fgoi_relaxation_create(fgo_graph *g, int threads, fgoi_relaxation *r)
{
    *r = (fgoi_relaxation){ .g = g };
    fgo_status status = fgoi_structure_create(g, needs_wide(g), threads, &r->structure);
    if (!status) status = restrict_blocks(r);
    if (!status) status = fgoi_linear_create(fgoi_linear_class_with(FGO_LINEAR_IS_EXACT), &r->linear);
    if (!status) {
        r->linear->request.threads = r->structure->threads;
        r->linear->request.symbolic = &r->structure->symbolic;
        status = fgoi_linear_analyze(r->linear, &r->system.pattern, r->system.slot);
    }
    if (!status) {
        r->scalars = r->system.pattern.offset[r->system.pattern.n];
        r->held = fgoi_alloc(r->scalars, 1);
        r->b = fgoi_alloc(r->scalars, (FGOI_SIDES + 1) * sizeof *r->b);
        if (!r->held || !r->b) status = fgoi_fail_memory();
    }
    if (status) fgoi_relaxation_free(r);
    return status;
}

void fgoi_relaxation_free(fgoi_relaxation *r)
{
    fgoi_linear_free(r->linear);
    fgoi_system_free_restricted(&r->system);
    fgoi_free(r->held);
    fgoi_free(r->b);
    if (r->structure && !r->structure->system.wide)
        fgoi_structure_keep(r->g, r->structure);
    else
        fgoi_structure_free(r->structure);
    memset(r, 0, sizeof *r);
}

fgo_status fgoi_relaxation_factorize(fgoi_relaxation *r, double *b, int *solved)
{
    const fgo_status status = fgoi_system_mask(&r->system, r->held);
    if (status) return status;
    fgoi_system_gather(&r->system, r->structure->threads, r->linear->report.values, b);
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
