/* SPDX-License-Identifier: BSD-3-Clause */
/* replay.c -- packs a graph and its estimates. */
#include "replay.h"
#include <math.h>
#include <stdlib.h>
#include <string.h>

/* The most bytes of frames, before base64, that a page holds; the first and the last frame are always in it. */
static const double most_bytes = 40e6;
enum { MAX_FRAMES = 100, MIN_FRAMES = 4 };

static cli_exit out_of_memory(void) { return cli_fail(CLI_FAILURE, "out of memory"); }

/* Fills the points of r; point[i] becomes the point of variable i, UINT32_MAX if the variable has no place. */
static void collect_points(replay *r, fgo_graph *g, uint32_t *point)
{
    double low[3] = { HUGE_VAL, HUGE_VAL, HUGE_VAL }, high[3] = { -HUGE_VAL, -HUGE_VAL, -HUGE_VAL };
    for (size_t i = 0; i < fgo_graph_variable_count(g); i++) {
        double x[3];
        int landmark;
        point[i] = UINT32_MAX;
        if (!scene_place(g, i, fgo_graph_variable_value(g, i), x, &landmark)) continue;
        point[i] = (uint32_t)r->points;
        r->variable[r->points] = (uint32_t)i;
        r->key[r->points] = fgo_graph_variable_key(g, i);
        r->landmark[r->points++] = (unsigned char)landmark;
        r->spatial |= scene_world(g, i) == 3;
        for (int k = 0; k < 3; k++) low[k] = fmin(low[k], x[k]), high[k] = fmax(high[k], x[k]);
    }
    for (int k = 0; k < 3 && r->points; k++) r->origin[k] = 0.5 * (low[k] + high[k]);
    r->dims = r->spatial ? 3 : 2;
    r->turns = r->spatial ? 4 : 1;
}

/* Returns the number of class c in r, and adds the class if it is new. The last number stands for all classes that do not fit. */
static unsigned char class_number(replay *r, const fgo_factor_class *c)
{
    int i = 0;
    while (i < r->class_count && r->classes[i] != c) i++;
    if (i == r->class_count && i < REPLAY_CLASSES) r->classes[r->class_count++] = c;
    return (unsigned char)(i < REPLAY_CLASSES ? i : REPLAY_CLASSES - 1);
}

static void collect_edges(replay *r, fgo_graph *g, const uint32_t *point, scene_kind kind)
{
    for (size_t f = 0; f < fgo_graph_factor_count(g); f++) {
        const fgo_factor_class *c = fgo_graph_factor_class(g, f);
        int64_t key[FGO_MAX_ARITY];
        size_t i, j;
        if (c->arity != 2 || fgo_graph_factor_keys(g, f, key)) continue;
        if (fgo_graph_find(g, key[0], &i) || fgo_graph_find(g, key[1], &j)) continue;
        if (point[i] == UINT32_MAX || point[j] == UINT32_MAX) continue;
        scene_kind of = r->landmark[point[i]] || r->landmark[point[j]] ? SCENE_LANDMARK : scene_kind_of(key[0], key[1]);
        if (of != kind) continue;
        r->edge[r->edges++] = (replay_edge){ point[i], point[j], (uint32_t)f, (unsigned char)kind, class_number(r, c) };
    }
}

static void collect_priors(replay *r, fgo_graph *g, const uint32_t *point)
{
    for (size_t f = 0, i; f < fgo_graph_factor_count(g); f++)
        if (scene_prior(g, f, &i) && point[i] != UINT32_MAX) r->prior[point[i]] = 1;
}

static size_t frame_bytes(const replay *r) { return r->points * (4 * (size_t)r->dims + 2 * (size_t)r->turns) + 2 * r->edges; }

cli_exit replay_create(fgo_graph *g, const char *file, replay *out)
{
    size_t n = fgo_graph_variable_count(g), m = fgo_graph_factor_count(g);
    uint32_t *point = calloc(n + 1, sizeof *point);
    *out = (replay){ .file = file, .stride = 1 };
    out->variable = calloc(n + 1, sizeof *out->variable);
    out->key = calloc(n + 1, sizeof *out->key);
    out->landmark = calloc(n + 1, 1);
    out->prior = calloc(n + 1, 1);
    out->edge = calloc(m + 1, sizeof *out->edge);
    cli_exit code = CLI_OK;
    if (!point || !out->variable || !out->key || !out->landmark || !out->prior || !out->edge) {
        code = out_of_memory();
    } else {
        collect_points(out, g, point);
        collect_priors(out, g, point);
        for (int kind = 0; kind < SCENE_KINDS; kind++) collect_edges(out, g, point, (scene_kind)kind);
        if (!out->points) code = cli_fail(CLI_INPUT, "%s: nothing to draw, no variable has a place", file);
    }
    free(point);
    double fit = most_bytes / (double)(frame_bytes(out) + 1);
    out->most_frames = fit > MAX_FRAMES ? MAX_FRAMES : fit < MIN_FRAMES ? MIN_FRAMES : (size_t)fit;
    if (!code && !(out->frame = calloc(out->most_frames + 1, sizeof *out->frame))) code = out_of_memory();
    if (code) replay_free(out);
    return code;
}

static int create_frame(const replay *r, int iteration, replay_frame *out)
{
    float *place = calloc(r->points * (size_t)r->dims, sizeof *place);
    int16_t *turn = calloc(r->points * (size_t)r->turns, sizeof *turn);
    uint16_t *chi2 = calloc(r->edges + 1, sizeof *chi2);
    if (!place || !turn || !chi2) {
        free(place);
        free(turn);
        free(chi2);
        return -1;
    }
    *out = (replay_frame){ .iteration = iteration, .place = place, .turn = turn, .chi2 = chi2 };
    return 0;
}

static void free_frame(replay_frame *f)
{
    free(f->place);
    free(f->turn);
    free(f->chi2);
    *f = (replay_frame){ 0 };
}

void replay_free(replay *r)
{
    for (size_t i = 0; r->frame && i < r->frames; i++) free_frame(&r->frame[i]);
    free(r->frame);
    free(r->variable);
    free(r->key);
    free(r->landmark);
    free(r->prior);
    free(r->edge);
    free(r->iteration);
    *r = (replay){ 0 };
}

/* ---- frames ---- */

static uint16_t pack_chi2(double chi2)
{
    if (!isfinite(chi2)) return REPLAY_NO_CHI2;
    if (chi2 <= 0.0) return 0;
    double code = 1.0 + (log2(chi2) - REPLAY_LOWEST_OCTAVE) / REPLAY_CHI2_STEP;
    return (uint16_t)lround(fmin(fmax(code, 0.0), REPLAY_NO_CHI2 - 1));
}

static int16_t pack_unit(double x) { return (int16_t)lround(32767.0 * fmin(fmax(x, -1.0), 1.0)); }

static void pack_point(const replay *r, replay_frame *f, fgo_graph *g, size_t p)
{
    const double *value = fgo_graph_variable_value(g, r->variable[p]);
    double x[3];
    int landmark;
    scene_place(g, r->variable[p], value, x, &landmark);
    for (int k = 0; k < r->dims; k++) f->place[p * (size_t)r->dims + (size_t)k] = (float)(x[k] - r->origin[k]);
    if (landmark) return;
    int16_t *turn = f->turn + p * (size_t)r->turns;
    double q[4] = { 0, 0, 0, 1 };
    fgo_manifold_place(fgo_graph_variable_manifold(g, r->variable[p]), value, x, q);
    if (!r->spatial)
        turn[0] = pack_unit(2.0 * atan2(q[2], q[3]) / 3.14159265358979323846);
    else
        for (int k = 0; k < 4; k++) turn[k] = pack_unit(q[k]);
}

/* Makes room for a frame: keeps the frames from before the first iteration, and every second of the other ones, again and again
 * until one fits. */
static void thin_out(replay *r)
{
    while (r->frames == r->most_frames) {
        size_t kept = 0;
        r->stride *= 2;
        for (size_t i = 0; i < r->frames; i++) {
            if (r->frame[i].iteration > 0 && r->frame[i].iteration % r->stride)
                free_frame(&r->frame[i]);
            else
                r->frame[kept++] = r->frame[i];
        }
        r->frames = kept;
    }
}

cli_exit replay_add(replay *r, fgo_graph *g, const char *label, int iteration)
{
    if (r->frames == r->most_frames) thin_out(r);
    replay_frame f;
    if (create_frame(r, iteration, &f)) return out_of_memory();
    snprintf(f.label, sizeof f.label, "%s", label);
    if (fgo_graph_cost(g, &f.cost)) f.cost = (double)NAN;
    for (size_t p = 0; p < r->points; p++) pack_point(r, &f, g, p);
    for (size_t e = 0; e < r->edges; e++) {
        double chi2;
        f.chi2[e] = pack_chi2(fgo_graph_chi2(g, r->edge[e].factor, &chi2) ? (double)NAN : chi2);
    }
    r->frame[r->frames++] = f;
    return CLI_OK;
}
