/* SPDX-License-Identifier: BSD-3-Clause */
/* unconstrained_dofs.c -- samples the Jacobian of one factor per class, where a column of zeros is a degree of freedom that
 * the class does not constrain. */
#include "unconstrained_dofs.h"
#include "base/memory.h"
#include "evaluate.h"
#include <string.h>

/* Sets constrained[j] to 1 for each column j of the Jacobian of a group's first factor that is not zero. Returns whether all are,
 * or -1 when out of memory. */
static int look_at_columns(const fgo_graph *g, const fgoi_group *group, unsigned char *constrained)
{
    const size_t rows = (size_t)group->c.rows, p = (size_t)group->c.partials;
    int all = 1;
    double *e = fgoi_alloc(rows * (p + 1), sizeof *e);
    if (!e) return -1;
    double *J = e + rows;
    const int failed = fgoi_raw_run(g, group, g->x, 0, 1, e, J);
    for (size_t j = 0; j < p; j++) {
        constrained[j] = failed != 0;
        for (size_t i = 0; i < rows && !constrained[j]; i++) constrained[j] = J[i * p + j] != 0.0;
        all &= constrained[j];
    }
    fgoi_free(e);
    return all;
}

static void mark(const fgo_graph *g, const fgoi_group *group, const unsigned char *constrained, unsigned char *unconstrained)
{
    for (size_t f = 0; f < group->count; f++)
        for (int a = 0, j = 0; a < group->c.arity; a++) {
            const size_t at = g->variable[group->variable[f * (size_t)group->c.arity + (size_t)a]].tangent;
            for (int d = 0; d < group->c.variable[a].tangent; d++, j++)
                if (constrained[j]) unconstrained[at + (size_t)d] = 0;
        }
}

int fgoi_unconstrained_dofs(const fgo_graph *g, unsigned char **unconstrained)
{
    size_t columns = 0;
    int all = 1;
    *unconstrained = NULL;
    for (size_t i = 0; i < g->group_count; i++) columns += (size_t)g->group[i].c.partials;
    unsigned char *constrained = fgoi_alloc(columns, 1), *at = constrained, *out = NULL;
    int failed = constrained ? 0 : -1;
    for (size_t i = 0; i < g->group_count && !failed; at += g->group[i].c.partials, i++) {
        const int one = g->group[i].count ? look_at_columns(g, &g->group[i], at) : 1;
        failed = one < 0 ? -1 : 0;
        all &= one;
    }
    if (!failed && !all && !(out = fgoi_alloc(g->tangent_size, 1))) failed = -1;
    if (out) {
        memset(out, 1, g->tangent_size);
        at = constrained;
        for (size_t i = 0; i < g->group_count; at += g->group[i].c.partials, i++) mark(g, &g->group[i], at, out);
        *unconstrained = out;
    }
    fgoi_free(constrained);
    return failed;
}
