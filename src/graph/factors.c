/* SPDX-License-Identifier: BSD-3-Clause */
/* factors.c -- adding factors to a graph, and changing their numbers later. */
#include "base/memory.h"
#include "base/refuse.h"
#include "factor/class.h"
#include "factor/loss.h"
#include "factor/noise.h"
#include "graph_private.h"
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

/* ---- classes and their groups ---- */

/* Finds the group of a class, and makes it if the class is new to the graph. Most factors follow one of their own class, so the
 * search starts at the last group. Two classes of one name with different functions are an error, because names stand for
 * classes. */
static fgo_status find_group(fgo_graph *g, const fgo_factor_class *c, fgoi_group **out)
{
    for (size_t i = g->group_count; i-- > 0;)
        if (fgo_factor_class_same(&g->group[i].c, c)) {
            *out = &g->group[i];
            return FGO_OK;
        }
    for (size_t i = 0; i < g->group_count; i++)
        if (g->group[i].c.evaluate != c->evaluate && !strcmp(g->group[i].c.name, c->name))
            return fgoi_fail(FGO_ERROR_TYPE,
                             "the graph has another factor class %s, with another residual; rename one of the two", c->name);
    if (fgoi_grow(&g->group, &g->group_capacity, g->group_count + 1, sizeof *g->group)) return fgoi_fail_memory();
    size_t length = strlen(c->name) + 1;
    char *name = fgoi_alloc(length, 1);
    if (!name) return fgoi_fail_memory();
    memcpy(name, c->name, length);
    fgoi_group *group = &g->group[g->group_count++];
    memset(group, 0, sizeof *group);
    group->c = *c;
    group->c.name = name;
    *out = group;
    return FGO_OK;
}

static int reserve_factors(fgo_graph *g, fgoi_group *group, size_t more)
{
    const size_t n = group->count + more;
    return fgoi_grow(&g->location, &g->location_capacity, g->factor_count + more, sizeof *g->location) ||
           fgoi_grow(&group->variable, &group->variable_capacity, n * (size_t)group->c.arity, sizeof *group->variable) ||
           fgoi_grow(&group->z, &group->z_capacity, n * group->c.measurement_size, 1) ||
           fgoi_grow(&group->W, &group->W_capacity, n * fgoi_packed(group->c.rows), sizeof *group->W) ||
           (group->loss && fgoi_grow(&group->loss, &group->loss_capacity, n, sizeof *group->loss)) ||
           fgoi_grow(&group->number, &group->number_capacity, n, sizeof *group->number) ||
           fgoi_grow(&group->projected, &group->projected_capacity, n, 1);
}

/* ---- adding ---- */

/* Checks the keys against the class and writes their variable numbers. */
static fgo_status find_variables(const fgo_graph *g, const fgo_factor_class *c, const int64_t *keys, uint32_t *variable)
{
    for (int k = 0; k < c->arity; k++) {
        variable[k] = fgoi_keymap_find(&g->keys, keys[k]);
        if (variable[k] == FGOI_NO_VALUE)
            return fgoi_fail_key(FGO_CAUSE_UNKNOWN_KEY, keys[k], "%s factor: there is no variable %" PRId64, c->name, keys[k]);
        for (int l = 0; l < k; l++)
            if (variable[l] == variable[k])
                return fgoi_fail_key(FGO_CAUSE_SELF_LOOP, keys[k], "%s factor: variable %" PRId64 " stands in it twice", c->name,
                                     keys[k]);
        const fgo_manifold *m = g->variable[variable[k]].manifold;
        const fgo_factor_variable *want = &c->variable[k];
        if (m->tangent != want->tangent || (want->manifold && strcmp(m->name, want->manifold) != 0))
            return fgoi_fail_as(
                &(fgo_error){ .status = FGO_ERROR_TYPE, .cause = FGO_CAUSE_MANIFOLD, .keys = 1, .key = { keys[k] } },
                "%s factor: variable %" PRId64 " is %s (tangent dimension %d), it wants %s (%d)", c->name, keys[k], m->name,
                m->tangent, want->manifold ? want->manifold : "any", want->tangent);
    }
    return FGO_OK;
}

/* Prefixes the message of a failure with the factor that failed, and adds the factor's keys to the error's data. */
static fgo_status explain_factor(fgo_status status, const char *name, const int64_t *keys, int arity)
{
    char where[160];
    int used = snprintf(where, sizeof where, "%.40s factor", name);
    for (int k = 0; k < arity && used < (int)sizeof where - 24; k++)
        used += snprintf(where + used, sizeof where - (size_t)used, " %" PRId64, keys[k]);
    fgo_error data = *fgoi_last_error();
    data.status = status;
    for (int k = 0; k < arity && k < 2 && !data.keys; k++) data.key[k] = keys[k];
    if (!data.keys) data.keys = arity < 2 ? arity : 2;
    return fgoi_fail_as(&data, "%s: %.340s", where, fgo_last_message());
}

/* Appends a factor on these variables to its group. `noise` NULL: the noise of the factor before it there. */
static fgo_status append(fgo_graph *g, fgoi_group *group, const int64_t *keys, const uint32_t *variable, const void *z,
                         const fgo_noise *noise, fgo_loss loss)
{
    const fgo_factor_class *c = &group->c;
    const size_t f = group->count, packed = fgoi_packed(c->rows);
    int projected;
    if (g->factor_count >= FGOI_NO_VALUE - 1) return fgoi_fail(FGO_ERROR_TOO_LARGE, "more than %u factors", FGOI_NO_VALUE - 1);
    if (reserve_factors(g, group, 1) || fgoi_group_reserve_loss(group, &loss)) return fgoi_fail_memory();
    if (noise) {
        fgo_status status = fgoi_whitening(noise, c->rows, group->W + f * packed, &projected);
        if (status) return explain_factor(status, c->name, keys, c->arity);
    } else {
        memcpy(group->W + f * packed, group->W + (f - 1) * packed, packed * sizeof *group->W);
        projected = group->projected[f - 1];
    }
    memcpy(group->variable + f * (size_t)c->arity, variable, (size_t)c->arity * sizeof *variable);
    if (z && c->measurement_size) memcpy(group->z + f * c->measurement_size, z, c->measurement_size);
    if (group->loss) group->loss[f] = loss;
    group->number[f] = (uint32_t)g->factor_count;
    group->projected[f] = (unsigned char)projected;
    group->count++;
    g->location[g->factor_count++] = (fgoi_factor_location){ (uint32_t)(group - g->group), (uint32_t)f };
    g->projected += (size_t)projected;
    g->revision++;
    return FGO_OK;
}

fgo_status fgo_graph_add_factor(fgo_graph *g, const fgo_factor_class *c, const int64_t *keys, const void *z, fgo_noise noise,
                                fgo_loss loss)
{
    uint32_t variable[FGO_MAX_ARITY];
    FGOI_REQUIRE(g);
    FGOI_REQUIRE(c);
    FGOI_REQUIRE(keys);
    FGOI_REQUIRE_ARRAY(z, c->measurement_size);
    fgo_status status = fgoi_check_class(c);
    if (status || (status = find_variables(g, c, keys, variable)) || (status = fgoi_loss_check(&loss))) return status;
    fgoi_group *group;
    status = find_group(g, c, &group);
    return status ? status : append(g, group, keys, variable, z, &noise, loss);
}

fgo_status fgoi_graph_group(fgo_graph *g, const fgo_factor_class *c, size_t count, uint32_t *out)
{
    fgo_status status = fgoi_check_class(c);
    if (status) return status;
    fgoi_group *group;
    if ((status = find_group(g, c, &group))) return status;
    if (reserve_factors(g, group, count > group->count ? count - group->count : 0)) return fgoi_fail_memory();
    *out = (uint32_t)(group - g->group);
    return FGO_OK;
}

fgo_status fgoi_graph_append_factor(fgo_graph *g, uint32_t group, const int64_t *keys, const void *z, const fgo_noise *noise)
{
    uint32_t variable[FGO_MAX_ARITY];
    fgo_status status = find_variables(g, &g->group[group].c, keys, variable);
    return status ? status : append(g, &g->group[group], keys, variable, z, noise, fgo_loss_none());
}

/* ---- reading and changing ---- */

fgoi_group *fgoi_graph_locate(const fgo_graph *g, size_t factor, size_t *index)
{
    if (!g || !fgoi_has_factor(g, factor)) return NULL;
    *index = g->location[factor].index;
    return &g->group[g->location[factor].group];
}

fgo_status fgoi_no_factor(const fgo_graph *g, size_t factor)
{
    if (factor < g->factor_count) return fgoi_fail(FGO_ERROR_ARGUMENT, "factor %zu has been removed", factor);
    return fgoi_fail(FGO_ERROR_ARGUMENT, "there is no factor %zu; the graph has %zu", factor, g->factor_count);
}

size_t fgo_graph_factor_count(const fgo_graph *g) { return g ? g->factor_count - g->removed_count : 0; }
size_t fgo_graph_factor_end(const fgo_graph *g) { return g ? g->factor_count : 0; }
size_t fgo_graph_projected_count(const fgo_graph *g) { return g ? g->projected : 0; }

const fgo_factor_class *fgo_graph_factor_class(const fgo_graph *g, size_t factor)
{
    size_t f;
    const fgoi_group *group = fgoi_graph_locate(g, factor, &f);
    return group ? &group->c : NULL;
}

fgo_status fgo_graph_factor_keys(const fgo_graph *g, size_t factor, int64_t *keys)
{
    size_t f;
    FGOI_REQUIRE(g);
    FGOI_REQUIRE(keys);
    const fgoi_group *group = fgoi_graph_locate(g, factor, &f);
    if (!group) return fgoi_no_factor(g, factor);
    for (int k = 0; k < group->c.arity; k++) keys[k] = g->variable[group->variable[f * (size_t)group->c.arity + (size_t)k]].key;
    return FGO_OK;
}

const void *fgo_graph_factor_measurement(const fgo_graph *g, size_t factor)
{
    size_t f;
    const fgoi_group *group = fgoi_graph_locate(g, factor, &f);
    return group ? fgoi_measurement(group, f) : NULL;
}

fgo_status fgo_graph_factor_information(const fgo_graph *g, size_t factor, double *Omega)
{
    size_t f;
    FGOI_REQUIRE(g);
    FGOI_REQUIRE(Omega);
    const fgoi_group *group = fgoi_graph_locate(g, factor, &f);
    if (!group) return fgoi_no_factor(g, factor);
    const int n = group->c.rows;
    fgoi_packed_gram(n, group->W + f * fgoi_packed(n), Omega);
    return FGO_OK;
}

fgo_status fgo_graph_set_measurement(fgo_graph *g, size_t factor, const void *z)
{
    size_t f;
    FGOI_REQUIRE(g);
    fgoi_group *group = fgoi_graph_locate(g, factor, &f);
    if (!group) return fgoi_no_factor(g, factor);
    FGOI_REQUIRE_ARRAY(z, group->c.measurement_size);
    if (group->c.measurement_size) memcpy(group->z + f * group->c.measurement_size, z, group->c.measurement_size);
    return FGO_OK;
}

fgo_status fgo_graph_set_noise(fgo_graph *g, size_t factor, fgo_noise noise)
{
    size_t f;
    int projected;
    double small[36], *W;
    FGOI_REQUIRE(g);
    fgoi_group *group = fgoi_graph_locate(g, factor, &f);
    if (!group) return fgoi_no_factor(g, factor);
    const size_t size = fgoi_packed(group->c.rows);
    if (!(W = size <= 36 ? small : fgoi_alloc(size, sizeof *W))) return fgoi_fail_memory();
    fgo_status status = fgoi_whitening(&noise, group->c.rows, W, &projected);
    if (!status) {
        memcpy(group->W + f * size, W, size * sizeof *W);
        g->projected = g->projected + (size_t)projected - group->projected[f];
        group->projected[f] = (unsigned char)projected;
    }
    if (W != small) fgoi_free(W);
    return status;
}
