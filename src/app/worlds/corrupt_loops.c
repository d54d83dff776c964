/* SPDX-License-Identifier: BSD-3-Clause */
/* corrupt_loops.c -- wrong loop closures: two places are taken for one, as in perceptual aliasing.
 *
 * Poses are counted in ascending order of their ids, i < j two of them. A loop claims j to be at i, up to normal noise:
 * z = Exp(n). In a consistent group the first says z_0 and the k-th what follows from it along the estimates in the
 * file, z_k = (x_i^-1 x_(i+k))^-1 z_0 (x_j^-1 x_(j+k)). A pair is drawn again if an edge joins it, or if the estimates
 * put it where the loop claims: it would not be wrong. */
#include "corrupt.h"
#include "world.h"
#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

/* The pairs that edges join: open addressing, at most half full. */
typedef struct pairs {
    uint64_t *slot; /* i << 32 | j with i < j, which is never 0 */
    size_t mask;
} pairs;

typedef struct pose_list {
    int stride; /* WORLD_PLANAR or WORLD_SPATIAL */
    size_t count;
    int64_t *id;
    double *x;                     /* count * stride */
    uint32_t *order;               /* of each variable of the graph; UINT32_MAX: not in the list */
    const fgo_factor_class *class; /* of the loops */
    size_t closing;                /* how many factors of that class close loops */
    size_t *closure, closures;     /* these; if there are none, all of that class */
    pairs joined;
} pose_list;

static uint64_t *slot_of(const pairs *p, uint64_t key)
{
    size_t at = (size_t)((key * 0x9e3779b97f4a7c15u) >> 20) & p->mask; /* Fibonacci hashing, D. Knuth vol. 3, 6.4 */
    while (p->slot[at] && p->slot[at] != key) at = (at + 1) & p->mask;
    return &p->slot[at];
}

static uint64_t pair_key(size_t i, size_t j) { return i < j ? (uint64_t)i << 32 | j : (uint64_t)j << 32 | i; }

/* ---- what the graph has ---- */

static void free_list(pose_list *l)
{
    free(l->id);
    free(l->x);
    free(l->order);
    free(l->closure);
    free(l->joined.slot);
}

typedef struct numbered {
    int64_t id;
    size_t variable;
} numbered;

static int by_id(const void *a, const void *b)
{
    const int64_t x = ((const numbered *)a)->id, y = ((const numbered *)b)->id;
    return (x > y) - (x < y);
}

/* Chooses between the poses of the plane and the poses of space, whichever are more. */
static int choose_kind(const fgo_graph *g, pose_list *l)
{
    size_t planar = 0, spatial = 0;
    for (size_t v = 0; v < fgo_graph_variable_count(g); v++) {
        planar += !strcmp(fgo_graph_variable_manifold(g, v)->name, fgo_manifold_se2.name);
        spatial += !strcmp(fgo_graph_variable_manifold(g, v)->name, fgo_manifold_se3.name);
    }
    l->stride = planar >= spatial ? WORLD_PLANAR : WORLD_SPATIAL;
    l->class = planar >= spatial ? &fgo_between_se2 : &fgo_between_se3;
    l->count = planar >= spatial ? planar : spatial;
    return l->count > 2 && l->count < UINT32_MAX;
}

static cli_exit list_poses(const fgo_graph *g, pose_list *l)
{
    const size_t n = fgo_graph_variable_count(g);
    const fgo_manifold *wanted = l->stride == WORLD_PLANAR ? &fgo_manifold_se2 : &fgo_manifold_se3;
    numbered *row = malloc(l->count * sizeof *row);
    l->id = malloc(l->count * sizeof *l->id);
    l->x = malloc(l->count * (size_t)l->stride * sizeof *l->x);
    l->order = malloc(n * sizeof *l->order);
    if (!row || !l->id || !l->x || !l->order) {
        free(row);
        return cli_fail(CLI_FAILURE, "out of memory");
    }
    for (size_t v = 0, k = 0; v < n; v++) {
        l->order[v] = UINT32_MAX;
        if (!strcmp(fgo_graph_variable_manifold(g, v)->name, wanted->name))
            row[k++] = (numbered){ fgo_graph_variable_key(g, v), v };
    }
    qsort(row, l->count, sizeof *row, by_id);
    for (size_t i = 0; i < l->count; i++) {
        const double *x = fgo_graph_variable_value(g, row[i].variable);
        double *own = l->x + i * (size_t)l->stride;
        memcpy(own, x, (size_t)(l->stride == WORLD_PLANAR ? 2 : 7) * sizeof *own);
        if (l->stride == WORLD_PLANAR) own[2] = atan2(x[3], x[2]);
        l->id[i] = row[i].id;
        l->order[row[i].variable] = (uint32_t)i;
    }
    free(row);
    return CLI_OK;
}

/* Lists which pairs of poses edges join, and which of the edges are loop closures. */
static cli_exit list_edges(fgo_graph *g, pose_list *l, size_t room)
{
    const size_t m = fgo_graph_factor_count(g);
    size_t slots = 16;
    while (slots < 2 * (m + room)) slots *= 2;
    l->joined = (pairs){ calloc(slots, sizeof *l->joined.slot), slots - 1 };
    l->closure = malloc((m + 1) * sizeof *l->closure);
    if (!l->joined.slot || !l->closure) return cli_fail(CLI_FAILURE, "out of memory");
    for (int pass = 0; pass < 2 && (!pass || !l->closures); pass++) {
        for (size_t f = 0; f < m; f++) {
            const fgo_factor_class *c = fgo_graph_factor_class(g, f);
            int64_t key[FGO_MAX_ARITY];
            size_t v[2];
            if (c->arity != 2 || fgo_graph_factor_keys(g, f, key)) continue;
            if (fgo_graph_find(g, key[0], &v[0]) || fgo_graph_find(g, key[1], &v[1])) continue;
            const size_t i = l->order[v[0]], j = l->order[v[1]];
            if (i == UINT32_MAX || j == UINT32_MAX) continue;
            const uint64_t pair = pair_key(i, j);
            *slot_of(&l->joined, pair) = pair;
            if (strcmp(c->name, l->class->name) != 0) continue;
            if (pass || (i + 1 != j && j + 1 != i)) l->closure[l->closures++] = f;
        }
        if (!pass) l->closing = l->closures;
    }
    return CLI_OK;
}

/* ---- drawing ---- */

static double largest_step(const pose_list *l, const double *a, const double *b, double *turn)
{
    double d[WORLD_SPATIAL];
    pose_between(l->stride, a, b, d);
    *turn = l->stride == WORLD_PLANAR ? fabs(d[2]) : fgo_so3_angle((fgo_so3){ { d[3], d[4], d[5], d[6] } });
    return l->stride == WORLD_PLANAR ? hypot(d[0], d[1]) : sqrt(d[0] * d[0] + d[1] * d[1] + d[2] * d[2]);
}

static const double *pose_at(const pose_list *l, size_t i) { return l->x + i * (size_t)l->stride; }

/* Returns 1 if no edge joins the pair (i, j) and the estimates contradict z by more than three deviations of the spread. */
static int is_wrong(const pose_list *l, size_t i, size_t j, const double *z, corrupt_sigmas spread)
{
    double now[WORLD_SPATIAL], turn;
    if (*slot_of(&l->joined, pair_key(i, j))) return 0;
    pose_between(l->stride, pose_at(l, i), pose_at(l, j), now);
    const double step = largest_step(l, z, now, &turn);
    return step > 3 * spread.translation || turn > 3 * spread.rotation;
}

/* Draws the first pair of a group of `size`: i < j, more than one step apart. Returns 0 if the graph has no such pair. */
static int draw_pair(const pose_list *l, const corrupt_target *t, size_t size, random_state *r, size_t *i, size_t *j)
{
    const size_t n = l->count;
    if (size + 2 > n) return 0;
    if (t->kind == CORRUPT_LOCAL || t->kind == CORRUPT_LOCAL_GROUPED) {
        const size_t reach = (size_t)t->reach;
        const size_t apart = 2 + (size_t)random_below(r, reach - 1);
        if (apart + size > n) return 0;
        *i = (size_t)random_below(r, n - apart - size + 1);
        *j = *i + apart;
        return 1;
    }
    do { /* n - size >= 2: there is such a pair */
        *i = (size_t)random_below(r, n - size + 1);
        *j = (size_t)random_below(r, n - size + 1);
    } while (*i + 1 >= *j);
    return 1;
}

static void draw_measurement(const pose_list *l, corrupt_sigmas spread, random_state *r, double *z)
{
    static const double planar[WORLD_PLANAR] = { 0 }, spatial[WORLD_SPATIAL] = { 0, 0, 0, 0, 0, 0, 1 };
    const int tangent = l->stride == WORLD_PLANAR ? 3 : 6, axes = tangent == 3 ? 2 : 3;
    double n[6];
    for (int k = 0; k < tangent; k++) n[k] = random_normal(r) * (k < axes ? spread.translation : spread.rotation);
    pose_perturb(l->stride, l->stride == WORLD_PLANAR ? planar : spatial, n, z);
}

/* Computes z_k of a consistent group from z_0. */
static void continue_measurement(const pose_list *l, size_t i, size_t j, size_t k, const double *z0, double *z)
{
    double a[WORLD_SPATIAL], b[WORLD_SPATIAL], back[WORLD_SPATIAL];
    pose_between(l->stride, pose_at(l, i + k), pose_at(l, i), back);
    pose_between(l->stride, pose_at(l, j), pose_at(l, j + k), b);
    pose_compose(l->stride, back, z0, a);
    pose_compose(l->stride, a, b, z);
}

/* ---- adding ---- */

/* Computes the diagonal of the inverse covariance in g2o's units, where the rotations of SE(3) are half angles. */
static void plain_information(const pose_list *l, corrupt_sigmas s, double *Omega)
{
    const int rows = l->class->rows, axes = rows == 3 ? 2 : 3;
    memset(Omega, 0, (size_t)(rows * rows) * sizeof *Omega);
    for (int k = 0; k < rows; k++)
        Omega[k * rows + k] = k < axes ? 1 / (s.translation * s.translation) : (rows == 6 ? 4 : 1) / (s.rotation * s.rotation);
}

static cli_exit add_loop(fgo_graph *g, pose_list *l, const corrupt_target *t, size_t i, size_t j, const double *z, size_t group,
                         random_state *r, corrupt_result *out)
{
    double Omega[36];
    fgo_status status = FGO_OK;
    if (t->weight.translation > 0)
        plain_information(l, t->weight, Omega);
    else
        status = fgo_graph_factor_information(g, l->closure[random_below(r, l->closures)], Omega);
    const fgo_se2 planar = fgo_se2_from_angle(z[0], z[1], z[2]);
    const int64_t key[2] = { l->id[i], l->id[j] };
    if (!status)
        status = fgo_graph_add_factor(g, l->class, key, l->stride == WORLD_PLANAR ? (const void *)&planar : z,
                                      fgo_noise_projected(Omega), fgo_loss_none());
    if (status) return cli_fail_status(status, CLI_FAILURE);
    *slot_of(&l->joined, pair_key(i, j)) = pair_key(i, j);
    out->loop[out->loops++] = (corrupt_loop){ { key[0], key[1] }, group };
    return CLI_OK;
}

static cli_exit draw_loops(fgo_graph *g, pose_list *l, const corrupt_target *t, size_t wanted, corrupt_result *out)
{
    const int grouped = t->kind == CORRUPT_GROUPED || t->kind == CORRUPT_LOCAL_GROUPED;
    const size_t size = grouped ? (size_t)t->group : 1;
    random_state pair, measurement, weight;
    cli_exit code = CLI_OK;
    random_seed(&pair, t->seed, RANDOM_PAIR);
    random_seed(&measurement, t->seed, RANDOM_FALSE_LOOP);
    random_seed(&weight, t->seed, RANDOM_WEIGHT);
    size_t group = 0;
    for (size_t tries = 0; out->loops < wanted && !code; tries++) {
        size_t i, j, before = out->loops;
        double z0[WORLD_SPATIAL], z[WORLD_SPATIAL];
        if (tries > 100 * wanted + 1000)
            return cli_fail(CLI_INPUT, "found only %zu of %zu wrong loops that are neither there nor true", before, wanted);
        if (!draw_pair(l, t, size, &pair, &i, &j)) continue;
        draw_measurement(l, t->spread, &measurement, z0);
        for (size_t k = 0; k < size && out->loops < wanted && !code; k++) {
            if (k && t->consistent)
                continue_measurement(l, i, j, k, z0, z);
            else if (k)
                draw_measurement(l, t->spread, &measurement, z);
            else
                memcpy(z, z0, sizeof z);
            if (is_wrong(l, i + k, j + k, z, t->spread))
                code = add_loop(g, l, t, i + k, j + k, z, group, &weight, out);
            else if (k == 0)
                break;
        }
        group += out->loops > before;
    }
    return code;
}

cli_exit corrupt_add_loops(fgo_graph *g, const corrupt_target *t, corrupt_result *out)
{
    pose_list l = { 0 };
    if (!choose_kind(g, &l)) return cli_fail(CLI_INPUT, "--loops: the graph has fewer than three poses in SE2 or SE3");
    const corrupt_amount amount = t->loops;
    const double most = amount.percent ? amount.number / 100 * (double)fgo_graph_factor_count(g) : amount.number;
    cli_exit code = list_poses(g, &l);
    if (!code) code = list_edges(g, &l, (size_t)most + 1);
    const size_t wanted = amount.percent ? (size_t)(amount.number / 100 * (double)l.closing + 0.5) : (size_t)amount.number;
    if (!code && amount.percent && !l.closing)
        code = cli_fail(CLI_INPUT, "--loops: the graph has no loop closures to take a percentage of");
    if (!code && !l.closures && !(t->weight.translation > 0))
        code = cli_fail(CLI_INPUT, "no %s edge whose information the loops could take; give --loop-sigma", l.class->name);
    if (!code) {
        out->loop = malloc((wanted + 1) * sizeof *out->loop);
        code = out->loop ? draw_loops(g, &l, t, wanted, out) : cli_fail(CLI_FAILURE, "out of memory for %zu loops", wanted);
    }
    free_list(&l);
    return code;
}
