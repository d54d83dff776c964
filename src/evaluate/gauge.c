/* SPDX-License-Identifier: BSD-3-Clause */
/* gauge.c -- finds the gauge of each component and holds as many degrees of freedom.
 *
 * The world of a component is the world of its poses, rotations and directions, or of its points if it has nothing else, as the
 * traits of its manifolds say; points of another world and vectors (scales, slips, biases) do not move. The gauge of a component
 * consists of those rigid motions of the whole (motions.h) that nothing prevents. A motion is prevented by a manifold that values
 * would leave, by a degree of freedom that is held, and by a factor whose whitened Jacobian does not vanish on the motion's
 * tangents. Classes that declare themselves relative prevent no motion; of those between points alone that is known of
 * translations only. As many degrees of freedom as the gauge has are held: of the keeper, which is the variable with the largest
 * tangent dimension and, among several, the smallest key, rotations first; then of others, if the keeper does not suffice or no
 * factor constrains it.
 *
 * Motions have coordinates in R^3 or R^6 about the keeper, rotations scaled by the size of the component, so that all motions
 * move it by about as much. Prevented directions are collected as an orthonormal basis. Other components are held whole or not at
 * all: components of vectors of one other dimension, which can all be shifted; components that mix worlds or dimensions; and
 * components whose motion is unknown. */
#include "gauge.h"
#include "base/memory.h"
#include "evaluate.h"
#include "graph/components.h"
#include "manifold/motions.h"
#include "manifold/traits.h"
#include "unconstrained_dofs.h"
#include <math.h>
#include <string.h>

enum { MIXED = -1, NO_WORLD = 0, MOTIONS = FGOI_MOST_MOTIONS };

typedef struct component {
    int world;       /* 2, 3, NO_WORLD (R^m alone), or MIXED: both, or a manifold whose motion is unknown */
    int points;      /* if all its variables are points of one world, that world, else NO_WORLD */
    int tangent;     /* common tangent dimension while world is NO_WORLD, -1 if they differ */
    int prevented;   /* dimension of the space of prevented motions; without a world 1 if any is prevented */
    unsigned barred; /* bit k: motion k takes values of some variable off its manifold */
    int turned;      /* how many of the prevented dimensions come from factors between points alone */
    uint32_t keeper; /* the variable to hold */
    double size;     /* how far the component reaches from the keeper, at least 1 */
    size_t basis;    /* index in work.basis of the basis of the prevented motions, if prevented > 0 */
} component;

typedef struct basis {
    double q[MOTIONS][MOTIONS];
} basis;

typedef struct work {
    const fgo_graph *g;
    uint32_t *of;     /* component of each variable */
    uint32_t *member; /* variables by component; component i has member[first[i]] .. member[first[i + 1] - 1] */
    size_t *first;
    component *c;
    size_t count;
    basis *basis;
    size_t basis_count, basis_capacity;
    unsigned char *unconstrained; /* as fgoi_unconstrained_dofs says */
    fgoi_gauge_result *out;
    size_t variable_capacity;
} work;

static int has_motions(const component *c) { return c->world > NO_WORLD; }

/* ---- components ---- */

/* Returns the world of a manifold: MIXED for an unknown one, NO_WORLD for points and vectors, which belong to any world. */
static int world_of(const fgo_manifold *m) { return fgoi_kind_of(m) == FGO_MANIFOLD_UNKNOWN ? MIXED : fgoi_turned_world(m); }

/* Adds variable v to its component; `first`: v is the first variable there. */
static void include(const fgo_graph *g, component *c, uint32_t v, int first)
{
    const fgoi_variable *var = &g->variable[v], *keeper = &g->variable[c->keeper];
    const int n = var->manifold->tangent, world = world_of(var->manifold);
    const int points = fgoi_kind_of(var->manifold) == FGO_MANIFOLD_POINT ? var->manifold->traits->world : NO_WORLD;
    if (first) {
        *c = (component){ .world = world, .points = points, .tangent = n, .keeper = v, .size = 1.0 };
        return;
    }
    if (n > keeper->manifold->tangent || (n == keeper->manifold->tangent && var->key < keeper->key)) c->keeper = v;
    if (n != c->tangent) c->tangent = -1;
    if (points != c->points) c->points = NO_WORLD;
    if (c->world == NO_WORLD)
        c->world = world;
    else if (world != NO_WORLD && world != c->world)
        c->world = MIXED;
}

static void list_members(work *w)
{
    for (size_t v = 0; v < w->g->variable_count; v++) w->first[w->of[v] + 1]++;
    for (size_t i = 0; i < w->count; i++) w->first[i + 1] += w->first[i];
    for (uint32_t v = (uint32_t)w->g->variable_count; v-- > 0;) w->member[--w->first[w->of[v] + 1]] = v;
    for (size_t i = 0; i < w->count; i++) w->first[i] = w->first[i + 1];
    w->first[w->count] = w->g->variable_count;
}

/* Finds the position p of variable v, zero if v has none in that world. */
static void position_of(const fgo_graph *g, int world, uint32_t v, double p[3])
{
    const fgo_manifold *m = g->variable[v].manifold;
    memset(p, 0, 3 * sizeof *p);
    if (m->traits && m->traits->world == world) fgoi_position_of(m, g->x + g->variable[v].x, p);
}

static void find_components(work *w)
{
    const fgo_graph *g = w->g;
    size_t seen = 0;
    for (uint32_t v = 0; v < g->variable_count; v++) {
        const int first = w->of[v] == seen; /* components are numbered by their first variables */
        seen += (size_t)first;
        include(g, &w->c[w->of[v]], v, first);
    }
    for (size_t i = 0; i < w->count; i++)
        if (w->c[i].world == NO_WORLD) w->c[i].world = w->c[i].points;
    for (uint32_t v = 0; v < g->variable_count; v++) {
        component *c = &w->c[w->of[v]];
        double p[3], q[3];
        const fgo_manifold_traits *t = g->variable[v].manifold->traits;
        if (!has_motions(c)) continue;
        if (t && t->world == c->world) c->barred |= t->prevents;
        position_of(g, c->world, v, p);
        position_of(g, c->world, c->keeper, q);
        c->size =
            fmax(c->size, sqrt((p[0] - q[0]) * (p[0] - q[0]) + (p[1] - q[1]) * (p[1] - q[1]) + (p[2] - q[2]) * (p[2] - q[2])));
    }
}

/* ---- what is prevented ---- */

/* Computes the tangent delta of motion k at variable v, in the coordinates of its component. */
static void motion(const work *w, const component *c, uint32_t v, int k, double *delta)
{
    const fgoi_variable *var = &w->g->variable[v];
    double centre[3];
    position_of(w->g, c->world, c->keeper, centre);
    fgoi_motion(var->manifold, c->world, centre, w->g->x + var->x, k, delta);
    for (int d = 0; k >= c->world && d < var->manifold->tangent; d++) delta[d] /= c->size;
}

/* Replaces `row` by the unit vector along its part orthogonal to the `count` vectors of q, by Gram-Schmidt done twice, which is
 * orthogonal to rounding (L. Giraud et al. 2005). Returns the length of that part for a row of length 1. */
static double reduce(double q[][MOTIONS], int count, int n, double *row)
{
    double norm = 0.0, left = 0.0;
    for (int k = 0; k < n; k++) norm += row[k] * row[k];
    if (norm == 0.0) return 0.0;
    for (int k = 0; k < n; k++) row[k] /= sqrt(norm);
    for (int i = 0; i < 2 * count; i++) {
        double along = 0.0;
        for (int k = 0; k < n; k++) along += q[i % count][k] * row[k];
        for (int k = 0; k < n; k++) row[k] -= along * q[i % count][k];
    }
    for (int k = 0; k < n; k++) left += row[k] * row[k];
    left = sqrt(left);
    for (int k = 0; k < n && left > 0.0; k++) row[k] /= left;
    return left;
}

/* Prevents a direction. Returns 1 if it is a new one, 0 if not, -1 when out of memory. Jacobians are accurate to about 1e-15, and
 * a direction that is a small difference to about 1e-12, so a remainder of 1e-8 is no direction. */
static int prevent(work *w, component *c, double *row)
{
    const int n = fgoi_motions(c->world);
    if (!c->prevented) {
        if (fgoi_grow(&w->basis, &w->basis_capacity, w->basis_count + 1, sizeof *w->basis)) return -1;
        c->basis = w->basis_count;
    }
    basis *b = &w->basis[c->basis];
    if (!(reduce(b->q, c->prevented, n, row) > 1e-8)) return 0;
    w->basis_count += c->prevented == 0;
    memcpy(b->q[c->prevented++], row, sizeof b->q[0]);
    return 1;
}

/* Prevents the motions that take values of a variable off its manifold. Returns 0, or -1 when out of memory. */
static int look_at_manifolds(work *w)
{
    for (size_t i = 0; i < w->count; i++)
        for (int k = 0; has_motions(&w->c[i]) && k < fgoi_motions(w->c[i].world); k++) {
            double row[MOTIONS] = { 0 };
            row[k] = 1.0;
            if (w->c[i].barred >> k & 1 && prevent(w, &w->c[i], row) < 0) return -1;
        }
    return 0;
}

static int look_at_holds(work *w)
{
    for (uint32_t v = 0; v < w->g->variable_count; v++) {
        component *c = &w->c[w->of[v]];
        const fgoi_variable *var = &w->g->variable[v];
        const unsigned char *held = w->g->held + var->tangent;
        for (int d = 0; d < var->manifold->tangent; d++) {
            double delta[FGO_MAX_MOVED], row[MOTIONS] = { 0 };
            if (!held[d]) continue;
            if (!has_motions(c)) c->prevented = 1;
            if (!has_motions(c) || var->manifold->tangent > FGO_MAX_MOVED) continue; /* such vectors do not move */
            for (int k = 0; k < fgoi_motions(c->world); k++) {
                motion(w, c, v, k, delta);
                row[k] = delta[d];
            }
            if (prevent(w, c, row) < 0) return -1;
        }
    }
    return 0;
}

/* Prevents the motions that a factor's whitened Jacobian measures. scratch: rows * (partials + 1) + partials * (MOTIONS + 1)
 * numbers. Returns 0, or -1 when out of memory. */
static int look_at_factor(work *w, const fgoi_group *group, size_t f, component *c, int points, double *scratch)
{
    const int rows = group->c.rows, p = group->c.partials, n = fgoi_motions(c->world);
    const uint32_t *variable = group->variable + f * (size_t)group->c.arity;
    double *r = scratch, *J = r + rows, *delta = J + (size_t)rows * (size_t)p;
    int failed = fgoi_whiten_run(&(fgoi_problem){ .g = w->g }, group, w->g->x, f, 1, r, J);
    for (int i = 0; i < rows * p && !failed; i++) failed = !isfinite(J[i]);
    for (int k = 0; k < n && !failed; k++)
        for (int a = 0, at = k * p; a < group->c.arity; at += group->c.variable[a].tangent, a++)
            motion(w, c, variable[a], k, delta + at);
    for (int i = 0; i < (failed ? n : rows); i++) {
        double row[MOTIONS] = { 0 };
        if (failed) row[i] = 1.0; /* a factor that cannot be evaluated counts as preventing all motions */
        for (int k = 0; k < n && !failed; k++) {
            double sum = 0.0, size = 0.0;
            for (int j = 0; j < p; j++) {
                const double term = J[i * p + j] * delta[k * p + j];
                sum += term;
                size += fabs(term);
            }
            row[k] = fabs(sum) <= 1e-9 * size ? 0.0 : sum; /* rounding of a Jacobian is some 1e-15, a real effect of order 1 */
        }
        const int new = prevent(w, c, row);
        if (new < 0) return -1;
        c->turned += points && new;
    }
    return 0;
}

/* Returns 1 if all variables of a class are points or other vectors of R^n. */
static int is_of_points(const fgo_graph *g, const fgoi_group *group)
{
    for (int a = 0; a < group->c.arity; a++)
        if (world_of(g->variable[group->variable[a]].manifold) != NO_WORLD) return 0;
    return 1;
}

/* Returns whether a factor between vectors of one dimension constrains their common shift; 1 if it cannot be evaluated. */
static int sees_shift(const work *w, const fgoi_group *group, size_t f, const component *c, double *scratch)
{
    const int rows = group->c.rows, p = group->c.partials;
    double *J = scratch + rows;
    if (c->world == MIXED || c->tangent < 0) return 1;
    if (fgoi_whiten_run(&(fgoi_problem){ .g = w->g }, group, w->g->x, f, 1, scratch, J)) return 1;
    for (int i = 0; i < rows; i++)
        for (int k = 0; k < c->tangent; k++) {
            double sum = 0.0, size = 0.0;
            for (int j = k; j < p; j += c->tangent) {
                sum += J[i * p + j];
                size += fabs(J[i * p + j]);
            }
            if (!(fabs(sum) <= 1e-9 * size)) return 1;
        }
    return 0;
}

static int look_at_group(work *w, const fgoi_group *group, double *scratch)
{
    const int relative = group->c.gauge == FGO_GAUGE_RELATIVE;
    if (!group->count || (relative && !is_of_points(w->g, group))) return 0;
    for (size_t f = 0; f < group->count; f++) {
        component *c = &w->c[w->of[group->variable[f * (size_t)group->c.arity]]];
        if (!has_motions(c))
            c->prevented |= !relative && !c->prevented && sees_shift(w, group, f, c, scratch);
        else if (c->prevented < fgoi_motions(c->world) && !(relative && c->turned == fgoi_motions(c->world) - c->world) &&
                 look_at_factor(w, group, f, c, relative, scratch))
            return -1;
    }
    return 0;
}

static int look_at_factors(work *w)
{
    size_t most = 1;
    int failed = 0;
    for (size_t i = 0; i < w->g->group_count; i++) {
        const size_t rows = (size_t)w->g->group[i].c.rows, p = (size_t)w->g->group[i].c.partials;
        const size_t need = rows * (p + 1) + p * (MOTIONS + 1);
        if (need > most) most = need;
    }
    double *scratch = fgoi_alloc(most, sizeof *scratch);
    if (!scratch) return -1;
    for (size_t i = 0; i < w->g->group_count && !failed; i++) failed = look_at_group(w, &w->g->group[i], scratch);
    fgoi_free(scratch);
    return failed;
}

/* ---- what is held instead ---- */

static int is_unseen(const work *w, size_t tangent) { return w->unconstrained && w->unconstrained[tangent]; }

/* Holds degrees of freedom of v for directions of U (n x k, orthonormal columns) that nothing holds yet; q has the *count
 * directions that are held, by their coordinates in U. The degree of freedom that follows the free directions most comes first,
 * but rotations come before translations: a rotation turns everything by the same angle, however far away. Returns 0, or -1 when
 * out of memory. */
static int hold_of(work *w, const component *c, uint32_t v, double U[][MOTIONS], int k, double q[][MOTIONS], int *count)
{
    const fgoi_variable *var = &w->g->variable[v];
    const int n = fgoi_motions(c->world), t = var->manifold->tangent, translations = fgo_manifold_translations(var->manifold);
    double delta[MOTIONS][FGO_MAX_MOVED];
    int any = 0;
    if (t > FGO_MAX_MOVED) return 0; /* a vector that does not move */
    for (int m = 0; m < n; m++) motion(w, c, v, m, delta[m]);
    for (int pass = 0; pass < 2 && *count < k; pass++) /* rotations, translations */
        for (;;) {
            double best = 1e-6, best_row[MOTIONS];
            int dof = -1;
            for (int d = pass ? 0 : translations; d < (pass ? translations : t) && *count < k; d++) {
                double row[MOTIONS] = { 0 }, size = 0.0;
                if (w->out->held[var->tangent + (size_t)d] || is_unseen(w, var->tangent + (size_t)d)) continue;
                for (int i = 0; i < k; i++) {
                    for (int m = 0; m < n; m++) row[i] += U[i][m] * delta[m][d];
                    size += row[i] * row[i];
                }
                size = sqrt(size) * (pass ? 1.0 : c->size); /* per unit of length, or per radian */
                const double feels = size > 1e-9 ? fmin(size, 1.0) * reduce(q, *count, k, row) : 0.0;
                if (feels <= best) continue;
                best = feels;
                dof = d;
                memcpy(best_row, row, sizeof row);
            }
            if (dof < 0) break;
            memcpy(q[(*count)++], best_row, sizeof best_row);
            w->out->held[var->tangent + (size_t)dof] = 1;
            any = 1;
        }
    if (!any) return 0;
    if (fgoi_grow(&w->out->variable, &w->variable_capacity, w->out->count + 1, sizeof *w->out->variable)) return -1;
    w->out->variable[w->out->count++] = v;
    return 0;
}

static int hold_whole(work *w, uint32_t v)
{
    const fgoi_variable *var = &w->g->variable[v];
    if (fgoi_grow(&w->out->variable, &w->variable_capacity, w->out->count + 1, sizeof *w->out->variable)) return -1;
    w->out->variable[w->out->count++] = v;
    memset(w->out->held + var->tangent, 1, (size_t)var->manifold->tangent);
    return 0;
}

/* Computes the free directions U, the largest parts of unit vectors orthogonal to what is prevented. Returns how many. */
static int free_directions(const work *w, const component *c, double U[][MOTIONS])
{
    const int n = fgoi_motions(c->world);
    double all[2 * MOTIONS][MOTIONS];
    int count = c->prevented;
    if (count) memcpy(all, w->basis[c->basis].q, sizeof w->basis->q);
    while (count < n) {
        double best = 0.0, best_row[MOTIONS] = { 0 };
        for (int k = 0; k < n; k++) {
            double row[MOTIONS] = { 0 };
            row[k] = 1.0;
            const double left = reduce(all, count, n, row);
            if (left <= best) continue;
            best = left;
            memcpy(best_row, row, sizeof row);
        }
        memcpy(U[count - c->prevented], best_row, sizeof best_row);
        memcpy(all[count++], best_row, sizeof best_row);
    }
    return n - c->prevented;
}

static int hold_component(work *w, size_t i)
{
    component *c = &w->c[i];
    const size_t before = w->out->count;
    double U[MOTIONS][MOTIONS], q[MOTIONS][MOTIONS];
    int held = 0;
    if (!has_motions(c)) {
        w->out->free += !c->prevented;
        return c->prevented ? 0 : hold_whole(w, c->keeper);
    }
    const int k = free_directions(w, c, U);
    int failed = k ? hold_of(w, c, c->keeper, U, k, q, &held) : 0;
    /* others, by their number, if the keeper does not suffice; a direction along which no variable moves needs no hold */
    for (size_t m = w->first[i]; m < w->first[i + 1] && held < k && !failed; m++)
        failed = hold_of(w, c, w->member[m], U, k, q, &held);
    w->out->free += !c->prevented && w->out->count > before;
    return failed;
}

static int hold_components(work *w)
{
    if (w->g->tangent_size) memcpy(w->out->held, w->g->held, w->g->tangent_size);
    for (size_t i = 0; i < w->count; i++)
        if (hold_component(w, i)) return -1;
    return 0;
}

/* Returns whether only whole poses are held, which fixes their components at any values, and no factor had to be evaluated. */
static int is_settled(const work *w)
{
    for (size_t i = 0; i < w->g->group_count; i++) {
        const fgoi_group *group = &w->g->group[i];
        if (group->count && (group->c.gauge != FGO_GAUGE_RELATIVE || is_of_points(w->g, group))) return 0;
    }
    for (size_t i = 0; i < w->g->variable_count; i++) {
        const fgoi_variable *v = &w->g->variable[i];
        const unsigned char *held = w->out->held + v->tangent;
        const size_t tangent = (size_t)v->manifold->tangent;
        if (!memchr(held, 1, tangent)) continue;
        if (memchr(held, 0, tangent) || !fgoi_is_pose(v->manifold)) return 0;
    }
    return !w->unconstrained;
}

void fgoi_gauge_free(fgoi_gauge_result *r)
{
    fgoi_free(r->variable);
    fgoi_free(r->held);
    *r = (fgoi_gauge_result){ 0 };
}

fgo_status fgoi_gauge(const fgo_graph *g, fgoi_gauge_result *out)
{
    fgoi_gauge_result result = { .held = fgoi_alloc(g->tangent_size, 1), .variable = NULL };
    work w = { .g = g, .out = &result, .of = fgoi_alloc(g->variable_count, sizeof *w.of) };
    int failed = !result.held || !w.of || fgoi_components(g, w.of, &w.count) || !(w.c = fgoi_alloc(w.count, sizeof *w.c)) ||
                 !(w.member = fgoi_alloc(g->variable_count, sizeof *w.member)) ||
                 !(w.first = fgoi_alloc(w.count + 1, sizeof *w.first));
    result.components = w.count;
    if (!failed) {
        find_components(&w);
        list_members(&w);
        failed = look_at_manifolds(&w) || look_at_holds(&w) || look_at_factors(&w) ||
                 fgoi_unconstrained_dofs(g, &w.unconstrained) || hold_components(&w);
        result.settled = !failed && is_settled(&w);
    }
    fgoi_free(w.of);
    fgoi_free(w.member);
    fgoi_free(w.first);
    fgoi_free(w.c);
    fgoi_free(w.basis);
    fgoi_free(w.unconstrained);
    if (failed) {
        fgoi_gauge_free(&result);
        return fgoi_fail_memory();
    }
    *out = result;
    return FGO_OK;
}
