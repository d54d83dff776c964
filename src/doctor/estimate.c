/* SPDX-License-Identifier: BSD-3-Clause */
/* estimate.c -- poses of the file that are far from where each of their edges puts them, in an estimate that is good
 * elsewhere. */
#include "base/memory.h"
#include "findings.h"
#include <inttypes.h>
#include <math.h>

/* Finds, for each variable, the smallest s / quantile among its edges, and how many edges it has. */
static size_t collect(const fgoi_exam *e, double *smallest, uint32_t *edges, size_t *far)
{
    const fgo_graph *g = e->g;
    size_t count = 0;
    *far = 0;
    for (size_t v = 0; v < g->variable_count; v++) smallest[v] = INFINITY;
    for (size_t i = 0; i < g->group_count; i++) {
        const fgoi_group *group = &g->group[i];
        if (group->c.arity < 2) continue;
        const double limit = fgoi_chi2_quantile(group->c.rows, e->significance / (double)fgo_graph_factor_count(g));
        for (size_t f = 0; f < group->count; f++) {
            const double ratio = fgoi_chi2_at(g, group->number[f], g->x, 0) / limit;
            count++;
            *far += ratio > 1;
            for (int k = 0; k < group->c.arity; k++) {
                const uint32_t v = group->variable[f * (size_t)group->c.arity + (size_t)k];
                smallest[v] = fmin(smallest[v], ratio);
                edges[v]++;
            }
        }
    }
    return count;
}

fgo_status fgoi_examine_estimate(fgoi_exam *e)
{
    const fgo_graph *g = e->g;
    size_t far = 0;
    fgo_status status = FGO_OK;
    if (e->d && e->d->report.edges_only) return FGO_OK; /* the estimate is fgopt's own */
    double *smallest = fgoi_alloc(g->variable_count, sizeof *smallest);
    uint32_t *edges = fgoi_alloc(g->variable_count, sizeof *edges);
    if (!smallest || !edges) {
        status = fgoi_fail_memory();
        goto done;
    }
    const size_t count = collect(e, smallest, edges, &far);
    e->good_estimate = 10 * far <= count; /* in an estimate that is bad everywhere no pose stands out */
    for (size_t v = 0; v < g->variable_count && !status && e->good_estimate; v++) {
        if (edges[v] < 2 || !(smallest[v] > 1)) continue; /* with one edge, either end could be the far one */
        const fgo_finding finding = { .kind = FGO_FINDING_FAR_POSE,
                                      .severity = FGO_SEVERITY_WARNING,
                                      .line = e->variable_line[v],
                                      .statistic = smallest[v],
                                      .what = FGO_STATISTIC_CHI2_RATIO,
                                      .remedy = { FGO_REMEDY_INITIALIZE, 0 },
                                      .variable = &(fgo_finding_variable){ g->variable[v].key, 0 },
                                      .variables = 1 };
        status = fgoi_find(e, &finding,
                           "vertex %" PRId64 " is far from where its %u edges put it: the best of them has %.3g times the chi2 "
                           "that chance allows",
                           g->variable[v].key, edges[v], smallest[v]);
    }
done:
    fgoi_free(smallest);
    fgoi_free(edges);
    return status;
}
