/* SPDX-License-Identifier: BSD-3-Clause */
/* graph.c -- creates graphs, adds variables, and holds them. */
#include "base/memory.h"
#include "base/refuse.h"
#include "graph_private.h"
#include "manifold/traits.h"
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

fgo_status fgo_graph_create(fgo_graph **out)
{
    FGOI_REQUIRE(out);
    fgo_graph *g = fgoi_alloc(1, sizeof *g);
    if (!g || !(g->cache = fgoi_cache_create())) {
        fgoi_free(g);
        return fgoi_fail_memory();
    }
    *out = g;
    return FGO_OK;
}

static void free_group(fgoi_group *group)
{
    fgoi_free((void *)(uintptr_t)group->c.name); /* const in the class, but owned by the group */
    fgoi_free(group->variable);
    fgoi_free(group->z);
    fgoi_free(group->W);
    fgoi_free(group->loss);
    fgoi_free(group->number);
    fgoi_free(group->projected);
}

void fgo_graph_free(fgo_graph *g)
{
    if (!g) return;
    if (g->document_free) g->document_free(g->document);
    fgoi_cache_free(g->cache);
    for (size_t i = 0; i < g->group_count; i++) free_group(&g->group[i]);
    for (size_t i = 0; i < g->manifold_count; i++) fgoi_free(g->manifold[i]);
    fgoi_keymap_free(&g->keys);
    fgoi_free(g->group);
    fgoi_free(g->manifold);
    fgoi_free(g->variable);
    fgoi_free(g->x);
    fgoi_free(g->held);
    fgoi_free(g->time);
    fgoi_free(g->location);
    fgoi_free(g->variable_line);
    fgoi_free(g->factor_line);
    fgoi_free(g->file_variable.to);
    fgoi_free(g->file_factor.to);
    fgoi_free(g);
}

/* ---- variables ---- */

/* Returns the graph's own copy of m, shared by all variables of that manifold; NULL when out of memory. */
static const fgo_manifold *own_manifold(fgo_graph *g, const fgo_manifold *m)
{
    for (size_t i = g->manifold_count; i-- > 0;)
        if (fgoi_same_manifold(g->manifold[i], m)) return g->manifold[i];
    if (fgoi_grow(&g->manifold, &g->manifold_capacity, g->manifold_count + 1, sizeof *g->manifold)) return NULL;
    fgo_manifold *copy = fgoi_alloc(1, sizeof *copy);
    if (!copy) return NULL;
    *copy = *m;
    copy->name[FGO_NAME_SIZE - 1] = '\0';
    g->manifold[g->manifold_count++] = copy;
    return copy;
}

/* Checks that m may be added to the graph: factor classes ask for a manifold by name, so each name must stand for one. */
static fgo_status check_manifold(const fgo_graph *g, const fgo_manifold *m)
{
    const fgo_status status = fgoi_check_manifold_fields(m);
    if (status) return status;
    for (size_t i = g->manifold_count; i-- > 0;) {
        const fgo_manifold *o = g->manifold[i];
        if (strncmp(o->name, m->name, FGO_NAME_SIZE - 1) != 0) continue;
        if (fgoi_same_manifold(o, m)) return FGO_OK;
        return fgoi_fail(
            FGO_ERROR_TYPE,
            "manifold %s (%d numbers, tangent dimension %d): the graph has another of this name (%d, %d), or with other "
            "functions",
            o->name, m->ambient, m->tangent, o->ambient, o->tangent);
    }
    return fgoi_check_traits(m);
}

/* "number 3 (heading, rad)": as the traits call it. */
static const char *name_number(const fgo_manifold *m, int i, char out[64])
{
    const char *const *name = m->traits ? m->traits->number : NULL, *const *unit = m->traits ? m->traits->number_unit : NULL;
    const int measured = unit && unit[i][0];
    if (name)
        snprintf(out, 64, "number %d (%.24s%s%.16s)", i, name[i], measured ? ", " : "", measured ? unit[i] : "");
    else
        snprintf(out, 64, "number %d", i);
    return out;
}

fgo_status fgoi_graph_import_value(int64_t key, const fgo_manifold *m, const double *x, double *to)
{
    char number[64];
    for (int i = 0; i < m->ambient; i++)
        if (!isfinite(x[i]))
            return fgoi_fail(FGO_ERROR_ARGUMENT, "variable %" PRId64 ": %s of its value is not finite", key,
                             name_number(m, i, number));
    memcpy(to, x, (size_t)m->ambient * sizeof *x);
    if (m->normalize && m->normalize(m, to))
        return fgoi_fail(FGO_ERROR_ARGUMENT, "variable %" PRId64 ": its value cannot be normalized to %s", key, m->name);
    return FGO_OK;
}

int fgoi_graph_reserve_variables(fgo_graph *g, size_t count, size_t numbers, size_t tangent)
{
    return fgoi_grow(&g->variable, &g->variable_capacity, g->variable_count + count, sizeof *g->variable) ||
           fgoi_grow(&g->x, &g->x_capacity, g->x_size + numbers, sizeof *g->x) ||
           fgoi_grow(&g->held, &g->held_capacity, g->tangent_size + tangent, sizeof *g->held);
}

fgo_status fgo_graph_add_variable(fgo_graph *g, int64_t key, const fgo_manifold *m, const double *x)
{
    FGOI_REQUIRE(g);
    FGOI_REQUIRE(m);
    FGOI_REQUIRE(x);
    fgo_status status = check_manifold(g, m);
    if (status) return status;
    if (fgoi_keymap_find(&g->keys, key) != FGOI_NO_VALUE)
        return fgoi_fail_key(FGO_CAUSE_DUPLICATE_KEY, key, "variable %" PRId64 " exists already", key);
    if (g->variable_count >= FGOI_NO_VALUE - 1)
        return fgoi_fail(FGO_ERROR_TOO_LARGE, "more than %u variables", FGOI_NO_VALUE - 1);
    double value[FGO_MAX_DIMENSION]; /* a copy: x may point into the graph, whose arrays may move below */
    if ((status = fgoi_graph_import_value(key, m, x, value))) return status;
    /* memory for all arrays first, so that adding cannot fail halfway */
    if (fgoi_graph_reserve_variables(g, 1, (size_t)m->ambient, (size_t)m->tangent)) return fgoi_fail_memory();
    const fgo_manifold *own = own_manifold(g, m);
    if (!own) return fgoi_fail_memory();
    if (fgoi_keymap_add(&g->keys, key, (uint32_t)g->variable_count)) return fgoi_fail_memory();
    g->variable[g->variable_count++] = (fgoi_variable){ key, own, g->x_size, g->tangent_size };
    memcpy(g->x + g->x_size, value, (size_t)own->ambient * sizeof *value);
    memset(g->held + g->tangent_size, 0, (size_t)own->tangent);
    g->x_size += (size_t)own->ambient;
    g->tangent_size += (size_t)own->tangent;
    g->revision++;
    return FGO_OK;
}

fgo_status fgo_graph_add_rn(fgo_graph *g, int64_t key, int n, const double *x)
{
    fgo_manifold m;
    FGOI_REQUIRE(g);
    FGOI_REQUIRE(x);
    if (fgo_manifold_rn(n, &m)) return fgoi_fail(FGO_ERROR_ARGUMENT, "R^%d: dimension not in 1 .. %d", n, FGO_MAX_DIMENSION);
    return fgo_graph_add_variable(g, key, &m, x);
}

fgo_status fgo_graph_add_so2(fgo_graph *g, int64_t key, double angle)
{
    FGOI_REQUIRE(g);
    return fgo_graph_add_variable(g, key, &fgo_manifold_so2, (double[]){ cos(angle), sin(angle) });
}

fgo_status fgo_graph_add_se2(fgo_graph *g, int64_t key, double x, double y, double angle)
{
    FGOI_REQUIRE(g);
    return fgo_graph_add_variable(g, key, &fgo_manifold_se2, (double[]){ x, y, cos(angle), sin(angle) });
}

fgo_status fgo_graph_add_so3(fgo_graph *g, int64_t key, const double quaternion[4])
{
    FGOI_REQUIRE(g);
    FGOI_REQUIRE(quaternion);
    return fgo_graph_add_variable(g, key, &fgo_manifold_so3, quaternion);
}

fgo_status fgo_graph_add_se3(fgo_graph *g, int64_t key, const double t[3], const double quaternion[4])
{
    FGOI_REQUIRE(g);
    FGOI_REQUIRE(t);
    FGOI_REQUIRE(quaternion);
    const double x[7] = { t[0], t[1], t[2], quaternion[0], quaternion[1], quaternion[2], quaternion[3] };
    return fgo_graph_add_variable(g, key, &fgo_manifold_se3, x);
}

size_t fgo_graph_variable_count(const fgo_graph *g) { return g ? g->variable_count : 0; }
size_t fgo_graph_tangent_dimension(const fgo_graph *g) { return g ? g->tangent_size : 0; }

fgo_status fgo_graph_find(const fgo_graph *g, int64_t key, size_t *index)
{
    FGOI_REQUIRE(g);
    uint32_t v = fgoi_keymap_find(&g->keys, key);
    if (v == FGOI_NO_VALUE) return fgoi_fail_key(FGO_CAUSE_UNKNOWN_KEY, key, "there is no variable %" PRId64, key);
    if (index) *index = v;
    return FGO_OK;
}

static int has_variable(const fgo_graph *g, size_t index) { return g && index < g->variable_count; }

int64_t fgo_graph_variable_key(const fgo_graph *g, size_t index) { return has_variable(g, index) ? g->variable[index].key : 0; }

const fgo_manifold *fgo_graph_variable_manifold(const fgo_graph *g, size_t index)
{
    return has_variable(g, index) ? g->variable[index].manifold : NULL;
}

size_t fgo_graph_variable_tangent_offset(const fgo_graph *g, size_t index)
{
    return has_variable(g, index) ? g->variable[index].tangent : 0;
}

const double *fgo_graph_variable_value(const fgo_graph *g, size_t index)
{
    return has_variable(g, index) ? g->x + g->variable[index].x : NULL;
}

fgo_status fgo_graph_get_value(const fgo_graph *g, int64_t key, double *x)
{
    size_t v = 0;
    FGOI_REQUIRE(g);
    FGOI_REQUIRE(x);
    fgo_status status = fgo_graph_find(g, key, &v);
    if (!status) memcpy(x, g->x + g->variable[v].x, (size_t)g->variable[v].manifold->ambient * sizeof *x);
    return status;
}

fgo_status fgo_graph_set_value(fgo_graph *g, int64_t key, const double *x)
{
    size_t v = 0;
    double value[FGO_MAX_DIMENSION];
    FGOI_REQUIRE(g);
    FGOI_REQUIRE(x);
    fgo_status status = fgo_graph_find(g, key, &v);
    if (status || (status = fgoi_graph_import_value(key, g->variable[v].manifold, x, value))) return status;
    memcpy(g->x + g->variable[v].x, value, (size_t)g->variable[v].manifold->ambient * sizeof *value);
    return FGO_OK;
}

/* ---- what is held ---- */

/* Sets the held flag of one degree of freedom of a variable, or of all if dof is NULL. */
static fgo_status set_held(fgo_graph *g, int64_t key, const int *dof, unsigned char held)
{
    size_t v = 0;
    fgo_status status = fgo_graph_find(g, key, &v);
    if (status) return status;
    const int n = g->variable[v].manifold->tangent;
    if (dof && (*dof < 0 || *dof >= n))
        return fgoi_fail(FGO_ERROR_ARGUMENT, "variable %" PRId64 " has degrees of freedom 0 .. %d, not %d", key, n - 1, *dof);
    unsigned char *flag = g->held + g->variable[v].tangent;
    for (int d = dof ? *dof : 0; d < (dof ? *dof + 1 : n); d++)
        if (flag[d] != held) {
            flag[d] = held;
            g->revision++;
        }
    return FGO_OK;
}

fgo_status fgo_graph_hold(fgo_graph *g, int64_t key)
{
    FGOI_REQUIRE(g);
    return set_held(g, key, NULL, 1);
}

fgo_status fgo_graph_release(fgo_graph *g, int64_t key)
{
    FGOI_REQUIRE(g);
    return set_held(g, key, NULL, 0);
}

fgo_status fgo_graph_hold_dof(fgo_graph *g, int64_t key, int dof)
{
    FGOI_REQUIRE(g);
    return set_held(g, key, &dof, 1);
}

fgo_status fgo_graph_release_dof(fgo_graph *g, int64_t key, int dof)
{
    FGOI_REQUIRE(g);
    return set_held(g, key, &dof, 0);
}

int fgo_graph_variable_held(const fgo_graph *g, size_t index)
{
    if (!has_variable(g, index)) return 0;
    const fgoi_variable *v = &g->variable[index];
    int count = 0;
    for (int d = 0; d < v->manifold->tangent; d++) count += g->held[v->tangent + (size_t)d];
    return count;
}
