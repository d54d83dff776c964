/* SPDX-License-Identifier: BSD-3-Clause */
/* arrays.c -- many variables or factors per call, and where they lie in memory. */
#include "base/memory.h"
#include "base/refuse.h"
#include "base/sized.h"
#include "graph_private.h"
#include <fgopt/arrays.h>
#include <inttypes.h>
#include <math.h>
#include <string.h>

/* ---- adding ---- */

static void forget_variables(fgo_graph *g, size_t count)
{
    while (g->variable_count > count) {
        const fgoi_variable *last = &g->variable[--g->variable_count];
        fgoi_keymap_remove(&g->keys, last->key);
        g->x_size = last->x;
        g->tangent_size = last->tangent;
    }
}

fgo_status fgo_graph_add_variables(fgo_graph *g, const fgo_manifold *m, size_t count, const int64_t *keys, const double *x)
{
    FGOI_REQUIRE(g);
    FGOI_REQUIRE(m);
    FGOI_REQUIRE_ARRAY(keys, count);
    FGOI_REQUIRE_ARRAY(x, count);
    if (count >= FGOI_NO_VALUE) return fgoi_fail(FGO_ERROR_TOO_LARGE, "more than %u variables", FGOI_NO_VALUE - 1);
    const size_t before = g->variable_count;
    fgo_status status = FGO_OK;
    for (size_t i = 0; i < count && !status; i++) status = fgo_graph_add_variable(g, keys[i], m, x + i * (size_t)m->ambient);
    if (status) forget_variables(g, before);
    return status;
}

static void forget_factors(fgo_graph *g, size_t count)
{
    while (g->factor_count > count) {
        fgoi_group *group = &g->group[g->location[--g->factor_count].group];
        g->projected -= group->projected[--group->count];
    }
}

fgo_status fgo_graph_add_factors(fgo_graph *g, const fgo_factor_class *c, size_t count, const int64_t *keys, const void *z,
                                 fgo_noise noise, size_t noise_stride, fgo_loss loss)
{
    FGOI_REQUIRE(g);
    FGOI_REQUIRE(c);
    FGOI_REQUIRE_ARRAY(keys, count);
    FGOI_REQUIRE_ARRAY(z, count && c->measurement_size);
    if (count >= FGOI_NO_VALUE) return fgoi_fail(FGO_ERROR_TOO_LARGE, "more than %u factors", FGOI_NO_VALUE - 1);
    const unsigned char *measurement = z;
    const size_t before = g->factor_count;
    fgo_status status = FGO_OK;
    for (size_t i = 0; i < count && !status; i++) {
        status = fgo_graph_add_factor(g, c, keys, measurement, noise, loss);
        keys += c->arity;
        if (measurement) measurement += c->measurement_size;
        if (noise.matrix) noise.matrix += noise_stride;
    }
    if (status) forget_factors(g, before);
    return status;
}

/* ---- variables ---- */

const double *fgo_graph_values(const fgo_graph *g, size_t *size)
{
    if (!g) return NULL;
    if (size) *size = g->x_size;
    return g->x;
}

fgo_status fgo_graph_set_values(fgo_graph *g, const double *x)
{
    FGOI_REQUIRE(g);
    FGOI_REQUIRE(x);
    double *y = fgoi_alloc(g->x_size, sizeof *y);
    if (!y) return fgoi_fail_memory();
    if (g->x_size) memcpy(y, x, g->x_size * sizeof *y);
    fgo_status status = FGO_OK;
    for (size_t k = 0; k < g->variable_count && !status; k++) {
        const fgoi_variable *v = &g->variable[k];
        for (int i = 0; i < v->manifold->ambient && !status; i++)
            if (!isfinite(y[v->x + (size_t)i]))
                status = fgoi_fail(FGO_ERROR_ARGUMENT, "variable %" PRId64 ": number %d of its value is not finite", v->key, i);
        if (!status && v->manifold->normalize && v->manifold->normalize(v->manifold, y + v->x))
            status = fgoi_fail(FGO_ERROR_ARGUMENT, "variable %" PRId64 ": its value cannot be normalized to %s", v->key,
                               v->manifold->name);
    }
    if (!status && g->x_size) memcpy(g->x, y, g->x_size * sizeof *y);
    fgoi_free(y);
    return status;
}

void fgo_graph_list_variables(const fgo_graph *g, int64_t *keys, const fgo_manifold **manifolds, size_t *values, size_t *tangents)
{
    for (size_t i = 0; g && i < g->variable_count; i++) {
        if (keys) keys[i] = g->variable[i].key;
        if (manifolds) manifolds[i] = g->variable[i].manifold;
        if (values) values[i] = g->variable[i].x;
        if (tangents) tangents[i] = g->variable[i].tangent;
    }
}

const unsigned char *fgo_graph_held(const fgo_graph *g) { return g ? g->held : NULL; }

/* ---- factors ---- */

size_t fgo_graph_group_count(const fgo_graph *g) { return g ? g->group_count : 0; }

fgo_status fgo_graph_group_sized(const fgo_graph *g, size_t group, fgo_factor_group *out, size_t out_size)
{
    FGOI_REQUIRE(g);
    FGOI_REQUIRE(out);
    FGOI_REQUIRE_SIZE(out_size);
    if (group >= g->group_count)
        return fgoi_fail(FGO_ERROR_ARGUMENT, "there is no group %zu; the graph has %zu", group, g->group_count);
    const fgoi_group *own = &g->group[group];
    const fgo_factor_group group_out = { &own->c, own->count, own->variable, own->number, own->z, own->W, own->loss };
    fgoi_sized_write(out, out_size, &group_out, sizeof group_out);
    return FGO_OK;
}
