/* SPDX-License-Identifier: BSD-3-Clause */
/* components.c -- finds the connected components; they are numbered in the order of their first variables. */
#include "components.h"
#include "base/memory.h"
#include "base/union_find.h"

int fgoi_components(const fgo_graph *g, uint32_t *component, size_t *count)
{
    return fgoi_components_of(g, NULL, component, count);
}

int fgoi_components_of(const fgo_graph *g, const unsigned char *joins, uint32_t *component, size_t *count)
{
    uint32_t *parent = fgoi_alloc(g->variable_count, sizeof *parent);
    if (!parent) return -1;
    for (uint32_t v = 0; v < g->variable_count; v++) parent[v] = v;
    for (size_t i = 0; i < g->group_count; i++) {
        const fgoi_group *group = &g->group[i];
        const size_t arity = (size_t)group->c.arity;
        if (joins && !joins[i]) continue;
        for (size_t f = 0; f < group->count; f++)
            for (size_t k = 1; k < arity; k++)
                fgoi_union_join(parent, group->variable[f * arity], group->variable[f * arity + k]);
    }
    *count = 0;
    for (uint32_t v = 0; v < g->variable_count; v++) {
        uint32_t root = fgoi_union_root(parent, v);
        component[v] = root == v ? (uint32_t)(*count)++ : component[root];
    }
    fgoi_free(parent);
    return 0;
}
