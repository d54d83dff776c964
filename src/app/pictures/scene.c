/* SPDX-License-Identifier: BSD-3-Clause */
/* scene.c -- projects a graph and sorts its edges for the painter. */
#include "scene.h"
#include <float.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

static const size_t no_point = (size_t)-1;

static scene_point project(const scene *s, const double x[3])
{
    scene_point p = { 0.0, 0.0, 0.0 };
    for (int k = 0; k < 3; k++) {
        p.u += x[k] * s->axis[k].u;
        p.v += x[k] * s->axis[k].v;
        p.depth += x[k] * s->axis[k].depth;
    }
    return p;
}

static void look(scene *s, const scene_view *view)
{
    if (!s->spatial) {
        s->axis[0] = (scene_point){ 1.0, 0.0, 0.0 };
        s->axis[1] = (scene_point){ 0.0, 1.0, 0.0 };
        s->axis[2] = (scene_point){ 0.0, 0.0, 1.0 };
        return;
    }
    const double degree = 3.14159265358979323846 / 180.0;
    double ca = cos(view->azimuth * degree), sa = sin(view->azimuth * degree);
    double ce = cos(view->elevation * degree), se = sin(view->elevation * degree);
    s->axis[0] = (scene_point){ ca, se * -sa, ce * sa };
    s->axis[1] = (scene_point){ sa, se * ca, -ce * ca };
    s->axis[2] = (scene_point){ 0.0, ce, se };
}

int scene_place(fgo_graph *g, size_t variable, const double *value, double x[3], int *landmark)
{
    const fgo_manifold *m = fgo_graph_variable_manifold(g, variable);
    double quaternion[4];
    if (!(fgo_manifold_place(m, value, x, quaternion) & FGO_PLACE_POSITION)) return 0;
    *landmark = m->traits->kind == FGO_MANIFOLD_POINT;
    return 1;
}

int scene_world(fgo_graph *g, size_t variable)
{
    const fgo_manifold_traits *t = fgo_graph_variable_manifold(g, variable)->traits;
    return t ? t->world : 0;
}

/* Fills the points of s; number[i] becomes the point of variable i. */
static void collect_points(scene *s, fgo_graph *g, size_t *number)
{
    int64_t smallest = INT64_MAX;
    for (size_t i = 0; i < fgo_graph_variable_count(g); i++) {
        double x[3];
        int landmark;
        number[i] = no_point;
        if (!scene_place(g, i, fgo_graph_variable_value(g, i), x, &landmark)) continue;
        scene_point p = project(s, x);
        number[i] = s->points;
        s->landmark[s->points] = (unsigned char)landmark;
        if (!landmark && fgo_graph_variable_key(g, i) <= smallest) {
            smallest = fgo_graph_variable_key(g, i);
            s->start = s->points;
        }
        s->poses += !landmark;
        s->low[0] = fmin(s->low[0], p.u), s->high[0] = fmax(s->high[0], p.u);
        s->low[1] = fmin(s->low[1], p.v), s->high[1] = fmax(s->high[1], p.v);
        s->point[s->points++] = p;
    }
}

scene_kind scene_kind_of(int64_t a, int64_t b) { return (a < b ? b - 1 == a : a - 1 == b) ? SCENE_ODOMETRY : SCENE_CLOSURE; }

int scene_prior(fgo_graph *g, size_t factor, size_t *variable)
{
    int64_t key[FGO_MAX_ARITY];
    return fgo_graph_factor_class(g, factor)->arity == 1 && !fgo_graph_factor_keys(g, factor, key) &&
           !fgo_graph_find(g, key[0], variable);
}

static void collect_priors(scene *s, fgo_graph *g, const size_t *number)
{
    for (size_t f = 0, i; f < fgo_graph_factor_count(g); f++) {
        if (!scene_prior(g, f, &i) || number[i] == no_point) continue;
        s->prior[number[i]] = 1;
        s->priors++;
    }
}

static void collect_edges(scene *s, fgo_graph *g, const size_t *number)
{
    for (size_t f = 0; f < fgo_graph_factor_count(g); f++) {
        int64_t key[FGO_MAX_ARITY];
        size_t i, j;
        if (fgo_graph_factor_class(g, f)->arity != 2 || fgo_graph_factor_keys(g, f, key)) continue;
        if (key[0] > key[1]) {
            int64_t swap = key[0];
            key[0] = key[1];
            key[1] = swap;
        }
        if (fgo_graph_find(g, key[0], &i) || fgo_graph_find(g, key[1], &j)) continue;
        if (number[i] == no_point || number[j] == no_point) continue;
        scene_edge e = { .a = number[i], .b = number[j], .kind = scene_kind_of(key[0], key[1]) };
        if (s->landmark[e.a] || s->landmark[e.b]) e.kind = SCENE_LANDMARK;
        if (s->residuals && fgo_graph_chi2(g, f, &e.chi2)) e.chi2 = (double)NAN;
        s->drawn[e.kind]++;
        s->edge[s->edges++] = e;
    }
}

static double depth_of(const scene *s, const scene_edge *e) { return 0.5 * (s->point[e->a].depth + s->point[e->b].depth); }

static int compare_numbers(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

void scene_decades(double *chi2, size_t count, double decade[2])
{
    qsort(chi2, count, sizeof *chi2, compare_numbers);
    double low = count ? chi2[count / 20] : 1.0, high = count ? chi2[count - 1] : 1.0;
    decade[1] = high > 0.0 ? ceil(log10(high) - 1e-9) : 0.0;
    decade[0] = low > 0.0 ? floor(log10(low) + 1e-9) : decade[1] - 4.0;
    decade[0] = fmax(decade[0], decade[1] - 8.0); /* below that no residual of a measurement is of interest */
    decade[0] = fmin(decade[0], decade[1] - 2.0);
}

static int find_decades(scene *s)
{
    double *chi2 = malloc((s->edges + 1) * sizeof *chi2);
    size_t count = 0;
    if (!chi2) return -1;
    for (size_t k = 0; s->residuals && k < s->edges; k++)
        if (isfinite(s->edge[k].chi2)) chi2[count++] = s->edge[k].chi2;
    scene_decades(chi2, count, s->decade);
    free(chi2);
    return 0;
}

/* Sets the shade of each edge: what its colour says. Edges whose chi2 cannot be evaluated count as the largest. */
static void shade_edges(scene *s)
{
    for (size_t k = 0; k < s->edges; k++) {
        scene_edge *e = &s->edge[k];
        double t = (log10(fmax(e->chi2, 1e-300)) - s->decade[0]) / (s->decade[1] - s->decade[0]);
        if (!isfinite(e->chi2)) t = 1.0;
        e->shade = s->residuals ? (int)lround(fmin(fmax(t, 0.0), 1.0) * (SCENE_LEVELS - 1)) : (int)e->kind;
    }
}

/* Sorts the edges by layer and shade. A counting sort keeps the order of the file otherwise, so that odometry stays one long
 * line. */
static int sort_edges(scene *s)
{
    size_t start[SCENE_LAYERS * SCENE_LEVELS + 1] = { 0 };
    double near = -DBL_MAX, far = DBL_MAX;
    scene_edge *sorted = malloc((s->edges + 1) * sizeof *sorted);
    if (!sorted) return -1;
    for (size_t k = 0; k < s->edges; k++) {
        near = fmax(near, depth_of(s, &s->edge[k]));
        far = fmin(far, depth_of(s, &s->edge[k]));
    }
    for (size_t k = 0; k < s->edges; k++) {
        scene_edge *e = &s->edge[k];
        double nearness = near > far ? (depth_of(s, e) - far) / (near - far) : 1.0;
        e->layer = !s->spatial ? SCENE_LAYERS - 1 : (int)fmin(SCENE_LAYERS - 1, nearness * SCENE_LAYERS);
        start[e->layer * SCENE_LEVELS + e->shade + 1]++;
    }
    for (size_t b = 1; b <= (size_t)SCENE_LAYERS * SCENE_LEVELS; b++) start[b] += start[b - 1];
    for (size_t k = 0; k < s->edges; k++) sorted[start[s->edge[k].layer * SCENE_LEVELS + s->edge[k].shade]++] = s->edge[k];
    free(s->edge);
    s->edge = sorted;
    return 0;
}

cli_exit scene_shade(scene *s, const double decade[2])
{
    s->decade[0] = decade[0], s->decade[1] = decade[1];
    shade_edges(s);
    return sort_edges(s) ? cli_fail(CLI_FAILURE, "out of memory") : CLI_OK;
}

cli_exit scene_create(fgo_graph *g, const char *file, const scene_view *view, scene *out)
{
    size_t n = fgo_graph_variable_count(g), m = fgo_graph_factor_count(g), *number = calloc(n + 1, sizeof *number);
    *out = (scene){ .file = file, .residuals = view->residuals, .low = { DBL_MAX, DBL_MAX }, .high = { -DBL_MAX, -DBL_MAX } };
    out->point = calloc(n + 1, sizeof *out->point);
    out->landmark = calloc(n + 1, 1);
    out->prior = calloc(n + 1, 1);
    out->edge = calloc(m + 1, sizeof *out->edge);
    cli_exit code = CLI_OK;
    if (!number || !out->point || !out->landmark || !out->prior || !out->edge) {
        code = cli_fail(CLI_FAILURE, "out of memory");
        goto done;
    }
    for (size_t i = 0; i < n; i++) out->spatial |= scene_world(g, i) == 3;
    look(out, view);
    collect_points(out, g, number);
    collect_priors(out, g, number);
    collect_edges(out, g, number);
    const fgo_status status = fgo_graph_cost(g, &out->chi2);
    if (status) out->chi2 = (double)NAN;
    if (status == FGO_ERROR_MEMORY)
        code = cli_fail_status(status, CLI_FAILURE);
    else if (out->points == 0)
        code = cli_fail(CLI_INPUT, "%s: nothing to draw, no variable has a place", file);
    else
        code = find_decades(out) ? cli_fail(CLI_FAILURE, "out of memory") : scene_shade(out, out->decade);
done:
    free(number);
    if (code) scene_free(out);
    return code;
}

void scene_free(scene *s)
{
    free(s->point);
    free(s->landmark);
    free(s->prior);
    free(s->edge);
    *s = (scene){ 0 };
}
