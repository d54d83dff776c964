/* SPDX-License-Identifier: BSD-3-Clause */
/* initialize.c -- first estimates by walking along factors that can predict one variable from the others. */
#include "components.h"
#include "graph_private.h"
#include "memory.h"
#include <fgopt/initialize.h>
#include <stdlib.h>
#include <string.h>

const char *fgo_init_name(fgo_init init)
{
    switch (init) {
    case FGO_INIT_FILE: return "file";
    case FGO_INIT_ODOMETRY: return "odometry";
    }
    return NULL;
}

/* Factor numbers that wait, first in first out; each factor enters a queue at most once for each of its variables. */
typedef struct {
    uint32_t *factor;
    size_t head, tail;
} queue;

typedef struct {
    fgo_graph *g;
    double *x;            /* the new values; the graph's own change only at the end */
    unsigned char *known; /* per variable */
    size_t *start;        /* factors of variable v: incident[start[v] .. start[v + 1] - 1] */
    uint32_t *incident;
    queue near, far; /* factors between neighbouring keys go first */
    size_t reached;
} walk;

static void walk_free(walk *w)
{
    fgoi_free(w->x);
    fgoi_free(w->known);
    fgoi_free(w->start);
    fgoi_free(w->incident);
    fgoi_free(w->near.factor);
    fgoi_free(w->far.factor);
}

/* The group of factor f and its variables. */
static const fgoi_group *factor_of(const fgo_graph *g, size_t f, const uint32_t **variable)
{
    const fgoi_group *group = &g->group[g->place[f].group];
    *variable = group->variable + (size_t)g->place[f].index * (size_t)group->c.arity;
    return group;
}

/* Lists the factors of each variable, in their order. */
static int list_incident(walk *w)
{
    const fgo_graph *g = w->g;
    const uint32_t *variable;
    if (!(w->start = fgoi_alloc(g->variable_count + 2, sizeof *w->start))) return -1;
    for (size_t f = 0; f < g->factor_count; f++) {
        const fgoi_group *group = factor_of(g, f, &variable);
        for (int k = 0; k < group->c.arity; k++) w->start[variable[k] + 2]++;
    }
    for (size_t v = 0; v < g->variable_count; v++) w->start[v + 2] += w->start[v + 1];
    const size_t total = w->start[g->variable_count + 1];
    if (!(w->incident = fgoi_alloc(total, sizeof *w->incident)) ||
        !(w->near.factor = fgoi_alloc(total, sizeof *w->near.factor)) ||
        !(w->far.factor = fgoi_alloc(total, sizeof *w->far.factor)))
        return -1;
    for (size_t f = 0; f < g->factor_count; f++) {
        const fgoi_group *group = factor_of(g, f, &variable);
        for (int k = 0; k < group->c.arity; k++) w->incident[w->start[variable[k] + 1]++] = (uint32_t)f;
    }
    return 0;
}

/* Which variable of factor f is the only unknown one: its place, or -1. */
static int only_unknown(const walk *w, const fgoi_group *group, const uint32_t *variable)
{
    int unknown = -1;
    for (int k = 0; k < group->c.arity; k++)
        if (!w->known[variable[k]]) {
            if (unknown >= 0) return -1;
            unknown = k;
        }
    return unknown;
}

static int neighbours(const fgo_graph *g, const uint32_t *variable)
{
    const int64_t a = g->variable[variable[0]].key, b = g->variable[variable[1]].key;
    return a < b ? (uint64_t)b - (uint64_t)a == 1 : (uint64_t)a - (uint64_t)b == 1;
}

/* v has a value now: its factors with one unknown left can predict. */
static void make_known(walk *w, uint32_t v)
{
    const uint32_t *variable;
    w->known[v] = 1;
    for (size_t i = w->start[v]; i < w->start[v + 1]; i++) {
        const fgoi_group *group = factor_of(w->g, w->incident[i], &variable);
        if (!group->c.predict || only_unknown(w, group, variable) < 0) continue;
        queue *q = group->c.arity == 2 && neighbours(w->g, variable) ? &w->near : &w->far;
        q->factor[q->tail++] = w->incident[i];
    }
}

static void predict(walk *w, uint32_t f)
{
    const uint32_t *variable;
    const double *value[FGO_MAX_ARITY];
    const fgoi_group *group = factor_of(w->g, f, &variable);
    const int k = only_unknown(w, group, variable);
    if (k < 0) return; /* found by another way meanwhile */
    for (int i = 0; i < group->c.arity; i++) value[i] = w->x + w->g->variable[variable[i]].x;
    double *out = w->x + w->g->variable[variable[k]].x;
    double result[FGO_MAX_DIMENSION];
    if (group->c.predict(&group->c, group->z + w->g->place[f].index * group->c.measurement_size, value, k, result))
        return;
    memcpy(out, result, (size_t)w->g->variable[variable[k]].manifold->ambient * sizeof *out);
    w->reached++;
    make_known(w, variable[k]);
}

static void walk_on(walk *w)
{
    for (;;) {
        queue *q = w->near.head < w->near.tail ? &w->near : &w->far;
        if (q->head == q->tail) return;
        predict(w, q->factor[q->head++]);
    }
}

/* Variables that a factor on them alone predicts (a prior). */
static void start_at_priors(walk *w)
{
    const uint32_t *variable;
    for (size_t f = 0; f < w->g->factor_count; f++) {
        const fgoi_group *group = factor_of(w->g, f, &variable);
        if (group->c.arity == 1 && group->c.predict) predict(w, (uint32_t)f);
    }
}

static int by_key(const void *a, const void *b)
{
    const fgoi_variable *u = *(const fgoi_variable *const *)a, *v = *(const fgoi_variable *const *)b;
    return (u->key > v->key) - (u->key < v->key);
}

/* What is left starts at its smallest key, component by component: with one known, walking reaches all it can. */
static int start_at_smallest(walk *w)
{
    const fgo_graph *g = w->g;
    size_t components;
    uint32_t *component = fgoi_alloc(g->variable_count, sizeof *component);
    const fgoi_variable **order = fgoi_alloc(g->variable_count, sizeof *order);
    unsigned char *touched = NULL;
    int failed = !component || !order || fgoi_components(g, component, &components) ||
                 !(touched = fgoi_alloc(components, sizeof *touched));
    if (!failed) {
        for (size_t v = 0; v < g->variable_count; v++) order[v] = &g->variable[v], touched[component[v]] |= w->known[v];
        qsort(order, g->variable_count, sizeof *order, by_key);
        for (size_t i = 0; i < g->variable_count; i++) {
            const uint32_t v = (uint32_t)(order[i] - g->variable);
            if (touched[component[v]]) continue;
            touched[component[v]] = 1;
            make_known(w, v);
            walk_on(w);
        }
    }
    fgoi_free(component);
    fgoi_free(order);
    fgoi_free(touched);
    return failed ? -1 : 0;
}

fgo_status fgo_initialize(fgo_graph *g, fgo_init init, size_t *reached)
{
    if (!g) return fgoi_fail(NULL, FGO_ERROR_ARGUMENT, "fgo_initialize: graph is NULL");
    if (!fgo_init_name(init)) return fgoi_fail(&g->message, FGO_ERROR_ARGUMENT, "unknown initialization %d", (int)init);
    fgo_status status = FGO_OK;
    walk w = { .g = g };
    if (init == FGO_INIT_FILE) goto done;
    w.x = fgoi_alloc(g->x_size, sizeof *w.x);
    w.known = fgoi_alloc(g->variable_count, 1);
    if (!w.x || !w.known || list_incident(&w)) {
        status = fgoi_fail_memory(&g->message);
        goto done;
    }
    if (g->x_size) memcpy(w.x, g->x, g->x_size * sizeof *w.x);
    for (uint32_t v = 0; v < g->variable_count; v++)
        if (fgo_graph_variable_held(g, v) == g->variable[v].manifold->tangent) make_known(&w, v);
    start_at_priors(&w);
    walk_on(&w);
    if (start_at_smallest(&w))
        status = fgoi_fail_memory(&g->message);
    else if (g->x_size)
        memcpy(g->x, w.x, g->x_size * sizeof *w.x);
done:
    if (!status && reached) *reached = w.reached;
    walk_free(&w);
    return status;
}
