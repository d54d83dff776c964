/* SPDX-License-Identifier: BSD-3-Clause */
/* gauge.c -- A component is free if nothing in it is held and every factor is blind to a rigid motion of the whole.
 *
 * Classes may declare this. For the others it is read off the Jacobian: a motion T = Exp(xi) of the world moves a pose
 * X to T X = X Exp(Ad(X^-1) xi), a point p to T p; the factor is blind if J times these tangents is zero for every
 * generator xi. The world of a component is 3-D if it has an SO(3) or SE(3), 2-D with SO(2) or SE(2), where R^3 and R^2
 * are its points and other R^m (scales, slips, biases) stay as they are. A component of R^m alone, all of one m, is
 * moved by translations. */
#include "gauge.h"
#include "components.h"
#include "evaluate.h"
#include "memory.h"
#include "space.h"
#include <math.h>
#include <string.h>

enum { MIXED = -1, NO_WORLD = 0, PLANE = 2, SPACE = 3 };

typedef struct {
    int world;       /* NO_WORLD (R^m alone), PLANE, SPACE, or MIXED: both, or a manifold whose motion is unknown */
    int tangent;     /* common tangent dimension while world is NO_WORLD, -1 if they differ */
    int held;        /* something holds it */
    uint32_t keeper; /* the variable to hold */
} component;

static int world_of(fgoi_space s) { return s == FGOI_SPACE_OTHER ? MIXED : fgoi_space_world(s); }

/* Takes variable v into account. */
static void include(const fgo_graph *g, component *c, uint32_t v, int first)
{
    const fgoi_variable *var = &g->variable[v], *keeper = &g->variable[c->keeper];
    const int n = var->manifold->tangent, world = world_of(fgoi_space_of(var->manifold));
    if (first)
        *c = (component){ .world = world, .tangent = n, .keeper = v };
    else {
        if (n > keeper->manifold->tangent || (n == keeper->manifold->tangent && var->key < keeper->key)) c->keeper = v;
        if (n != c->tangent) c->tangent = -1;
        if (c->world == NO_WORLD)
            c->world = world;
        else if (world != NO_WORLD && world != c->world)
            c->world = MIXED;
    }
    for (int d = 0; d < n; d++) c->held |= g->held[var->tangent + (size_t)d];
}

/* q = R(x)^T v for a unit quaternion x. */
static void unrotate(const double x[4], const double v[3], double q[3])
{
    /* t = 2 v x u with u the vector part; R^T v = v + w t + t x u */
    const double t[3] = { 2 * (v[1] * x[2] - v[2] * x[1]), 2 * (v[2] * x[0] - v[0] * x[2]),
                          2 * (v[0] * x[1] - v[1] * x[0]) };
    q[0] = v[0] + x[3] * t[0] + t[1] * x[2] - t[2] * x[1];
    q[1] = v[1] + x[3] * t[1] + t[2] * x[0] - t[0] * x[2];
    q[2] = v[2] + x[3] * t[2] + t[0] * x[1] - t[1] * x[0];
}

/* The tangent by which generator k of the world's motions moves a variable with value x: k < world translations along
 * the axes, then rotations about the axes of the origin. */
static void generator(const fgo_manifold *m, int world, const double *x, int k, double *delta)
{
    memset(delta, 0, (size_t)m->tangent * sizeof *delta);
    const fgoi_space s = fgoi_space_of(m);
    if (world == NO_WORLD) {
        delta[k] = 1.0;
    } else if (world == PLANE && (s == FGOI_SPACE_SE2 || (s == FGOI_SPACE_RN && m->tangent == 2))) {
        const double v[2] = { k == 0 ? 1.0 : k == 2 ? -x[1] : 0.0, k == 1 ? 1.0 : k == 2 ? x[0] : 0.0 };
        const double c = s == FGOI_SPACE_SE2 ? x[2] : 1.0, sn = s == FGOI_SPACE_SE2 ? x[3] : 0.0;
        delta[0] = c * v[0] + sn * v[1];
        delta[1] = c * v[1] - sn * v[0];
        if (s == FGOI_SPACE_SE2) delta[2] = k == 2;
    } else if (world == PLANE && s == FGOI_SPACE_SO2) {
        delta[0] = k == 2;
    } else if (world == SPACE && (s == FGOI_SPACE_SE3 || s == FGOI_SPACE_SO3 || (s == FGOI_SPACE_RN && m->tangent == 3))) {
        double w[3] = { k == 3, k == 4, k == 5 }, v[3] = { k == 0, k == 1, k == 2 };
        if (s != FGOI_SPACE_SO3 && k >= 3) /* w x p */
            v[0] = w[1] * x[2] - w[2] * x[1], v[1] = w[2] * x[0] - w[0] * x[2], v[2] = w[0] * x[1] - w[1] * x[0];
        if (s == FGOI_SPACE_RN)
            memcpy(delta, v, sizeof v);
        else if (s == FGOI_SPACE_SO3)
            unrotate(x, w, delta);
        else
            unrotate(x + 3, v, delta), unrotate(x + 3, w, delta + 3);
    }
}

/* Is the Jacobian of factor f blind to every motion of its component's world? scratch: rows * (partials + 1) +
 * partials. */
static int blind(const fgo_graph *g, const fgoi_group *group, size_t f, const component *c, double *scratch)
{
    const int rows = group->c.rows, p = group->c.partials;
    double *r = scratch, *J = r + rows, *delta = J + (size_t)rows * (size_t)p, cost;
    if (c->world == MIXED || (c->world == NO_WORLD && c->tangent < 0)) return 0;
    if (fgoi_evaluate_run(g, group, g->x, f, 1, r, J, &cost)) return 0;
    const int generators = c->world == PLANE ? 3 : c->world == SPACE ? 6 : c->tangent;
    for (int k = 0; k < generators; k++) {
        double *d = delta;
        for (int a = 0; a < group->c.arity; d += group->c.variable[a].tangent, a++) {
            const fgoi_variable *v = &g->variable[group->variable[f * (size_t)group->c.arity + (size_t)a]];
            generator(v->manifold, c->world, g->x + v->x, k, d);
        }
        for (int i = 0; i < rows; i++) {
            double sum = 0.0, size = 0.0;
            for (int j = 0; j < p; j++) {
                const double term = J[i * p + j] * delta[j];
                sum += term;
                size += fabs(term);
            }
            if (!(fabs(sum) <= 1e-9 * size))
                return 0; /* rounding of a Jacobian is some 1e-15, a real effect of order 1 */
        }
    }
    return 1;
}

/* Marks the components that hold themselves by a factor. */
static fgo_status look_at_factors(fgo_graph *g, const uint32_t *of, component *c)
{
    size_t most = 1;
    for (size_t i = 0; i < g->group_count; i++) {
        const size_t rows = (size_t)g->group[i].c.rows, p = (size_t)g->group[i].c.partials;
        if (rows * (p + 1) + p > most) most = rows * (p + 1) + p;
    }
    double *scratch = fgoi_alloc(most, sizeof *scratch);
    if (!scratch) return fgoi_fail_memory(&g->message);
    for (size_t i = 0; i < g->group_count; i++) {
        const fgoi_group *group = &g->group[i];
        if (group->c.gauge == FGO_GAUGE_RELATIVE) continue;
        for (size_t f = 0; f < group->count; f++) {
            component *own = &c[of[group->variable[f * (size_t)group->c.arity]]];
            if (!own->held && (group->c.gauge == FGO_GAUGE_ABSOLUTE || !blind(g, group, f, own, scratch)))
                own->held = 1;
        }
    }
    fgoi_free(scratch);
    return FGO_OK;
}

fgo_status fgoi_gauge(fgo_graph *g, fgoi_gauge_result *out)
{
    fgo_status status = FGO_OK;
    size_t count = 0, seen = 0;
    uint32_t *held = NULL;
    component *c = NULL;
    uint32_t *of = fgoi_alloc(g->variable_count, sizeof *of);
    if (!of || fgoi_components(g, of, &count) || !(c = fgoi_alloc(count, sizeof *c)) ||
        !(held = fgoi_alloc(count, sizeof *held))) {
        status = fgoi_fail_memory(&g->message);
        goto done;
    }
    for (uint32_t v = 0; v < g->variable_count; v++) {
        const int first = of[v] == seen; /* components are numbered by their first variables */
        seen += (size_t)first;
        include(g, &c[of[v]], v, first);
    }
    if ((status = look_at_factors(g, of, c))) goto done;
    *out = (fgoi_gauge_result){ .components = count, .variable = held };
    for (size_t i = 0; i < count; i++)
        if (!c[i].held) held[out->count++] = c[i].keeper;
    held = NULL;
done:
    fgoi_free(of);
    fgoi_free(c);
    fgoi_free(held);
    return status;
}
