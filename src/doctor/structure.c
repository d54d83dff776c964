/* SPDX-License-Identifier: BSD-3-Clause */
/* structure.c -- what the graph leaves undetermined: components that nothing holds, directions that no factor constrains; and
 * edges that were not added to the graph. */
#include "base/memory.h"
#include "evaluate/evaluate.h"
#include "evaluate/gauge.h"
#include "findings.h"
#include "graph/components.h"
#include <inttypes.h>
#include <math.h>

/* Returns 1 if the gauge rule holds a variable whole of which the caller holds nothing. */
static int holds_whole(const fgo_graph *g, const fgoi_gauge_result *gauge, uint32_t v)
{
    const fgoi_variable *var = &g->variable[v];
    int held = 0;
    for (int d = 0; d < var->manifold->tangent; d++) held += gauge->held[var->tangent + (size_t)d];
    return held == var->manifold->tangent && !fgo_graph_variable_held(g, v);
}

fgo_status fgoi_examine_components(fgoi_exam *e)
{
    fgoi_gauge_result gauge;
    size_t count = 0;
    fgo_status status = fgoi_gauge(e->g, &gauge);
    if (status) return status;
    uint32_t *of = fgoi_alloc(e->g->variable_count, sizeof *of);
    size_t *size = fgoi_alloc(gauge.components, sizeof *size);
    if (!of || !size || fgoi_components(e->g, of, &count)) {
        status = fgoi_fail_memory();
    } else {
        for (size_t v = 0; v < e->g->variable_count; v++) size[of[v]]++;
        for (size_t i = 0; i < gauge.count && gauge.components > 1 && !status; i++) {
            const uint32_t v = gauge.variable[i];
            if (!holds_whole(e->g, &gauge, v)) continue; /* factors or holds determine a part of the component's gauge */
            const fgo_finding f = { .kind = FGO_FINDING_FREE_COMPONENT,
                                    .severity = FGO_SEVERITY_ERROR,
                                    .line = e->variable_line[v],
                                    .statistic = (double)size[of[v]],
                                    .what = FGO_STATISTIC_VARIABLES,
                                    .remedy = { FGO_REMEDY_CONNECT, 0 },
                                    .variable = &(fgo_finding_variable){ e->g->variable[v].key, 0 },
                                    .variables = 1 };
            status =
                fgoi_find(e, &f, "nothing holds the component of vertex %" PRId64 ", %zu of %zu variables, one of %zu components",
                          e->g->variable[v].key, size[of[v]], e->g->variable_count, gauge.components);
        }
    }
    fgoi_gauge_free(&gauge);
    fgoi_free(of);
    fgoi_free(size);
    return status;
}

/* ---- directions ---- */

enum { LARGEST = 6 };

/* Adds J' J of one whitened factor to the diagonal blocks of its variables, LARGEST x LARGEST each. */
static void add_blocks(const fgo_graph *g, const fgoi_group *group, size_t f, const double *J, double *block)
{
    const int p = group->c.partials;
    int column = 0;
    for (int k = 0; k < group->c.arity; k++) {
        const uint32_t v = group->variable[f * (size_t)group->c.arity + (size_t)k];
        const int n = g->variable[v].manifold->tangent;
        double *B = block + (size_t)v * LARGEST * LARGEST;
        for (int row = 0; row < group->c.rows && n <= LARGEST; row++)
            for (int i = 0; i < n; i++)
                for (int j = 0; j < n; j++) B[i * LARGEST + j] += J[row * p + column + i] * J[row * p + column + j];
        column += n;
    }
}

static fgo_status collect_blocks(const fgo_graph *g, double *block)
{
    const fgoi_problem problem = { .g = g };
    fgo_status status = FGO_OK;
    for (size_t i = 0; i < g->group_count && !status; i++) {
        const fgoi_group *group = &g->group[i];
        const size_t entries = (size_t)group->c.rows * (size_t)group->c.partials;
        double *J = fgoi_alloc(FGOI_RUN * (entries + (size_t)group->c.rows), sizeof *J);
        if (!J) return fgoi_fail_memory();
        for (size_t first = 0; first < group->count && !status; first += FGOI_RUN) {
            const size_t left = group->count - first, count = left < FGOI_RUN ? left : FGOI_RUN;
            if (fgoi_whiten_run(&problem, group, g->x, first, count, J + FGOI_RUN * entries, J))
                continue; /* constrains nothing here */
            for (size_t f = 0; f < count; f++) add_blocks(g, group, first + f, J + f * entries, block);
        }
        fgoi_free(J);
    }
    return status;
}

/* Finds directions without a pivot by a Cholesky factorization with the largest remaining pivot first; sets open[i] to 1 for
 * those that are left over. */
static int open_directions(const double *block, int n, int open[LARGEST])
{
    double A[LARGEST][LARGEST], largest = 0;
    int left = n;
    for (int i = 0; i < LARGEST; i++) open[i] = i < n;
    for (int i = 0; i < n; i++) {
        for (int j = 0; j < n; j++) A[i][j] = block[i * LARGEST + j];
        largest = fmax(largest, A[i][i]);
    }
    for (; left > 0; left--) {
        int p = 0;
        while (!open[p]) p++;
        for (int i = p + 1; i < n; i++)
            if (open[i] && A[i][i] > A[p][p]) p = i;
        if (!(A[p][p] > 1e-12 * largest)) break; /* J' J loses half the digits */
        open[p] = 0;
        for (int i = 0; i < n; i++)
            for (int j = 0; j < n; j++)
                if (open[i] && open[j]) A[i][j] -= A[i][p] * A[p][j] / A[p][p];
    }
    return left;
}

static fgo_status report_variable(fgoi_exam *e, size_t v, int left, const int *open)
{
    const fgo_manifold *m = e->g->variable[v].manifold;
    fgo_finding_variable moved = { e->g->variable[v].key, 0 };
    char names[96];
    for (int i = 0; i < m->tangent; i++) {
        e->open[e->g->variable[v].tangent + (size_t)i] = (unsigned char)open[i];
        if (open[i]) moved.dofs |= UINT64_C(1) << i;
    }
    fgoi_name_dofs(m, moved.dofs, names, sizeof names);
    const fgo_finding f = { .kind = FGO_FINDING_UNCONSTRAINED,
                            .severity = FGO_SEVERITY_ERROR,
                            .line = e->variable_line[v],
                            .statistic = left,
                            .what = FGO_STATISTIC_DIRECTIONS,
                            .remedy = { FGO_REMEDY_MEASURE, 0 },
                            .variable = &moved,
                            .variables = 1 };
    return fgoi_find(e, &f, "%d of %d degrees of freedom of vertex %" PRId64 " are not measured by any edge: %s", left,
                     m->tangent, e->g->variable[v].key, names);
}

fgo_status fgoi_examine_directions(fgoi_exam *e)
{
    const fgo_graph *g = e->g;
    double *block = fgoi_alloc(g->variable_count, sizeof *block * LARGEST * LARGEST);
    if (!block) return fgoi_fail_memory();
    fgo_status status = collect_blocks(g, block);
    for (size_t v = 0; v < g->variable_count && !status; v++) {
        const fgo_manifold *m = g->variable[v].manifold;
        int open[LARGEST];
        if (m->tangent > LARGEST || fgo_graph_variable_held(g, v)) continue;
        const int left = open_directions(block + v * LARGEST * LARGEST, m->tangent, open);
        if (left) status = report_variable(e, v, left, open);
    }
    fgoi_free(block);
    return status;
}

/* ---- edges that are not in the graph ---- */

fgo_status fgoi_examine_dropped(fgoi_exam *e)
{
    fgo_status status = FGO_OK;
    for (size_t i = 0; e->d && e->d->report.dropped && i < e->d->line_count && !status; i++) {
        const fgoi_tag *tag = fgoi_line_tag(e->d, i);
        fgoi_fields f;
        fgoi_misread problem;
        if (!tag || tag->kind != FGOI_TAG_EDGE || e->d->line[i].number != FGOI_NO_VALUE) continue;
        if (fgoi_read_fields(fgoi_line_fields(e->d, i), tag, &f, &problem)) continue;
        int missing = -1;
        for (int k = tag->ids - 1; k >= 0; k--)
            if (fgoi_keymap_find(&e->g->keys, f.id[k]) == FGOI_NO_VALUE) missing = k;
        fgo_finding_variable named = { f.id[missing >= 0 ? missing : 0], 0 };
        fgo_finding finding = { .kind = FGO_FINDING_DANGLING,
                                .severity = FGO_SEVERITY_ERROR,
                                .line = i + 1,
                                .remedy = { FGO_REMEDY_ADD_VARIABLE, 0 },
                                .variable = &named,
                                .variables = 1 };
        if (missing >= 0) {
            status = fgoi_find(e, &finding, "%s names vertex %" PRId64 ", which is not in the file", tag->name, f.id[missing]);
        } else if (tag->ids == 2 && f.id[0] == f.id[1]) {
            finding.kind = FGO_FINDING_SELF_LOOP;
            finding.remedy.kind = FGO_REMEDY_CORRECT_KEYS;
            status = fgoi_find(e, &finding, "%s joins vertex %" PRId64 " to itself", tag->name, f.id[0]);
        }
    }
    return status;
}
