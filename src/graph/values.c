/* SPDX-License-Identifier: BSD-3-Clause */
/* values.c -- sets of values other than a graph's current ones. */
#include "base/memory.h"
#include "base/refuse.h"
#include "graph_private.h"
#include <fgopt/values.h>
#include <inttypes.h>
#include <math.h>
#include <string.h>

struct fgo_values {
    double *x;
    size_t size, capacity; /* capacity is exchanged with x when arrays are swapped */
    uint64_t layout;       /* layout_of the graphs that the values fit */
};

/* Mixes the bits of h so that each affects every other: the finalizer of MurmurHash3 (A. Appleby, public domain). */
static uint64_t mix(uint64_t h)
{
    h ^= h >> 33;
    h *= 0xff51afd7ed558ccdULL;
    h ^= h >> 33;
    h *= 0xc4ceb9fe1a85ec53ULL;
    return h ^ h >> 33;
}

/* Returns a fingerprint of the variables: of their keys and manifolds in their order. Two graphs of one fingerprint have the same
 * variables, except with probability 2^-64; a counter would be state that all graphs share. */
static uint64_t layout_of(const fgo_graph *g)
{
    uint64_t h = 0;
    for (size_t i = 0; i < g->variable_count; i++) {
        const fgoi_variable *v = &g->variable[i];
        h = mix(h ^ (uint64_t)v->key) + (uint64_t)v->manifold->ambient;
        for (const char *c = v->manifold->name; *c; c++) h = h * 31 + (unsigned char)*c;
    }
    return mix(h);
}

static fgo_status check_fit(const fgo_values *v, const fgo_graph *g, const char *function)
{
    if (fgo_values_fit(v, g)) return FGO_OK;
    return fgoi_fail(FGO_ERROR_ARGUMENT, "%s: the values are of other variables than the graph's", function);
}

static fgo_status create(const double *x, size_t size, uint64_t layout, fgo_values **out)
{
    fgo_values *v = fgoi_alloc(1, sizeof *v);
    if (!v || !(v->x = fgoi_alloc(size, sizeof *v->x))) {
        fgoi_free(v);
        return fgoi_fail_memory();
    }
    if (size) memcpy(v->x, x, size * sizeof *x);
    v->size = v->capacity = size;
    v->layout = layout;
    *out = v;
    return FGO_OK;
}

fgo_status fgo_values_create(const fgo_graph *g, fgo_values **out)
{
    FGOI_REQUIRE(g);
    FGOI_REQUIRE(out);
    return create(g->x, g->x_size, layout_of(g), out);
}

fgo_status fgo_values_copy(const fgo_values *v, fgo_values **out)
{
    FGOI_REQUIRE(v);
    FGOI_REQUIRE(out);
    return create(v->x, v->size, v->layout, out);
}

void fgo_values_free(fgo_values *v)
{
    if (!v) return;
    fgoi_free(v->x);
    fgoi_free(v);
}

int fgo_values_fit(const fgo_values *v, const fgo_graph *g)
{
    return v && g && v->size == g->x_size && v->layout == layout_of(g);
}

fgo_status fgo_graph_swap_values(fgo_graph *g, fgo_values *v)
{
    FGOI_REQUIRE(g);
    FGOI_REQUIRE(v);
    fgo_status status = check_fit(v, g, "fgo_graph_swap_values");
    if (status) return status;
    double *x = g->x;
    const size_t capacity = g->x_capacity;
    g->x = v->x;
    g->x_capacity = v->capacity;
    v->x = x;
    v->capacity = capacity;
    return FGO_OK;
}

fgo_status fgo_graph_load_values(fgo_graph *g, const fgo_values *v)
{
    FGOI_REQUIRE(g);
    FGOI_REQUIRE(v);
    fgo_status status = check_fit(v, g, "fgo_graph_load_values");
    if (!status && v->size) memcpy(g->x, v->x, v->size * sizeof *v->x);
    return status;
}

fgo_status fgo_values_store(fgo_values *v, const fgo_graph *g)
{
    FGOI_REQUIRE(g);
    FGOI_REQUIRE(v);
    fgo_status status = check_fit(v, g, "fgo_values_store");
    if (!status && v->size) memcpy(v->x, g->x, v->size * sizeof *v->x);
    return status;
}

fgo_status fgo_values_get(const fgo_values *v, const fgo_graph *g, int64_t key, double *x)
{
    size_t index = 0;
    FGOI_REQUIRE(g);
    FGOI_REQUIRE(v);
    FGOI_REQUIRE(x);
    fgo_status status = check_fit(v, g, "fgo_values_get");
    if (status || (status = fgo_graph_find(g, key, &index))) return status;
    memcpy(x, v->x + g->variable[index].x, (size_t)g->variable[index].manifold->ambient * sizeof *x);
    return FGO_OK;
}

fgo_status fgo_values_set(fgo_values *v, const fgo_graph *g, int64_t key, const double *x)
{
    size_t index = 0;
    FGOI_REQUIRE(g);
    FGOI_REQUIRE(v);
    FGOI_REQUIRE(x);
    fgo_status status = check_fit(v, g, "fgo_values_set");
    if (status || (status = fgo_graph_find(g, key, &index))) return status;
    double value[FGO_MAX_DIMENSION];
    const fgoi_variable *variable = &g->variable[index];
    if ((status = fgoi_graph_import_value(key, variable->manifold, x, value))) return status;
    memcpy(v->x + variable->x, value, (size_t)variable->manifold->ambient * sizeof *value);
    return FGO_OK;
}

const double *fgoi_values_numbers(const fgo_values *v) { return v->x; }

double *fgo_values_data(fgo_values *v, size_t *size)
{
    if (!v) return NULL;
    if (size) *size = v->size;
    return v->x;
}

fgo_status fgo_values_distance(const fgo_graph *g, const fgo_values *a, const fgo_values *b, double *largest, int64_t *key)
{
    FGOI_REQUIRE(g);
    FGOI_REQUIRE(a);
    fgo_status status = check_fit(a, g, "fgo_values_distance");
    if (!status && b) status = check_fit(b, g, "fgo_values_distance");
    if (status) return status;
    double most = 0, delta[FGO_MAX_DIMENSION];
    int64_t of = 0;
    const double *from = b ? b->x : g->x;
    for (size_t k = 0; k < g->variable_count; k++) {
        const fgoi_variable *v = &g->variable[k];
        double square = 0;
        v->manifold->local(v->manifold, from + v->x, a->x + v->x, delta);
        for (int i = 0; i < v->manifold->tangent; i++) square += delta[i] * delta[i];
        if (k && !(sqrt(square) > most)) continue;
        most = sqrt(square);
        of = v->key;
    }
    if (largest) *largest = most;
    if (key && g->variable_count) *key = of;
    return FGO_OK;
}
