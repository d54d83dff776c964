/* SPDX-License-Identifier: BSD-3-Clause */
/* chordal.c -- rotations from relative rotations by a linear problem (D. Martinec, T. Pajdla, "Robust rotation and translation
 * estimation", CVPR 2007; L. Carlone, R. Tron, K. Daniilidis, F. Dellaert, "Initialization techniques for 3D SLAM", ICRA 2015).
 *
 * A measured rotation Z between i and j says R_j = R_i Z. Forgetting that the R are rotations, that is linear, and each row
 * r' of R obeys  r_j = Z' r_i  on its own: three right-hand sides with one matrix of 3 x 3 blocks. In the plane the first
 * column (cos, sin) obeys  u_j = Z u_i: one right-hand side, 2 x 2 blocks. A factor weighs with the mean diagonal entry of
 * its rotation information. Held variables and priors anchor their component, else its smallest key does. The solution is
 * projected to the nearest rotations. */
#include "chordal.h"
#include "components.h"
#include "linear_graph.h"
#include "memory.h"
#include "nearest_rotation.h"
#include "space.h"
#include <math.h>
#include <string.h>

typedef struct {
    fgo_graph *g, *h;   /* h: the linear problem; its keys are variable numbers of g */
    int world;          /* n below: entries of a row or column */
    double *x;          /* of g */
    double *M;          /* solution of each variable of h: world x world, row k from side k (or column 0) */
    size_t *prior;      /* factors of h that are priors .. */
    double (*prior_M)[9]; /* .. and the rotations they say */
    size_t priors, prior_capacity, prior_M_capacity;
} chordal;

/* ---- rotations as matrices; in the plane only the first row of two numbers, (cos, sin), counts ---- */

static const double *rotation_of(const fgo_graph *g, const double *x, size_t v)
{
    const fgoi_variable *var = &g->variable[v];
    return x + var->x + fgoi_space_translation(fgoi_space_of(var->manifold));
}

/* Row-major world x world matrix of a stored rotation. */
static void to_matrix(int world, const double *r, double *R)
{
    if (world == 2) {
        R[0] = R[3] = r[0], R[1] = -r[1], R[2] = r[1];
        return;
    }
    const double x = r[0], y = r[1], z = r[2], w = r[3];
    const double m[9] = { 1 - 2 * (y * y + z * z), 2 * (x * y - w * z),     2 * (x * z + w * y),
                          2 * (x * y + w * z),     1 - 2 * (x * x + z * z), 2 * (y * z - w * x),
                          2 * (x * z - w * y),     2 * (y * z + w * x),     1 - 2 * (x * x + y * y) };
    memcpy(R, m, sizeof m);
}

/* ---- building the linear problem ---- */

static int in_world(const chordal *c, uint32_t v) { return fgoi_space_world(fgoi_space_of(c->g->variable[v].manifold)) == c->world; }

static fgo_status add_variables(chordal *c)
{
    fgo_manifold m;
    const double zero[3] = { 0 };
    fgo_status status = fgo_manifold_rn(c->world, &m);
    for (uint32_t v = 0; v < c->g->variable_count && !status; v++)
        if (in_world(c, v)) status = fgo_graph_add_variable(c->h, v, &m, zero);
    return status;
}

/* Mean diagonal entry of the rotation's information; rotations come last in a residual, as in the tangent. */
static double weight_of(const fgoi_group *group, size_t f, int rotation)
{
    const int n = group->c.rows;
    const double *W = group->W + f * fgoi_packed(n);
    double sum = 0.0;
    for (int i = 0; i < n; W += n - i, i++)
        for (int j = n - rotation < i ? i : n - rotation; j < n; j++) sum += W[j - i] * W[j - i];
    return sum / rotation;
}

/* The rotation that a factor measures: of its second variable relative to the first, or of its only variable. 0, or -1. */
static int measured_rotation(const chordal *c, const fgoi_group *group, size_t f, double *Z)
{
    double identity[7] = { 0 }, value[FGO_MAX_DIMENSION];
    const uint32_t *variable = group->variable + f * (size_t)group->c.arity;
    const fgoi_space s = fgoi_space_of(c->g->variable[variable[0]].manifold);
    identity[fgoi_space_translation(s) + (c->world == 2 ? 0 : 3)] = 1.0;
    const double *x[2] = { identity, identity };
    if (group->c.predict(&group->c, group->z + f * group->c.measurement_size, x, group->c.arity - 1, value)) return -1;
    to_matrix(c->world, value + fgoi_space_translation(s), Z);
    return 0;
}

/* Does this class measure a rotation between two variables, or of one? */
static int usable(const chordal *c, const fgoi_group *group)
{
    if (!group->count || !group->c.predict || group->c.arity > 2) return 0;
    if (group->c.gauge != (group->c.arity == 2 ? FGO_GAUGE_RELATIVE : FGO_GAUGE_ABSOLUTE)) return 0;
    const fgo_manifold *m = c->g->variable[group->variable[0]].manifold;
    for (int k = 0; k < group->c.arity; k++)
        if (c->g->variable[group->variable[k]].manifold->retract != m->retract) return 0;
    return fgoi_space_world(fgoi_space_of(m)) == c->world && group->c.rows == m->tangent;
}

static fgo_status add_prior(chordal *c, int64_t key, const double *Z, fgo_noise noise)
{
    const int n = c->world;
    double measurement[12] = { 0 };
    const fgo_factor_class class = fgoi_linear_factor(n, 1, &n);
    for (int i = 0; i < n; i++) measurement[i * n + i] = 1.0;
    if (fgoi_grow(&c->prior, &c->prior_capacity, c->priors + 1, sizeof *c->prior) ||
        fgoi_grow(&c->prior_M, &c->prior_M_capacity, c->priors + 1, sizeof *c->prior_M))
        return fgoi_fail_memory(&c->g->message);
    c->prior[c->priors] = fgo_graph_factor_count(c->h);
    memcpy(c->prior_M[c->priors++], Z, (size_t)(n * n) * sizeof *Z);
    return fgo_graph_add_factor(c->h, &class, &key, measurement, noise, fgo_no_loss());
}

static fgo_status add_relative(chordal *c, const uint32_t *variable, const double *Z, fgo_noise noise)
{
    const int n = c->world;
    double measurement[21] = { 0 }; /* A = [-Z' I] in space, [-Z I] in the plane; c = 0 */
    const fgo_factor_class class = fgoi_linear_factor(n, 2, (int[]){ n, n });
    for (int i = 0; i < n; i++) {
        for (int j = 0; j < n; j++) measurement[i * 2 * n + j] = n == 3 ? -Z[j * n + i] : -Z[i * n + j];
        measurement[i * 2 * n + n + i] = 1.0;
    }
    return fgo_graph_add_factor(c->h, &class, (int64_t[]){ variable[0], variable[1] }, measurement, noise, fgo_no_loss());
}

static fgo_status add_group(chordal *c, const fgoi_group *group)
{
    const int rotation = c->world == 2 ? 1 : 3;
    double mean = 0.0, Z[9];
    fgo_status status = FGO_OK;
    for (size_t f = 0; f < group->count; f++) mean += weight_of(group, f, rotation) / (double)group->count;
    for (size_t f = 0; f < group->count && !status; f++) {
        const uint32_t *variable = group->variable + f * (size_t)group->c.arity;
        /* an edge without rotation information still connects: it gets a weight that others overrule */
        const double weight = fmax(weight_of(group, f, rotation), 1e-9 * mean);
        if (!(weight > 0.0) || measured_rotation(c, group, f, Z)) continue;
        const fgo_noise noise = fgo_sigma(1.0 / sqrt(weight));
        status = group->c.arity == 1 ? add_prior(c, variable[0], Z, noise) : add_relative(c, variable, Z, noise);
    }
    return status;
}

/* Holds what is held in g, and in every component that nothing anchors the smallest key of g. */
static fgo_status anchor(chordal *c)
{
    const size_t n = c->h->variable_count;
    size_t components = 0;
    fgo_status status = FGO_OK;
    uint32_t *of = fgoi_alloc(n, sizeof *of), *smallest = NULL;
    unsigned char *anchored = NULL;
    if (!of || fgoi_components(c->h, of, &components) || !(smallest = fgoi_alloc(components, sizeof *smallest)) ||
        !(anchored = fgoi_alloc(components, 1))) {
        status = fgoi_fail_memory(&c->g->message);
        goto done;
    }
    for (size_t i = 0; i < components; i++) smallest[i] = FGOI_NO_VALUE;
    for (size_t i = 0; i < n && !status; i++) {
        const size_t v = (size_t)c->h->variable[i].key;
        uint32_t *least = &smallest[of[i]];
        if (*least == FGOI_NO_VALUE || c->g->variable[v].key < c->g->variable[c->h->variable[*least].key].key) *least = (uint32_t)i;
        if (fgo_graph_variable_held(c->g, v) < c->g->variable[v].manifold->tangent) continue;
        anchored[of[i]] = 1;
        status = fgo_graph_hold(c->h, (int64_t)v);
    }
    for (size_t p = 0; p < c->priors; p++) {
        int64_t key;
        fgo_graph_factor_keys(c->h, c->prior[p], &key);
        anchored[of[fgoi_keymap_find(&c->h->keys, key)]] = 1;
    }
    for (size_t i = 0; i < components && !status; i++)
        if (!anchored[i]) status = fgo_graph_hold(c->h, c->h->variable[smallest[i]].key);
done:
    fgoi_free(of);
    fgoi_free(smallest);
    fgoi_free(anchored);
    return status;
}

/* ---- solving ---- */

/* Row k of a rotation in space; (cos, sin) in the plane, its first column. */
static void side_of(int world, const double *R, int k, double *side)
{
    for (int i = 0; i < world; i++) side[i] = world == 3 ? R[3 * k + i] : R[2 * i];
}

/* Values: zero but for what is held. Priors: side k of what they say. */
static void prepare(void *context, fgo_graph *h, int k)
{
    chordal *c = context;
    const int n = c->world;
    double R[9], measurement[12] = { 0 };
    memset(h->x, 0, h->x_size * sizeof *h->x);
    for (size_t i = 0; i < h->variable_count; i++)
        if (fgo_graph_variable_held(h, i)) {
            to_matrix(n, rotation_of(c->g, c->x, (size_t)h->variable[i].key), R);
            side_of(n, R, k, h->x + h->variable[i].x);
        }
    for (int i = 0; i < n; i++) measurement[i * n + i] = 1.0;
    for (size_t p = 0; p < c->priors; p++) {
        side_of(n, c->prior_M[p], k, measurement + n * n);
        fgo_graph_set_measurement(h, c->prior[p], measurement);
    }
}

static void collect(void *context, fgo_graph *h, int k)
{
    chordal *c = context;
    const size_t n = (size_t)c->world;
    for (size_t i = 0; i < h->variable_count; i++)
        memcpy(c->M + i * n * n + (size_t)k * n, h->x + h->variable[i].x, n * sizeof *c->M);
}

/* The nearest rotations into x, but for what is held. */
static void project(chordal *c)
{
    const size_t n = (size_t)c->world;
    for (size_t i = 0; i < c->h->variable_count; i++) {
        const size_t v = (size_t)c->h->variable[i].key;
        const double *M = c->M + i * n * n;
        double *r = c->x + (rotation_of(c->g, c->x, v) - c->x), q[4];
        if (fgo_graph_variable_held(c->h, i)) continue;
        if (n == 2) {
            const double length = hypot(M[0], M[1]);
            if (length > 0.0) r[0] = M[0] / length, r[1] = M[1] / length;
        } else if (!fgoi_nearest_rotation(M, q)) {
            memcpy(r, q, sizeof q);
        }
    }
}

fgo_status fgoi_chordal_rotations(fgo_graph *g, int world, double *x, int *solved)
{
    chordal c = { .g = g, .world = world, .x = x };
    *solved = 0;
    fgo_status status = fgo_graph_create(&c.h);
    if (!status) status = add_variables(&c);
    if (status || c.h->variable_count == 0) goto done;
    for (size_t i = 0; i < g->group_count && !status; i++)
        if (usable(&c, &g->group[i])) status = add_group(&c, &g->group[i]);
    if (!status) status = anchor(&c);
    if (!status && !(c.M = fgoi_alloc(c.h->variable_count, (size_t)(world * world) * sizeof *c.M)))
        status = fgoi_fail_memory(&g->message);
    const fgoi_right_hand_sides sides = { world == 3 ? 3 : 1, prepare, collect, &c };
    if (!status) status = fgoi_linear_graph_solve(c.h, &sides, solved);
    if (!status && *solved) project(&c);
done:
    fgo_graph_free(c.h);
    fgoi_free(c.M);
    fgoi_free(c.prior);
    fgoi_free(c.prior_M);
    return status;
}
