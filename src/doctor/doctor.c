/* SPDX-License-Identifier: BSD-3-Clause */
/* doctor.c -- the examination: finds the lines of variables and factors, then runs the parts. */
#include "base/memory.h"
#include "base/refuse.h"
#include "base/sort.h"
#include "findings.h"
#include <stdlib.h>
#include <string.h>

static void note_lines(fgoi_exam *e)
{
    const fgo_graph *g = e->g;
    for (size_t v = 0; v < g->variable_count; v++) e->variable_line[v] = fgo_graph_variable_line(g, v);
    for (size_t f = 0; f < g->factor_count; f++) {
        e->factor_line[f] = fgo_graph_factor_line(g, f);
        if (!e->factor_line[f] || !e->d || !e->d->report.edges_only) continue;
        const fgoi_group *group = &g->group[g->location[f].group];
        for (int k = 0; k < group->c.arity; k++) { /* a variable without a line: its first edge */
            const uint32_t v = group->variable[g->location[f].index * (size_t)group->c.arity + (size_t)k];
            if (!e->variable_line[v]) e->variable_line[v] = e->factor_line[f];
        }
    }
}

static int by_kind(const void *a, const void *b)
{
    const fgo_finding *f = a, *h = b;
    if (f->kind != h->kind) return fgoi_compare_int64(f->kind, h->kind);
    if (f->kind == FGO_FINDING_IMPROBABLE && f->statistic != h->statistic) return fgoi_compare_double(h->statistic, f->statistic);
    return fgoi_compare_size(f->line, h->line);
}

static fgo_status examine(fgoi_exam *e, int parts)
{
    fgo_status status = FGO_OK;
    if (parts & FGO_DOCTOR_STRUCTURE) {
        status = fgoi_examine_components(e);
        if (!status) status = fgoi_examine_directions(e);
        if (!status) status = fgoi_examine_dropped(e);
        if (!status) status = fgoi_examine_information(e);
        if (!status && !e->other_order) status = fgoi_examine_joint(e); /* misread matrices have other ranks */
        if (!status) status = fgoi_examine_repeated(e);
    }
    if (!status && parts & FGO_DOCTOR_STATISTICS && fgo_graph_factor_count(e->g)) {
        status = fgoi_examine_estimate(e);
        if (!status) status = fgoi_examine_optimum(e);
    }
    return status;
}

fgo_status fgo_graph_examine(const fgo_graph *g, int parts, double significance, fgo_findings **out)
{
    FGOI_REQUIRE(g);
    FGOI_REQUIRE(out);
    FGOI_REQUIRE_RANGE(parts, 1, FGO_DOCTOR_ALL);
    if (!(significance > 0.0 && significance < 1.0))
        return fgoi_fail(FGO_ERROR_ARGUMENT, "fgo_graph_examine: a significance of %g is not in (0, 1)", significance);
    fgoi_exam e = { .g = g, .d = fgoi_document_lines(g->document), .significance = significance };
    e.out = fgoi_alloc(1, sizeof *e.out);
    e.factor_line = fgoi_alloc(g->factor_count, sizeof *e.factor_line);
    e.variable_line = fgoi_alloc(g->variable_count, sizeof *e.variable_line);
    e.open = fgoi_alloc(g->tangent_size, sizeof *e.open);
    fgo_status status = e.out && e.factor_line && e.variable_line && e.open ? FGO_OK : fgoi_fail_memory();
    if (!status) {
        note_lines(&e);
        status = examine(&e, parts);
        if (!status && e.d && fgoi_document_failure(e.d)) /* lines that could not be read have no findings */
            status = fgoi_fail(fgoi_document_failure(e.d), "%s", fgo_last_message());
    }
    if (!status) {
        if (e.out->count) qsort(e.out->row, e.out->count, sizeof *e.out->row, by_kind);
        *out = e.out;
        e.out = NULL;
    }
    fgo_findings_free(e.out);
    fgoi_free(e.factor_line);
    fgoi_free(e.variable_line);
    fgoi_free(e.optimum);
    fgoi_free(e.open);
    return status;
}
