/* SPDX-License-Identifier: BSD-3-Clause */
/* chordal.c -- rotations from relative rotations by a linear problem (D. Martinec, T. Pajdla, "Robust rotation and
 * translation estimation", CVPR 2007; L. Carlone, R. Tron, K. Daniilidis, F. Dellaert, "Initialization techniques for
 * 3D SLAM", ICRA 2015).
 *
 * A measured rotation Z between i and j says R_j = R_i Z. Without the constraint that the R are rotations this is linear, and
 * each row r' of R obeys  r_j = Z' r_i  independently: three right-hand sides with one matrix of 3 x 3 blocks. In the plane the
 * first column (cos, sin) obeys  u_j = Z u_i: one right-hand side, 2 x 2 blocks. The weight of a factor is the mean diagonal
 * entry of its rotation information. Held variables and priors anchor their component; without them its smallest key does. The
 * solution is projected onto the nearest rotations. */
#include "base/memory.h"
#include "graph/components.h"
#include "manifold/nearest_rotation.h"
#include "manifold/traits.h"
#include "relaxation.h"
#include <fgopt/pose.h>
#include <math.h>
#include <string.h>

typedef struct {
    fgoi_relaxation *r;
    const fgo_graph *g;
    double *x;             /* values, laid out as those of g */
    unsigned char *usable; /* per group: 1 if its factors take part */
    unsigned char *known;  /* per variable: 1 if it keeps its rotation */
    int sides;             /* 3 if some rotation is in space, 1 if all are in the plane, 0 if there are none */
} chordal;

/* One factor, whose residual is  w (r_j - A r_i)  or, for a prior,  w (r_j - c)  with a side c of Z. */
typedef struct {
    double w, A[9], Z[9];
} equation;

/* Computes the world x world matrix R, row-major, of a stored rotation. */
static void to_matrix(int world, const double *r, double *R)
{
    if (world == 2) {
        R[0] = R[3] = r[0], R[1] = -r[1], R[2] = r[1];
        return;
    }
    const fgo_mat3 M = fgo_so3_to_matrix((fgo_so3){ { r[0], r[1], r[2], r[3] } });
    memcpy(R, M.m, sizeof M.m);
}

/* Copies side k of a rotation: row k in space; in the plane the first column, (cos, sin). */
static void side_of(int world, const double *R, int k, double *side)
{
    for (int i = 0; i < world; i++) side[i] = world == 3 ? R[3 * k + i] : R[2 * i];
}

/* Returns the rotation of variable v, which must have one, in the values. */
static double *rotation_of(const chordal *c, size_t v)
{
    const fgoi_variable *var = &c->g->variable[v];
    return c->x + var->x + var->manifold->traits->rotation;
}

/* ---- which factors, which variables ---- */

/* Returns whether the class of a group measures a rotation between two variables, or the rotation of one. */
static int usable(const fgo_graph *g, const fgoi_group *group)
{
    if (!group->count || !group->c.predict || group->c.arity > 2) return 0;
    if (group->c.gauge != (group->c.arity == 2 ? FGO_GAUGE_RELATIVE : FGO_GAUGE_ABSOLUTE)) return 0;
    const fgo_manifold *m = g->variable[group->variable[0]].manifold;
    for (int k = 0; k < group->c.arity; k++)
        if (g->variable[group->variable[k]].manifold->retract != m->retract) return 0;
    return fgoi_stored_rotation(m) && group->c.rows == m->tangent;
}

static void anchor_priors(const chordal *c, const uint32_t *of, unsigned char *anchored)
{
    for (size_t i = 0; i < c->g->group_count; i++)
        if (c->usable[i] && c->g->group[i].c.arity == 1)
            for (size_t f = 0; f < c->g->group[i].count; f++) anchored[of[c->g->group[i].variable[f]]] = 1;
}

/* Marks as known the variables that the system holds whole, those that the caller holds in part and, in every component without
 * an anchor, the smallest key. */
static fgo_status anchor(chordal *c)
{
    const fgo_graph *g = c->g;
    const size_t n = g->variable_count;
    size_t components = 0;
    fgo_status status = FGO_OK;
    uint32_t *of = fgoi_alloc(n, sizeof *of), *smallest = NULL;
    unsigned char *anchored = NULL;
    if (!of || fgoi_components_of(g, c->usable, of, &components) || !(smallest = fgoi_alloc(components, sizeof *smallest)) ||
        !(anchored = fgoi_alloc(components, 1))) {
        status = fgoi_fail_memory();
        goto done;
    }
    for (size_t i = 0; i < components; i++) smallest[i] = FGOI_NO_VALUE;
    for (uint32_t v = 0; v < n; v++) {
        uint32_t *least = &smallest[of[v]];
        if (*least == FGOI_NO_VALUE || g->variable[v].key < g->variable[*least].key) *least = v;
        if (c->r->system.column[v] < 0 || fgo_graph_variable_held(g, v)) anchored[of[v]] = c->known[v] = 1;
    }
    anchor_priors(c, of, anchored);
    for (size_t i = 0; i < components; i++)
        if (!anchored[i]) c->known[smallest[i]] = 1;
done:
    fgoi_free(of);
    fgoi_free(smallest);
    fgoi_free(anchored);
    return status;
}

/* Holds the known variables in the linear problem, and those without a rotation. */
static void hold(chordal *c)
{
    const fgoi_system *s = &c->r->system;
    for (int j = 0; j < s->pattern.n; j++) {
        const uint32_t v = s->variable[j];
        memset(c->r->held + s->pattern.offset[j], !fgoi_relaxation_world(c->r, v) || c->known[v], (size_t)s->pattern.dim[j]);
    }
}

/* ---- the equations ---- */

/* Returns the mean diagonal entry of the information of the `rotation` rows that follow the `translations` rows, as in the
 * tangent. */
static double weight_of(const fgoi_problem *p, const fgoi_group *group, size_t f, int translations, int rotation)
{
    const int n = group->c.rows;
    const double *W = group->W + f * fgoi_packed(n);
    double sum = 0.0;
    for (int i = 0; i < n; W += n - i, i++)
        for (int j = translations < i ? i : translations; j < translations + rotation; j++) sum += W[j - i] * W[j - i];
    return fgoi_problem_weight(p, group, f) * (sum / rotation);
}

/* Finds the rotation Z that a factor measures: that of its second variable relative to the first, or that of its only variable.
 * Returns 0, or -1 if the class cannot predict it. */
static int measured_rotation(const chordal *c, const fgoi_group *group, size_t f, int world, double *Z)
{
    const fgo_manifold *m = c->g->variable[group->variable[0]].manifold;
    double identity[FGO_MAX_DIMENSION], value[FGO_MAX_DIMENSION];
    fgoi_identity_of(m, identity);
    const double *x[2] = { identity, identity };
    if (group->c.predict(&group->c, group->z + f * group->c.measurement_size, x, group->c.arity - 1, value)) return -1;
    to_matrix(world, value + m->traits->rotation, Z);
    return 0;
}

/* Adds J_j' e to b_j for each side, where e = w (r_j - A r_i) or w (r_j - c) with zero for the unknown sides. */
static void add_right_hand_sides(chordal *c, const uint32_t *variable, int arity, int world, const equation *q)
{
    const fgoi_system *s = &c->r->system;
    const int first = arity == 2;
    for (int k = 0; k < (world == 3 ? 3 : 1); k++) {
        double e[3] = { 0 }, side[3], R[9], *b = c->r->b + (size_t)k * c->r->scalars;
        for (int a = 0; a < arity; a++) {
            if (!c->known[variable[a]]) continue;
            to_matrix(world, rotation_of(c, variable[a]), R);
            side_of(world, R, k, side);
            for (int i = 0; i < world; i++)
                for (int j = 0; j < world; j++) e[i] += q->w * (a == first ? i == j : -q->A[i * world + j]) * side[j];
        }
        side_of(world, q->Z, k, side);
        for (int i = 0; i < world && arity == 1; i++) e[i] -= q->w * side[i];
        for (int a = 0; a < arity; a++) {
            const int32_t column = s->column[variable[a]];
            if (column < 0) continue;
            for (int j = 0; j < world; j++)
                for (int i = 0; i < world; i++)
                    b[s->pattern.offset[column] + (size_t)j] += q->w * (a == first ? i == j : -q->A[i * world + j]) * e[i];
        }
    }
}

static void write_jacobian(double *J, const fgoi_shape *shape, int arity, int world, const equation *q)
{
    const int last = arity - 1;
    for (int i = 0; i < world; i++, J += shape->ld) {
        J[shape->at[last] + i] = q->w;
        for (int j = 0; j < world && arity == 2; j++) J[j] = -q->w * q->A[i * world + j];
    }
}

/* Writes J of a run, which is zero before, and adds the run's share of the right-hand sides. mean: of the weights of the
 * group. */
static void write_run(chordal *c, const fgoi_run *run, double mean)
{
    const fgoi_group *group = &c->g->group[run->group];
    const fgoi_shape shape = fgoi_structure_shape(c->r->system.structure, c->g, group);
    const int arity = group->c.arity, world = fgoi_relaxation_world(c->r, group->variable[0]);
    const int translations = fgoi_translations_of(c->g->variable[group->variable[0]].manifold);
    double *J = c->r->system.J + run->J;
    for (size_t f = run->first; f < run->first + run->count; f++, J += shape.rows * shape.ld) {
        const uint32_t *variable = group->variable + f * (size_t)arity;
        /* an edge without rotation information still connects its variables, with a weight that others outweigh */
        const double weight = fmax(weight_of(c->r->problem, group, f, translations, world == 2 ? 1 : 3), 1e-9 * mean);
        equation q = { .w = sqrt(weight) };
        if (!(weight > 0.0) || measured_rotation(c, group, f, world, q.Z)) continue;
        for (int i = 0; i < world; i++)
            for (int j = 0; j < world; j++) q.A[i * world + j] = world == 3 ? q.Z[j * 3 + i] : q.Z[i * 2 + j];
        write_jacobian(J, &shape, arity, world, &q);
        if (arity == 1 || c->known[variable[0]] || c->known[variable[1]]) add_right_hand_sides(c, variable, arity, world, &q);
    }
}

static double mean_weight(const fgoi_relaxation *r, const fgoi_group *group)
{
    const int rotation = fgoi_relaxation_world(r, group->variable[0]) == 2 ? 1 : 3;
    const int translations = fgoi_translations_of(r->problem->g->variable[group->variable[0]].manifold);
    double mean = 0.0;
    for (size_t f = 0; f < group->count; f++)
        mean += weight_of(r->problem, group, f, translations, rotation) / (double)group->count;
    return mean;
}

static void write_equations(chordal *c)
{
    fgoi_system *s = &c->r->system;
    double mean = 0.0;
    memset(s->J, 0, s->structure->J_size * sizeof *s->J);
    memset(c->r->b, 0, FGOI_SIDES * c->r->scalars * sizeof *c->r->b);
    for (const fgoi_run *run = s->structure->run; run < s->structure->run + s->structure->runs; run++) {
        if (!c->usable[run->group]) continue;
        if (run->first == 0) mean = mean_weight(c->r, &c->g->group[run->group]);
        write_run(c, run, mean);
    }
}

/* ---- the solution ---- */

/* Writes the nearest rotations to x, except those of known variables. */
static void project(chordal *c)
{
    const fgoi_system *s = &c->r->system;
    for (int j = 0; j < s->pattern.n; j++) {
        const uint32_t v = s->variable[j];
        const int world = fgoi_relaxation_world(c->r, v);
        const double *M = c->r->b + s->pattern.offset[j];
        double rows[9], q[4];
        if (!world || c->known[v]) continue;
        double *r = rotation_of(c, v);
        if (world == 2) {
            const double length = hypot(M[0], M[1]);
            if (length > 0.0) r[0] = M[0] / length, r[1] = M[1] / length;
            continue;
        }
        for (int k = 0; k < 3; k++) memcpy(rows + 3 * k, M + (size_t)k * c->r->scalars, 3 * sizeof *rows);
        if (!fgoi_nearest_rotation(rows, q)) memcpy(r, q, sizeof q);
    }
}

static fgo_status solve(chordal *c, int *solved)
{
    fgo_status status = anchor(c);
    if (status) return status;
    hold(c);
    write_equations(c);
    status = fgoi_relaxation_factorize(c->r, c->r->b + FGOI_SIDES * c->r->scalars, solved);
    for (int k = 0; k < c->sides && !status && *solved; k++)
        *solved = fgoi_relaxation_solve(c->r, c->r->b + (size_t)k * c->r->scalars);
    if (!status && *solved) project(c);
    return status;
}

fgo_status fgoi_chordal_rotations(fgoi_relaxation *r, double *x, int *solved)
{
    const fgo_graph *g = r->problem->g;
    chordal c = { .r = r, .g = g, .x = x, .usable = fgoi_alloc(g->group_count, 1), .known = fgoi_alloc(g->variable_count, 1) };
    fgo_status status = FGO_OK;
    *solved = 0;
    if (c.usable && c.known) {
        for (size_t i = 0; i < g->group_count; i++) c.usable[i] = (unsigned char)usable(g, &g->group[i]);
        for (size_t v = 0; v < g->variable_count && c.sides < 3; v++) {
            const int world = fgoi_relaxation_world(r, v);
            if (world) c.sides = world == 3 ? 3 : 1;
        }
        if (c.sides) status = solve(&c, solved);
    } else {
        status = fgoi_fail_memory();
    }
    fgoi_free(c.usable);
    fgoi_free(c.known);
    return status;
}
