/* SPDX-License-Identifier: BSD-3-Clause */
/* joint.c -- directions in which several variables move together and that no factor constrains: the null space of H, divided into
 * the groups of neighbouring variables that it moves. Directions of single variables are found in structure.c and left out here
 * (exam.open): a joint direction from which they are subtracted does not move these variables. */
#include "analysis/analysis.h"
#include "base/memory.h"
#include "base/sort.h"
#include "base/union_find.h"
#include "findings.h"
#include "null_space.h"
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const double MOVES = 1e-6; /* of a unit vector; rounding is 1e-8 */
static const double SHARE = 0.01; /* of a direction: less is rounding */

typedef struct motion {
    fgoi_exam *e;
    const fgoi_system *s;
    const fgoi_null_space *z;
    unsigned char *moved; /* per variable: 1 if the null space moves it */
    uint32_t *root;       /* per variable: its group (base/union_find.h) */
} motion;

static double row_norm(const motion *m, size_t i)
{
    double sum = 0.0;
    for (int k = 0; k < m->z->count; k++) {
        const double z = m->z->basis[i * (size_t)m->z->count + (size_t)k];
        sum += z * z;
    }
    return sqrt(sum);
}

/* Returns the row in the pattern of variable v's first tangent dimension. */
static size_t first_row(const motion *m, uint32_t v) { return m->s->pattern.offset[m->s->column[v]]; }

/* Joins the moved variables that a factor connects. */
static void group_variables(const motion *m)
{
    const fgo_graph *g = m->e->g;
    for (uint32_t v = 0; v < g->variable_count; v++) {
        m->root[v] = v;
        if (m->s->column[v] < 0) continue;
        for (int d = 0; d < g->variable[v].manifold->tangent; d++)
            m->moved[v] |= row_norm(m, first_row(m, v) + (size_t)d) > MOVES;
    }
    for (size_t i = 0; i < g->group_count; i++) {
        const fgoi_group *group = &g->group[i];
        const size_t arity = (size_t)group->c.arity;
        for (size_t f = 0; f < group->count; f++)
            for (size_t a = 0; a < arity; a++)
                for (size_t b = a + 1; b < arity; b++) {
                    const uint32_t v = group->variable[f * arity + a], w = group->variable[f * arity + b];
                    if (m->moved[v] && m->moved[w]) fgoi_union_join(m->root, v, w);
                }
    }
}

/* A group that is being collected. */
typedef struct moving {
    fgo_finding_variable *row;
    size_t count, capacity;
    double dimension; /* trace of the projector on the null space, restricted to the group */
} moving;

static fgo_status collect(const motion *m, uint32_t v, moving *p)
{
    const fgoi_variable *variable = &m->e->g->variable[v];
    if (fgoi_grow(&p->row, &p->capacity, p->count + 1, sizeof *p->row)) return fgoi_fail_memory();
    fgo_finding_variable *row = &p->row[p->count++];
    *row = (fgo_finding_variable){ variable->key, 0 };
    for (int d = 0; d < variable->manifold->tangent; d++) {
        const double norm = row_norm(m, first_row(m, v) + (size_t)d);
        p->dimension += norm * norm;
        if (norm > MOVES && d < 64) row->dofs |= UINT64_C(1) << d;
    }
    return FGO_OK;
}

static int by_key(const void *a, const void *b)
{
    return fgoi_compare_int64(((const fgo_finding_variable *)a)->key, ((const fgo_finding_variable *)b)->key);
}

static const fgo_manifold *manifold_of(const motion *m, int64_t key)
{
    return m->e->g->variable[fgoi_keymap_find(&m->e->g->keys, key)].manifold;
}

/* Writes what moves, "x, y of 5; x, y of 6; ...", as much as fits. */
static void describe(const motion *m, const moving *p, char *text, size_t size)
{
    size_t used = 0;
    for (size_t i = 0; i < p->count; i++) {
        char one[160];
        size_t n = 0;
        fgoi_name_dofs(manifold_of(m, p->row[i].key), p->row[i].dofs, one, sizeof one - 32);
        n = strlen(one);
        n += (size_t)snprintf(one + n, sizeof one - n, " of %" PRId64, p->row[i].key);
        if (used + n + 24 > size) {
            snprintf(text + used, size - used, "; %zu more", p->count - i);
            return;
        }
        used += (size_t)snprintf(text + used, size - used, "%s%s", i ? "; " : "", one);
    }
}

static fgo_status report(const motion *m, moving *p)
{
    fgoi_exam *e = m->e;
    char what[140];
    const size_t ways = (size_t)ceil(p->dimension - SHARE);
    const int all = m->z->count < FGOI_NULL_MOST; /* else there may be more directions than were searched for */
    qsort(p->row, p->count, sizeof *p->row, by_key);
    describe(m, p, what, sizeof what);
    const fgo_finding f = { .kind = FGO_FINDING_JOINT,
                            .severity = FGO_SEVERITY_ERROR,
                            .line = e->variable_line[fgoi_keymap_find(&e->g->keys, p->row[0].key)],
                            .statistic = (double)ways,
                            .what = FGO_STATISTIC_DIRECTIONS,
                            .remedy = { FGO_REMEDY_TIE, 0 },
                            .variable = p->row,
                            .variables = p->count };
    return fgoi_find(e, &f, "%zu variable%s can move together in %s%zu way%s that no edge measures: %s", p->count,
                     p->count == 1 ? "" : "s", all ? "" : "at least ", ways, ways == 1 ? "" : "s", what);
}

static fgo_status report_groups(const motion *m)
{
    const size_t n = m->e->g->variable_count;
    fgo_status status = FGO_OK;
    /* groups in the order of their first variables; the other members of a group follow in a list */
    uint32_t *next = fgoi_alloc(n, sizeof *next), *last = fgoi_alloc(n, sizeof *last);
    if (!next || !last) status = fgoi_fail_memory();
    for (uint32_t v = 0; v < n && !status; v++) {
        if (!m->moved[v]) continue;
        const uint32_t head = fgoi_union_root(m->root, v);
        next[v] = UINT32_MAX;
        if (head != v) next[last[head]] = v;
        last[head] = v;
    }
    for (uint32_t v = 0; v < n && !status; v++) {
        if (!m->moved[v] || fgoi_union_root(m->root, v) != v) continue;
        moving p = { NULL, 0, 0, 0.0 };
        for (uint32_t w = v; w != UINT32_MAX && !status; w = next[w]) status = collect(m, w, &p);
        if (!status && p.dimension > SHARE) status = report(m, &p); /* else it is rounding */
        fgoi_free(p.row);
    }
    fgoi_free(next);
    fgoi_free(last);
    return status;
}

static fgo_status examine(fgoi_exam *e, fgoi_system *s, const struct fgoi_symbolic *symbolic)
{
    fgoi_null_space z = { 0, NULL };
    motion m = { e, s, &z, NULL, NULL };
    unsigned char *open = fgoi_alloc(s->pattern.offset[s->pattern.n], sizeof *open);
    m.moved = fgoi_alloc(e->g->variable_count, sizeof *m.moved);
    m.root = fgoi_alloc(e->g->variable_count, sizeof *m.root);
    fgo_status status = open && m.moved && m.root ? FGO_OK : fgoi_fail_memory();
    for (int j = 0; j < s->pattern.n && !status; j++)
        memcpy(open + s->pattern.offset[j], e->open + e->g->variable[s->variable[j]].tangent, (size_t)s->pattern.dim[j]);
    if (!status) status = fgoi_find_null_space(s, symbolic, open, &z);
    if (!status && z.count) {
        group_variables(&m);
        status = report_groups(&m);
    }
    fgoi_free(z.basis);
    fgoi_free(open);
    fgoi_free(m.moved);
    fgoi_free(m.root);
    return status;
}

fgo_status fgoi_examine_joint(fgoi_exam *e)
{
    const fgo_loss none = fgo_loss_none(); /* an edge measures even if its loss gives it the weight zero */
    const fgoi_problem problem = { .g = e->g, .loss = &none };
    fgoi_system s = { 0 };
    fgoi_analysis *analysis = NULL;
    const struct fgoi_symbolic *symbolic = NULL;
    if (!fgo_graph_factor_count(e->g)) return FGO_OK;
    fgo_status status = fgoi_analysis_of(e->g, &analysis);
    if (!status && analysis->structure.pattern.n > 0) {
        status = fgoi_analysis_order(analysis, &symbolic);
        if (!status) status = fgoi_analysis_system(analysis, &problem, NULL, &s);
        if (!status) status = examine(e, &s, symbolic);
    }
    fgoi_system_free(&s);
    fgoi_analysis_release(analysis);
    return status;
}
