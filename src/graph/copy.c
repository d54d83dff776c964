/* SPDX-License-Identifier: BSD-3-Clause */
/* copy.c -- copies a graph. */
#include "base/memory.h"
#include "base/refuse.h"
#include "graph_private.h"
#include <fgopt/arrays.h>
#include <string.h>

/* Allocates *to with a copy of `count` elements of `from`. Returns 0, or -1 when out of memory. */
static int copy_array(void *to, size_t *capacity, const void *from, size_t count, size_t size)
{
    void **array = to;
    if (!count) return 0;
    if (!(*array = fgoi_alloc(count, size))) return -1;
    if (capacity) *capacity = count;
    memcpy(*array, from, count * size);
    return 0;
}
#define COPY(to, from, capacity, count, field) copy_array(&(to)->field, capacity, (from)->field, count, sizeof *(to)->field)

static int copy_manifolds(fgo_graph *to, const fgo_graph *from)
{
    to->manifold = fgoi_alloc(from->manifold_count, sizeof *to->manifold);
    if (!to->manifold) return -1;
    to->manifold_capacity = from->manifold_count;
    for (size_t i = 0; i < from->manifold_count; i++, to->manifold_count++)
        if (copy_array(&to->manifold[i], NULL, from->manifold[i], 1, sizeof **to->manifold)) return -1;
    return 0;
}

static int copy_variables(fgo_graph *to, const fgo_graph *from)
{
    if (copy_manifolds(to, from) || COPY(to, from, &to->variable_capacity, from->variable_count, variable) ||
        COPY(to, from, &to->x_capacity, from->x_size, x) || COPY(to, from, &to->held_capacity, from->tangent_size, held) ||
        COPY(to, from, &to->time_capacity, from->time_count, time) ||
        COPY(to, from, &to->variable_line_capacity, from->variable_line_count, variable_line) ||
        COPY(&to->file_variable, &from->file_variable, NULL, from->file_variable.to ? from->file_variable.count : 0, to) ||
        fgoi_keymap_copy(&to->keys, &from->keys))
        return -1;
    to->file_variable.count = from->file_variable.count;
    to->variable_line_count = from->variable_line_count;
    for (size_t i = 0; i < from->variable_count; i++) /* each graph has its own manifolds */
        for (size_t k = 0; k < from->manifold_count; k++)
            if (from->variable[i].manifold == from->manifold[k]) {
                to->variable[i].manifold = to->manifold[k];
                break;
            }
    to->variable_count = from->variable_count;
    to->x_size = from->x_size;
    to->tangent_size = from->tangent_size;
    to->time_count = from->time_count;
    return 0;
}

static int copy_group(fgoi_group *to, const fgoi_group *from)
{
    const size_t n = from->count;
    to->c = from->c;
    to->c.name = NULL;
    if (COPY(to, from, NULL, strlen(from->c.name) + 1, c.name) ||
        COPY(to, from, &to->variable_capacity, n * (size_t)from->c.arity, variable) ||
        COPY(to, from, &to->z_capacity, n * from->c.measurement_size, z) ||
        COPY(to, from, &to->W_capacity, n * fgoi_packed(from->c.rows), W) ||
        (from->loss && COPY(to, from, &to->loss_capacity, n, loss)) || COPY(to, from, &to->number_capacity, n, number) ||
        COPY(to, from, &to->projected_capacity, n, projected))
        return -1;
    to->count = n;
    return 0;
}

static int copy_factors(fgo_graph *to, const fgo_graph *from)
{
    to->group = fgoi_alloc(from->group_count, sizeof *to->group);
    if (!to->group || COPY(to, from, &to->location_capacity, from->factor_count, location) ||
        COPY(to, from, &to->factor_line_capacity, from->factor_line_count, factor_line) ||
        COPY(&to->file_factor, &from->file_factor, NULL, from->file_factor.to ? from->file_factor.count : 0, to))
        return -1;
    to->file_factor.count = from->file_factor.count;
    to->factor_line_count = from->factor_line_count;
    to->group_capacity = from->group_count;
    for (size_t i = 0; i < from->group_count; i++) {
        to->group_count++; /* now, so that a group that is only half copied is freed too */
        if (copy_group(&to->group[i], &from->group[i])) return -1;
    }
    to->factor_count = from->factor_count;
    to->removed_count = from->removed_count;
    to->projected = from->projected;
    return 0;
}

fgo_status fgo_graph_copy(const fgo_graph *g, fgo_graph **out)
{
    FGOI_REQUIRE(g);
    FGOI_REQUIRE(out);
    fgo_graph *copy = fgoi_alloc(1, sizeof *copy);
    if (!copy || !(copy->cache = fgoi_cache_create()) || copy_variables(copy, g) || copy_factors(copy, g)) {
        fgo_graph_free(copy);
        return fgoi_fail_memory();
    }
    copy->revision = g->revision;
    fgoi_cache_share(copy->cache, g->cache);
    if (g->document && !(copy->document = g->document_share(g->document))) {
        fgo_graph_free(copy);
        return fgoi_fail_memory();
    }
    copy->document_share = g->document_share;
    copy->document_free = g->document_free;
    *out = copy;
    return FGO_OK;
}
