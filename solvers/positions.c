/* SPDX-License-Identifier: BSD-3-Clause */
/* positions.c -- with rotations known, residuals of poses are linear in translations (in the Log convention nearly so): the
 * cost's own Jacobians, restricted to the columns of translations and of variables that do not turn, give the linear problem
 * for them. So any factor and any information matrix takes part as it is. */
#include "chordal.h"
#include "evaluate.h"
#include "gauge.h"
#include "linear_graph.h"
#include "memory.h"
#include "space.h"
#include <math.h>
#include <string.h>

typedef struct {
    fgo_graph *g, *h; /* h: steps of translations; keys are variable numbers of g */
    double *x;
} positions;

/* Tangent dimensions of a variable that take part: the first ones. */
static int moving(const fgo_manifold *m)
{
    const fgoi_space s = fgoi_space_of(m);
    return fgoi_space_world(s) ? fgoi_space_translation(s) : m->tangent;
}

static fgo_status add_variables(positions *p)
{
    fgo_manifold m;
    fgoi_gauge_result gauge;
    const double zero[FGO_MAX_DIMENSION] = { 0 };
    fgo_graph *g = p->g;
    fgo_status status = fgoi_gauge(g, &gauge);
    if (status) return status;
    for (uint32_t v = 0; v < g->variable_count && !status; v++) {
        const int n = moving(g->variable[v].manifold);
        if (!n || fgo_graph_variable_held(g, v) == g->variable[v].manifold->tangent) continue;
        status = fgo_manifold_rn(n, &m);
        if (!status) status = fgo_graph_add_variable(p->h, v, &m, zero);
        for (int d = 0; d < n && !status; d++)
            if (g->held[g->variable[v].tangent + (size_t)d]) status = fgo_graph_hold_dof(p->h, v, d);
    }
    for (size_t i = 0; i < gauge.count && !status; i++)
        if (moving(g->variable[gauge.variable[i]].manifold)) status = fgo_graph_hold(p->h, gauge.variable[i]);
    fgoi_free(gauge.variable);
    return status;
}

/* One factor with whitened J and r: its columns of the variables in h. scratch: rows * (partials + 1). */
static fgo_status add_factor(positions *p, const fgoi_group *group, size_t f, const double *r, const double *J, double *scratch)
{
    const fgo_factor_class *c = &group->c;
    int64_t keys[FGO_MAX_ARITY];
    int dim[FGO_MAX_ARITY], from[FGO_MAX_ARITY], arity = 0, column = 0;
    double *to = scratch;
    for (int k = 0; k < c->arity; column += c->variable[k].tangent, k++) {
        const uint32_t v = group->variable[f * (size_t)c->arity + (size_t)k];
        if (fgoi_keymap_find(&p->h->keys, v) == FGOI_NO_VALUE) continue;
        keys[arity] = v;
        from[arity] = column;
        dim[arity++] = moving(p->g->variable[v].manifold);
    }
    if (!arity) return FGO_OK;
    for (int i = 0; i < c->rows; i++)
        for (int k = 0; k < arity; to += dim[k], k++) memcpy(to, J + i * c->partials + from[k], (size_t)dim[k] * sizeof *to);
    for (int i = 0; i < c->rows; i++) *to++ = -r[i];
    const fgo_factor_class class = fgoi_linear_factor(c->rows, arity, dim);
    return fgo_graph_add_factor(p->h, &class, keys, scratch, fgo_unit(), fgo_no_loss());
}

static fgo_status add_group(positions *p, const fgoi_group *group)
{
    const size_t rows = (size_t)group->c.rows, partials = (size_t)group->c.partials;
    const size_t batch = fgoi_batch(group);
    double *J = fgoi_alloc(rows * (partials + 1), (batch + 1) * sizeof *J), *r = J + batch * rows * partials;
    fgo_status status = J ? FGO_OK : fgoi_fail_memory(&p->g->message);
    for (size_t first = 0; first < group->count && !status; first += batch) {
        const size_t left = group->count - first, count = left < batch ? left : batch;
        if (fgoi_whiten_run(p->g, group, p->x, first, count, r, J)) {
            status = fgoi_fail(&p->g->message, FGO_ERROR_EVALUATE, "a %s factor cannot be evaluated", group->c.name);
            break;
        }
        for (size_t f = 0; f < count && !status; f++)
            status = add_factor(p, group, first + f, r + f * rows, J + f * rows * partials, r + batch * rows);
    }
    fgoi_free(J);
    return status;
}

static void prepare(void *context, fgo_graph *h, int k) { (void)context, (void)h, (void)k; }

/* x moved by the steps. */
static void collect(void *context, fgo_graph *h, int k)
{
    const positions *p = context;
    double delta[FGO_MAX_DIMENSION];
    (void)k;
    for (size_t i = 0; i < h->variable_count; i++) {
        const fgoi_variable *v = &p->g->variable[h->variable[i].key];
        memset(delta, 0, (size_t)v->manifold->tangent * sizeof *delta);
        memcpy(delta, h->x + h->variable[i].x, (size_t)h->variable[i].manifold->ambient * sizeof *delta);
        v->manifold->retract(v->manifold, p->x + v->x, delta, p->x + v->x);
    }
}

fgo_status fgoi_positions(fgo_graph *g, double *x, int *solved)
{
    positions p = { .g = g, .x = x };
    *solved = 0;
    fgo_status status = fgo_graph_create(&p.h);
    if (!status) status = add_variables(&p);
    for (size_t i = 0; i < g->group_count && !status; i++) status = add_group(&p, &g->group[i]);
    const fgoi_right_hand_sides sides = { 1, prepare, collect, &p };
    if (!status) status = fgoi_linear_graph_solve(p.h, &sides, solved);
    fgo_graph_free(p.h);
    return status;
}
