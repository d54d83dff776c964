/* SPDX-License-Identifier: BSD-3-Clause */
/* analysis.c -- makes analyses and shares them. */
#include "analysis.h"
#include "base/memory.h"
#include "block/symbolic.h"
#include <string.h>

static atomic_size_t made;

size_t fgoi_analysis_count(void) { return atomic_load(&made); }

static void retain(void *content) { atomic_fetch_add(&((fgoi_analysis *)content)->references, 1); }

static void release(void *content) { fgoi_analysis_release(content); }

static void free_symbolic(fgoi_symbolic *s)
{
    if (s) fgoi_symbolic_free(s);
    fgoi_free(s);
}

void fgoi_analysis_release(fgoi_analysis *a)
{
    if (!a || atomic_fetch_sub(&a->references, 1) > 1) return;
    fgoi_structure_free(&a->structure);
    free_symbolic(a->symbolic);
    fgoi_room_free(&a->room);
    pthread_mutex_destroy(&a->mutex);
    fgoi_free(a);
}

static fgo_status create(const fgo_graph *g, fgoi_analysis **out)
{
    fgoi_analysis *a = fgoi_alloc(1, sizeof *a);
    if (!a) return fgoi_fail_memory();
    atomic_init(&a->references, 1);
    pthread_mutex_init(&a->mutex, NULL);
    a->revision = g->revision;
    const fgo_status status = fgoi_structure_create(g, 0, &a->structure);
    if (status) {
        fgoi_analysis_release(a);
        return status;
    }
    atomic_fetch_add(&made, 1);
    *out = a;
    return FGO_OK;
}

static int same_gauge(const fgo_graph *g, const fgoi_gauge_result *a, const fgoi_gauge_result *b)
{
    return a->components == b->components && a->free == b->free && a->count == b->count &&
           (!a->count || !memcmp(a->variable, b->variable, a->count * sizeof *a->variable)) &&
           (!g->tangent_size || !memcmp(a->held, b->held, g->tangent_size));
}

fgo_status fgoi_analysis_validate(const fgoi_analysis *a, const fgo_graph *g, int *valid)
{
    fgoi_gauge_result gauge;
    *valid = 0;
    if (!a || a->revision != g->revision) return FGO_OK;
    if ((*valid = a->structure.gauge.settled)) return FGO_OK;
    const fgo_status status = fgoi_gauge(g, &gauge);
    if (status) return status;
    *valid = same_gauge(g, &a->structure.gauge, &gauge);
    fgoi_gauge_free(&gauge);
    return FGO_OK;
}

fgo_status fgoi_analysis_of(const fgo_graph *g, fgoi_analysis **out)
{
    int valid = 0;
    pthread_mutex_lock(&g->cache->mutex); /* other threads wait for the analysis that is being made */
    fgoi_analysis *a = g->cache->content;
    fgo_status status = fgoi_analysis_validate(a, g, &valid);
    if (!status && !valid) {
        fgoi_cache_put(g->cache, NULL, NULL, NULL); /* before the new one takes memory */
        status = create(g, &a);
        if (!status) fgoi_cache_put(g->cache, a, retain, release);
    }
    if (!status) {
        retain(a);
        *out = a;
    }
    pthread_mutex_unlock(&g->cache->mutex);
    return status;
}

fgo_status fgoi_analysis_system(fgoi_analysis *a, const fgoi_problem *problem, const int *dim, fgoi_system *s)
{
    pthread_mutex_lock(&a->mutex);
    fgoi_room room = a->room;
    a->room = (fgoi_room){ 0 };
    pthread_mutex_unlock(&a->mutex);
    const fgo_status status = fgoi_system_create(problem, &a->structure, dim, &room, s);
    fgoi_room_free(&room); /* still here only when out of memory */
    return status;
}

void fgoi_analysis_leave_room(fgoi_analysis *a, fgoi_system *s)
{
    fgoi_room room = fgoi_system_leave_room(s);
    pthread_mutex_lock(&a->mutex);
    const fgoi_room other = a->room;
    a->room = room;
    pthread_mutex_unlock(&a->mutex);
    room = other;
    fgoi_room_free(&room);
}

static fgo_status order(fgoi_analysis *a)
{
    fgoi_symbolic *s = fgoi_alloc(1, sizeof *s);
    if (!s) return fgoi_fail_memory();
    const fgo_status status = fgoi_symbolic_choose(s, &a->structure.pattern);
    if (status)
        free_symbolic(s);
    else
        a->symbolic = s;
    return status;
}

fgo_status fgoi_analysis_order(fgoi_analysis *a, const fgoi_symbolic **out)
{
    pthread_mutex_lock(&a->mutex);
    const fgo_status status = a->symbolic ? FGO_OK : order(a);
    if (!status) *out = a->symbolic;
    pthread_mutex_unlock(&a->mutex);
    return status;
}
