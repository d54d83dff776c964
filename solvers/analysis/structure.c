/* SPDX-License-Identifier: BSD-3-Clause */
/* structure.c -- makes, keeps and hands over the analysis of a graph. */
#include "structure.h"
#include "base/memory.h"

static void free_kept(void *s) { fgoi_structure_free(s); }

void fgoi_structure_free(fgoi_structure *s)
{
    if (!s) return;
    fgoi_threads_free(s->threads);
    fgoi_system_free(&s->system);
    fgoi_symbolic_free(&s->symbolic);
    fgoi_free(s);
}

fgo_status fgoi_structure_create(fgo_graph *g, int wide, int threads, fgoi_structure **out)
{
    fgoi_structure *s = fgoi_alloc(1, sizeof *s);
    if (!s) return fgoi_fail_memory();
    s->stamp = g->structure;
    fgo_status status = (wide ? fgoi_system_create_wide : fgoi_system_create)(g, &s->system);
    if (!status && fgoi_threads_start(threads, s->system.J_size, &s->threads))
        status = fgoi_fail(FGO_ERROR_MEMORY, "%d threads cannot be had", threads);
    if (!status) status = fgoi_symbolic_choose(&s->symbolic, &s->system.pattern);
    if (status)
        fgoi_structure_free(s);
    else
        *out = s;
    return status;
}

void fgoi_structure_keep(fgo_graph *g, fgoi_structure *s)
{
    if (g->analysis_free) g->analysis_free(g->analysis);
    g->analysis = s;
    g->analysis_free = free_kept;
}

fgoi_structure *fgoi_structure_take(fgo_graph *g)
{
    fgoi_structure *s = g->analysis;
    g->analysis = NULL;
    g->analysis_free = NULL;
    if (!s || (s->stamp == g->structure && s->system.g == g)) return s;
    fgoi_structure_free(s);
    return NULL;
}
