/* SPDX-License-Identifier: BSD-3-Clause */
/* remove.c -- removes variables and factors from a graph.
 *
 * The remaining elements keep their order, so afterwards the graph equals, to the last bit of every sum, a graph to which only
 * they were added, except for the order of groups, which is the order in which classes first appeared. A call allocates all that
 * it needs before it changes anything. */
#include "base/memory.h"
#include "base/refuse.h"
#include "graph_private.h"
#include <inttypes.h>
#include <string.h>

/* ---- factors ---- */

/* Moves factor `from` of a group to index `to`, which is smaller. */
static void move_factor(fgo_graph *g, fgoi_group *group, size_t from, size_t to)
{
    const size_t arity = (size_t)group->c.arity, z = group->c.measurement_size, W = fgoi_packed(group->c.rows);
    if (from == to) return;
    memcpy(group->variable + to * arity, group->variable + from * arity, arity * sizeof *group->variable);
    if (z) memcpy(group->z + to * z, group->z + from * z, z);
    memcpy(group->W + to * W, group->W + from * W, W * sizeof *group->W);
    if (group->loss) group->loss[to] = group->loss[from];
    group->number[to] = group->number[from];
    group->projected[to] = group->projected[from];
    g->location[group->number[to]].index = (uint32_t)to;
}

/* Closes the gaps of a group, from its factor `first` on; the removed factors are marked in `location`. */
static void close_gaps(fgo_graph *g, fgoi_group *group, size_t first)
{
    size_t to = first;
    for (size_t from = first; from < group->count; from++)
        if (g->location[group->number[from]].group == FGOI_REMOVED)
            g->projected -= group->projected[from];
        else
            move_factor(g, group, from, to++);
    g->removed_count += group->count - to;
    group->count = to;
}

static void mark_removed(fgo_graph *g, size_t factor) { g->location[factor] = (fgoi_factor_location){ FGOI_REMOVED, 0 }; }

fgo_status fgo_graph_remove_factor(fgo_graph *g, size_t factor)
{
    FGOI_REQUIRE(g);
    if (!fgoi_has_factor(g, factor)) return fgoi_no_factor(g, factor);
    const fgoi_factor_location location = g->location[factor];
    mark_removed(g, factor);
    close_gaps(g, &g->group[location.group], location.index);
    g->revision++;
    return FGO_OK;
}

fgo_status fgo_graph_remove_factors(fgo_graph *g, const size_t *factors, size_t count)
{
    FGOI_REQUIRE(g);
    FGOI_REQUIRE_ARRAY(factors, count);
    if (count > g->factor_count)
        return fgoi_fail(FGO_ERROR_ARGUMENT, "%zu different factors of a graph that has %zu", count, g->factor_count);
    unsigned char *listed = fgoi_alloc(g->factor_count, 1);
    fgo_status status = listed ? FGO_OK : fgoi_fail_memory();
    for (size_t i = 0; i < count && !status; i++) {
        if (!fgoi_has_factor(g, factors[i]))
            status = fgoi_no_factor(g, factors[i]);
        else if (listed[factors[i]]++)
            status = fgoi_fail(FGO_ERROR_ARGUMENT, "factor %zu is listed twice", factors[i]);
    }
    fgoi_free(listed);
    if (status || !count) return status;
    for (size_t i = 0; i < count; i++) mark_removed(g, factors[i]);
    for (size_t i = 0; i < g->group_count; i++) close_gaps(g, &g->group[i], 0);
    g->revision++;
    return FGO_OK;
}

/* ---- variables ---- */

/* What the removal of variables needs before it can change the graph. */
typedef struct removal {
    uint32_t *to; /* the new number of each variable; FGOI_NO_VALUE if it is removed */
    fgoi_keymap keys;
    fgoi_renumbering file; /* the graph's file_variable afterwards */
} removal;

static fgo_status mark_variables(const fgo_graph *g, const int64_t *keys, size_t count, removal *r)
{
    for (size_t i = 0; i < count; i++) {
        const uint32_t v = fgoi_keymap_find(&g->keys, keys[i]);
        if (v == FGOI_NO_VALUE) return fgoi_fail(FGO_ERROR_KEY, "there is no variable %" PRId64, keys[i]);
        if (r->to[v] == FGOI_NO_VALUE) return fgoi_fail(FGO_ERROR_KEY, "variable %" PRId64 " is listed twice", keys[i]);
        r->to[v] = FGOI_NO_VALUE;
    }
    return FGO_OK;
}

/* Makes *next, the map of the file's numbers after a removal: the present map followed by `to`. `count`: how many numbers there
 * were before the removal. */
static int renumber(const fgoi_renumbering *present, const uint32_t *to, size_t count, fgoi_renumbering *next)
{
    next->count = present->to ? present->count : count;
    if (!(next->to = fgoi_alloc(next->count, sizeof *next->to))) return -1;
    for (size_t i = 0; i < next->count; i++) {
        const uint32_t number = fgoi_renumbered(present, (uint32_t)i);
        next->to[i] = number == FGOI_NO_VALUE ? FGOI_NO_VALUE : to[number];
    }
    return 0;
}

/* Keeps the keys of vertices that were merged (EQUIV lines): one of them is the variable's key, the others are aliases of it. */
static int keep_aliases(const fgo_graph *g, removal *r)
{
    int64_t key;
    uint32_t v;
    for (size_t at = 0; fgoi_keymap_next(&g->keys, &at, &key, &v);)
        if (g->variable[v].key != key && r->to[v] != FGOI_NO_VALUE && fgoi_keymap_add(&r->keys, key, r->to[v])) return -1;
    return 0;
}

static fgo_status prepare(const fgo_graph *g, const int64_t *keys, size_t count, removal *r)
{
    if (!(r->to = fgoi_alloc(g->variable_count, sizeof *r->to))) return fgoi_fail_memory();
    fgo_status status = mark_variables(g, keys, count, r);
    uint32_t next = 0;
    for (size_t v = 0; v < g->variable_count && !status; v++) {
        if (r->to[v] == FGOI_NO_VALUE) continue;
        r->to[v] = next;
        if (fgoi_keymap_add(&r->keys, g->variable[v].key, next++)) status = fgoi_fail_memory();
    }
    if (!status && keep_aliases(g, r)) status = fgoi_fail_memory();
    if (!status && g->document && renumber(&g->file_variable, r->to, g->variable_count, &r->file)) status = fgoi_fail_memory();
    return status;
}

static void abandon(removal *r)
{
    fgoi_free(r->to);
    fgoi_free(r->file.to);
    fgoi_keymap_free(&r->keys);
}

static void remove_factors_of(fgo_graph *g, const uint32_t *to)
{
    for (size_t k = 0; k < g->group_count; k++) {
        fgoi_group *group = &g->group[k];
        const size_t arity = (size_t)group->c.arity;
        for (size_t i = 0; i < group->count * arity; i++)
            if (to[group->variable[i]] == FGOI_NO_VALUE) mark_removed(g, group->number[i / arity]);
        close_gaps(g, group, 0);
        for (size_t i = 0; i < group->count * arity; i++) group->variable[i] = to[group->variable[i]];
    }
}

static void move_variable(fgo_graph *g, size_t from, size_t to)
{
    fgoi_variable *v = &g->variable[to];
    *v = g->variable[from];
    memmove(g->x + g->x_size, g->x + v->x, (size_t)v->manifold->ambient * sizeof *g->x);
    memmove(g->held + g->tangent_size, g->held + v->tangent, (size_t)v->manifold->tangent);
    v->x = g->x_size;
    v->tangent = g->tangent_size;
    g->x_size += (size_t)v->manifold->ambient;
    g->tangent_size += (size_t)v->manifold->tangent;
    if (from < g->time_count) g->time[to] = g->time[from];
    if (from < g->variable_line_count) g->variable_line[to] = g->variable_line[from];
}

/* Returns how many of the first n variables stay. */
static size_t remaining(const uint32_t *to, size_t n)
{
    size_t count = 0;
    for (size_t v = 0; v < n; v++) count += to[v] != FGOI_NO_VALUE;
    return count;
}

static void remove_marked(fgo_graph *g, removal *r)
{
    const size_t n = g->variable_count, timed = remaining(r->to, g->time_count), lines = remaining(r->to, g->variable_line_count);
    remove_factors_of(g, r->to);
    g->variable_count = g->x_size = g->tangent_size = 0;
    for (size_t v = 0; v < n; v++)
        if (r->to[v] != FGOI_NO_VALUE) move_variable(g, v, g->variable_count++);
    g->time_count = timed;
    g->variable_line_count = lines;
    fgoi_keymap_free(&g->keys);
    g->keys = r->keys;
    if (r->file.to) {
        fgoi_free(g->file_variable.to);
        g->file_variable = r->file;
    }
    g->revision++;
}

fgo_status fgo_graph_remove_variables(fgo_graph *g, const int64_t *keys, size_t count)
{
    FGOI_REQUIRE(g);
    FGOI_REQUIRE_ARRAY(keys, count);
    if (count > g->variable_count)
        return fgoi_fail(FGO_ERROR_KEY, "%zu different variables of a graph that has %zu", count, g->variable_count);
    if (!count) return FGO_OK;
    removal r = { .to = NULL };
    fgo_status status = prepare(g, keys, count, &r);
    if (status) {
        abandon(&r);
        return status;
    }
    remove_marked(g, &r);
    fgoi_free(r.to);
    return FGO_OK;
}

fgo_status fgo_graph_remove_variable(fgo_graph *g, int64_t key)
{
    FGOI_REQUIRE(g);
    return fgo_graph_remove_variables(g, &key, 1);
}

/* ---- numbers ---- */

fgo_status fgo_graph_compact(fgo_graph *g)
{
    FGOI_REQUIRE(g);
    if (!g->removed_count) return FGO_OK;
    uint32_t *to = fgoi_alloc(g->factor_count, sizeof *to), next = 0;
    fgoi_renumbering file = { NULL, 0 };
    for (size_t f = 0; to && f < g->factor_count; f++) to[f] = fgoi_has_factor(g, f) ? next++ : FGOI_NO_VALUE;
    if (!to || (g->document && renumber(&g->file_factor, to, g->factor_count, &file))) {
        fgoi_free(to);
        return fgoi_fail_memory();
    }
    for (size_t f = 0; f < g->factor_count; f++) {
        if (to[f] == FGOI_NO_VALUE) continue;
        g->location[to[f]] = g->location[f];
        g->group[g->location[f].group].number[g->location[f].index] = to[f];
        if (f < g->factor_line_count) g->factor_line[to[f]] = g->factor_line[f];
    }
    g->factor_line_count = remaining(to, g->factor_line_count);
    g->factor_count = next;
    g->removed_count = 0;
    if (file.to) {
        fgoi_free(g->file_factor.to);
        g->file_factor = file;
    }
    g->revision++;
    fgoi_free(to);
    return FGO_OK;
}
