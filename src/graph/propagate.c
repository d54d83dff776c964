/* SPDX-License-Identifier: BSD-3-Clause */
/* propagate.c -- a queue of factors of which one variable is still unknown, the most certain or the odometry first (E. Dijkstra
 * 1959); each predicts that variable, which makes more factors ready. */
#include "propagate.h"
#include "base/memory.h"
#include "base/sort.h"
#include "components.h"
#include <math.h>
#include <string.h>

/* An entry of the heap of factors that can predict: the smallest distance first, then first in, first out. */
typedef struct {
    double distance;
    uint32_t sequence, factor;
} waiting;

typedef struct {
    const fgo_graph *g;
    const double *weight; /* per factor, or NULL */
    fgoi_propagation_order order;
    double *x;
    double *distance;     /* per variable: the sum of variances along the path that led to it */
    unsigned char *known; /* per variable: 1 if it has its value */
    size_t *start;        /* factors of variable v: incident[start[v] .. start[v + 1] - 1] */
    uint32_t *incident;
    waiting *heap;
    size_t waiting;
    uint32_t sequence; /* of the next entry */
    size_t reached;
} walk;

static void walk_free(walk *w)
{
    fgoi_free(w->distance);
    fgoi_free(w->known);
    fgoi_free(w->start);
    fgoi_free(w->incident);
    fgoi_free(w->heap);
}

/* Returns the group of factor f, which has not been removed, and its variables. */
static const fgoi_group *factor_of(const fgo_graph *g, size_t f, const uint32_t **variable)
{
    const fgoi_group *group = &g->group[g->location[f].group];
    *variable = group->variable + (size_t)g->location[f].index * (size_t)group->c.arity;
    return group;
}

/* Lists the factors of each variable, in their order. */
static int list_incident(walk *w)
{
    const fgo_graph *g = w->g;
    const uint32_t *variable;
    if (!(w->start = fgoi_alloc(g->variable_count + 2, sizeof *w->start))) return -1;
    for (size_t f = 0; f < g->factor_count; f++) {
        if (!fgoi_has_factor(g, f)) continue;
        const fgoi_group *group = factor_of(g, f, &variable);
        for (int k = 0; k < group->c.arity; k++) w->start[variable[k] + 2]++;
    }
    for (size_t v = 0; v < g->variable_count; v++) w->start[v + 2] += w->start[v + 1];
    const size_t total = w->start[g->variable_count + 1];
    /* each factor waits at most once for each of its variables */
    if (!(w->incident = fgoi_alloc(total, sizeof *w->incident)) || !(w->heap = fgoi_alloc(total, sizeof *w->heap))) return -1;
    for (size_t f = 0; f < g->factor_count; f++) {
        if (!fgoi_has_factor(g, f)) continue;
        const fgoi_group *group = factor_of(g, f, &variable);
        for (int k = 0; k < group->c.arity; k++) w->incident[w->start[variable[k] + 1]++] = (uint32_t)f;
    }
    return 0;
}

/* Returns which of a factor's variables is the only unknown one, or -1. */
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

/* Returns whether the keys of two variables differ by 1. */
static int neighbours(const fgo_graph *g, const uint32_t *variable)
{
    const int64_t a = g->variable[variable[0]].key, b = g->variable[variable[1]].key;
    return a < b ? (uint64_t)b - (uint64_t)a == 1 : (uint64_t)a - (uint64_t)b == 1;
}

/* ---- the queue ---- */

static int before(const waiting *a, const waiting *b)
{
    return a->distance < b->distance || (a->distance == b->distance && a->sequence < b->sequence);
}

static void push(walk *w, double distance, uint32_t factor)
{
    const waiting entry = { distance, w->sequence++, factor };
    size_t i = w->waiting++;
    for (; i && before(&entry, &w->heap[(i - 1) / 2]); i = (i - 1) / 2) w->heap[i] = w->heap[(i - 1) / 2];
    w->heap[i] = entry;
}

static waiting pop(walk *w)
{
    const waiting first = w->heap[0], last = w->heap[--w->waiting];
    size_t i = 0;
    for (size_t child; (child = 2 * i + 1) < w->waiting; i = child) {
        if (child + 1 < w->waiting && before(&w->heap[child + 1], &w->heap[child])) child++;
        if (!before(&w->heap[child], &last)) break;
        w->heap[i] = w->heap[child];
    }
    w->heap[i] = last;
    return first;
}

/* ---- distances ---- */

/* Returns the trace of the covariance (W' W)^-1: the squared Frobenius norm of W^-1; infinite for a singular W. */
static double variance(const fgoi_group *group, size_t f)
{
    enum { MAX_ROWS = 16 };
    const int n = group->c.rows;
    const double *W = group->W + f * fgoi_packed(n);
    double sum = 0.0;
    if (n > MAX_ROWS) return 1.0; /* larger residuals do not measure poses; all count alike */
    for (int j = 0; j < n; j++) { /* column j of W^-1 */
        double v[MAX_ROWS] = { 0 };
        v[j] = 1.0;
        fgoi_packed_solve(n, j + 1, W, v);
        for (int i = j; i >= 0; i--) sum += v[i] * v[i];
    }
    return isnan(sum) ? INFINITY : sum;
}

static double weight_of(const walk *w, uint32_t factor) { return w->weight ? w->weight[factor] : 1.0; }

/* Returns the distance that the unknown variable of a factor would have. */
static double distance_over(const walk *w, uint32_t factor, const fgoi_group *group, const uint32_t *variable)
{
    if (!(weight_of(w, factor) > 0.0)) return INFINITY;
    if (w->order == FGOI_PROPAGATE_ODOMETRY) return group->c.arity == 2 && neighbours(w->g, variable) ? 0.0 : 1.0;
    double farthest = 0.0;
    for (int k = 0; k < group->c.arity; k++)
        if (w->known[variable[k]]) farthest = fmax(farthest, w->distance[variable[k]]);
    return farthest + variance(group, w->g->location[factor].index) / weight_of(w, factor);
}

/* ---- propagation ---- */

/* Marks variable v as known; queues those of its factors that can predict now. */
static void make_known(walk *w, uint32_t v, double distance)
{
    const uint32_t *variable;
    w->known[v] = 1;
    w->distance[v] = distance;
    for (size_t i = w->start[v]; i < w->start[v + 1]; i++) {
        const uint32_t f = w->incident[i];
        const fgoi_group *group = factor_of(w->g, f, &variable);
        if (group->c.predict && only_unknown(w, group, variable) >= 0) push(w, distance_over(w, f, group, variable), f);
    }
}

/* Predicts the unknown variable of factor f, if it still is unknown. */
static void predict(walk *w, uint32_t f, double distance)
{
    const uint32_t *variable;
    const double *value[FGO_MAX_ARITY];
    const fgoi_group *group = factor_of(w->g, f, &variable);
    const int k = only_unknown(w, group, variable);
    if (k < 0) return; /* another factor has predicted it meanwhile */
    for (int i = 0; i < group->c.arity; i++) value[i] = w->x + w->g->variable[variable[i]].x;
    double *out = w->x + w->g->variable[variable[k]].x;
    double result[FGO_MAX_DIMENSION];
    if (group->c.predict(&group->c, fgoi_measurement(group, w->g->location[f].index), value, k, result)) return;
    memcpy(out, result, (size_t)w->g->variable[variable[k]].manifold->ambient * sizeof *out);
    w->reached++;
    make_known(w, variable[k], distance);
}

static void walk_on(walk *w)
{
    while (w->waiting) {
        const waiting next = pop(w);
        predict(w, next.factor, next.distance);
    }
}

/* Predicts variables from factors on them alone (priors). */
static void start_at_priors(walk *w)
{
    const uint32_t *variable;
    for (size_t f = 0; f < w->g->factor_count; f++) {
        if (!fgoi_has_factor(w->g, f)) continue;
        const fgoi_group *group = factor_of(w->g, f, &variable);
        if (group->c.arity == 1 && group->c.predict && weight_of(w, (uint32_t)f) > 0.0) predict(w, (uint32_t)f, 0.0);
    }
}

/* Propagates from the smallest key in each component that has no known variable. Returns 0, or -1 when out of memory. */
static int start_at_smallest(walk *w)
{
    const fgo_graph *g = w->g;
    size_t components;
    uint32_t *component = fgoi_alloc(g->variable_count, sizeof *component);
    fgoi_keyed *order = fgoi_alloc(g->variable_count, sizeof *order);
    unsigned char *touched = NULL;
    int failed = !component || !order || fgoi_components(g, component, &components) ||
                 !(touched = fgoi_alloc(components, sizeof *touched));
    if (!failed) {
        for (size_t v = 0; v < g->variable_count; v++)
            order[v] = (fgoi_keyed){ g->variable[v].key, v }, touched[component[v]] |= w->known[v];
        fgoi_sort_keyed(order, g->variable_count);
        for (size_t i = 0; i < g->variable_count; i++) {
            const uint32_t v = (uint32_t)order[i].number;
            if (touched[component[v]]) continue;
            touched[component[v]] = 1;
            make_known(w, v, 0.0);
            walk_on(w);
        }
    }
    fgoi_free(component);
    fgoi_free(order);
    fgoi_free(touched);
    return failed ? -1 : 0;
}

fgo_status fgoi_propagate(const fgo_graph *g, const double *weight, fgoi_propagation_order order, double *x, size_t *reached)
{
    fgo_status status = FGO_OK;
    walk w = { .g = g, .weight = weight, .order = order, .x = x };
    w.known = fgoi_alloc(g->variable_count, 1);
    w.distance = fgoi_alloc(g->variable_count, sizeof *w.distance);
    if (!w.known || !w.distance || list_incident(&w)) {
        status = fgoi_fail_memory();
        goto done;
    }
    for (uint32_t v = 0; v < g->variable_count; v++)
        if (fgo_graph_variable_held(g, v)) make_known(&w, v, 0.0);
    start_at_priors(&w);
    walk_on(&w);
    if (start_at_smallest(&w)) status = fgoi_fail_memory();
    *reached = w.reached;
done:
    walk_free(&w);
    return status;
}
