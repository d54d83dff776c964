/* SPDX-License-Identifier: BSD-3-Clause */
/* pose_errors.c -- matches the poses of two graphs and measures the estimate's errors; x are its poses, y the reference's.
 */
#include "base/memory.h"
#include "base/refuse.h"
#include "base/sized.h"
#include "base/sort.h"
#include "manifold/traits.h"
#include "trajectory.h"
#include <fgopt/compare.h>
#include <inttypes.h>
#include <math.h>

typedef struct comparison {
    const fgo_graph *estimate, *reference;
    const fgo_compare_options *o;
    fgoi_match *match;
    size_t count;
    double *path_length;            /* along the reference up to each match, metres */
    double *translation, *rotation; /* errors, metres and radians */
    int plane;                      /* 1: poses of the plane; 0: of space; -1: of both kinds */
} comparison;

static const fgo_compare_options defaults = {
    .size = sizeof defaults, .alignment = FGO_ALIGN_SE, .delta = 1, .time_tolerance = 0.01
};

void fgo_compare_options_init(fgo_compare_options *o, size_t size) { fgoi_sized_init(o, size, &defaults, sizeof defaults); }

/* ---- matching ---- */

static int is_pose(const fgo_graph *g, uint32_t v) { return fgoi_is_pose(g->variable[v].manifold); }

static void add_match(comparison *c, uint32_t v, uint32_t w)
{
    const int world = fgoi_turned_world(c->estimate->variable[v].manifold), flat = world == 2;
    const int same = fgoi_turned_world(c->reference->variable[w].manifold) == world;
    if (!same || (c->count && c->plane != flat))
        c->plane = -1;
    else if (c->plane >= 0)
        c->plane = flat;
    c->match[c->count++] = (fgoi_match){ fgoi_pose_of(c->estimate, v), fgoi_pose_of(c->reference, w) };
}

static fgo_status match_keys(comparison *c)
{
    size_t n = 0;
    fgoi_keyed *row = fgoi_alloc(c->estimate->variable_count, sizeof *row);
    if (!row) return fgoi_fail_memory();
    for (uint32_t v = 0; v < c->estimate->variable_count; v++) {
        const int64_t key = c->estimate->variable[v].key;
        if (is_pose(c->estimate, v) && fgoi_keymap_find(&c->reference->keys, key) != FGOI_NO_VALUE)
            row[n++] = (fgoi_keyed){ key, v };
    }
    fgoi_sort_keyed(row, n);
    for (size_t i = 0; i < n; i++) {
        const uint32_t w = fgoi_keymap_find(&c->reference->keys, row[i].key);
        if (is_pose(c->reference, w))
            add_match(c, (uint32_t)row[i].number, w);
        else
            c->plane = -1;
    }
    fgoi_free(row);
    return FGO_OK;
}

/* Lists the time stamps of the poses and their variables; *all becomes 0 if a pose has no stamp. Returns how many there are. */
static size_t list_times(const fgo_graph *g, double *time, uint32_t *variable, int *all)
{
    size_t n = 0;
    *all = 1;
    for (uint32_t v = 0; v < g->variable_count; v++) {
        if (!is_pose(g, v)) continue;
        const double t = fgo_graph_variable_time(g, v);
        if (isnan(t)) {
            *all = 0;
        } else {
            time[n] = t;
            variable[n++] = v;
        }
    }
    return n;
}

/* Matches the poses of the two graphs; *used becomes FGO_MATCH_KEYS or FGO_MATCH_TIMES. */
static fgo_status match_poses(comparison *c, int *used)
{
    const size_t n = c->estimate->variable_count, m = c->reference->variable_count;
    int all_x, all_y;
    double *x = fgoi_alloc(n, sizeof *x), *y = fgoi_alloc(m, sizeof *y);
    uint32_t *v = fgoi_alloc(n, sizeof *v), *w = fgoi_alloc(m, sizeof *w);
    size_t *i = fgoi_alloc(n, sizeof *i), *j = fgoi_alloc(n, sizeof *j), count = 0;
    fgo_status status = x && y && v && w && i && j ? FGO_OK : fgoi_fail_memory();
    if (!status) {
        const size_t stamps_x = list_times(c->estimate, x, v, &all_x), stamps_y = list_times(c->reference, y, w, &all_y);
        *used = c->o->matching;
        if (*used == FGO_MATCH_AUTO) *used = stamps_x && stamps_y && all_x && all_y ? FGO_MATCH_TIMES : FGO_MATCH_KEYS;
        if (*used == FGO_MATCH_KEYS)
            status = match_keys(c);
        else
            status = fgo_match_times(x, stamps_x, y, stamps_y, c->o->time_offset, c->o->time_tolerance, i, j, &count);
        for (size_t k = 0; k < count; k++) add_match(c, v[i[k]], w[j[k]]);
    }
    fgoi_free(x);
    fgoi_free(y);
    fgoi_free(v);
    fgoi_free(w);
    fgoi_free(i);
    fgoi_free(j);
    if (status) return status;
    if (c->plane >= 0 && c->count >= 2) return FGO_OK;
    return fgoi_fail(FGO_ERROR_TYPE, "%s",
                     c->plane < 0              ? "the poses that match are not all of one kind"
                     : *used == FGO_MATCH_KEYS ? "fewer than two poses have an id in both"
                                               : "fewer than two poses have a time stamp in both, within the tolerance");
}

/* ---- errors ---- */

static fgo_error_statistics summarize(double *v, size_t n)
{
    fgo_error_statistics s = { .count = n };
    if (!n) return s;
    fgoi_sort_doubles(v, n);
    for (size_t i = 0; i < n; i++) s.mean += v[i] / (double)n, s.rmse += v[i] * v[i] / (double)n;
    for (size_t i = 0; i < n; i++) s.std += (v[i] - s.mean) * (v[i] - s.mean) / (double)n;
    s.rmse = sqrt(s.rmse);
    s.std = sqrt(s.std);
    s.median = 0.5 * (v[(n - 1) / 2] + v[n / 2]);
    s.min = v[0];
    s.max = v[n - 1];
    return s;
}

static double length(const double t[3]) { return sqrt(t[0] * t[0] + t[1] * t[1] + t[2] * t[2]); }

/* Sets error `at` to the length and the angle of y^-1 x. */
static void set_error(const comparison *c, fgo_se3 y, fgo_se3 x, size_t at)
{
    const fgo_se3 e = fgoi_pose_between(y, x);
    c->translation[at] = length(e.t);
    c->rotation[at] = fgo_so3_angle(fgo_se3_rotation(e));
}

static void relative_error(const comparison *c, size_t i, size_t j, size_t at)
{
    const fgo_se3 x = fgoi_pose_between(c->match[i].x, c->match[j].x);
    const fgo_se3 y = fgoi_pose_between(c->match[i].y, c->match[j].y);
    set_error(c, y, x, at);
}

static void relative_errors(const comparison *c, fgo_comparison *out)
{
    const size_t delta = c->o->delta, step = c->o->pairs == FGO_PAIRS_ALL ? 1 : delta;
    size_t count = 0;
    for (size_t i = 0; i < c->count && delta < c->count - i; i += step) relative_error(c, i, i + delta, count++);
    out->rpe_translation = summarize(c->translation, count);
    out->rpe_rotation = summarize(c->rotation, count);
}

static void absolute_errors(const comparison *c, fgo_comparison *out)
{
    for (size_t i = 0; i < c->count; i++) set_error(c, c->match[i].y, c->match[i].x, i);
    out->ate_translation = summarize(c->translation, c->count);
    out->ate_rotation = summarize(c->rotation, c->count);
}

/* Returns the pose after i whose path length from pose i is closest to `length`, the earliest of several; *at_or_beyond becomes
 * the first pose at that length or beyond, or the number of poses if there is none. The search starts where the previous one
 * ended, because ends never move backwards. */
static size_t closest_end(const comparison *c, size_t i, double length, size_t *at_or_beyond)
{
    size_t j = *at_or_beyond > i ? *at_or_beyond : i + 1;
    while (j < c->count && c->path_length[j] - c->path_length[i] < length) j++;
    *at_or_beyond = j;
    if (j == i + 1) return j;
    const double short_of = length - (c->path_length[j - 1] - c->path_length[i]);
    if (j < c->count && c->path_length[j] - c->path_length[i] - length < short_of) return j;
    j--;
    while (j > i + 1 && c->path_length[j - 1] == c->path_length[j]) j--; /* standing still */
    return j;
}

static fgo_segment_errors segment_errors(const comparison *c, double length)
{
    size_t count = 0, beyond = 0;
    if (c->o->pairs == FGO_PAIRS_ALL)
        for (size_t i = 0; i + 1 < c->count; i++) {
            const size_t j = closest_end(c, i, length, &beyond);
            if (fabs(c->path_length[j] - c->path_length[i] - length) <= 0.1 * length) relative_error(c, i, j, count++);
        }
    else
        for (size_t i = 0, j = 1; j < c->count; j++)
            if (c->path_length[j] - c->path_length[i] >= length) {
                relative_error(c, i, j, count++);
                i = j;
            }
    fgo_segment_errors s = { .length = length };
    s.translation = summarize(c->translation, count);
    s.rotation = summarize(c->rotation, count);
    return s;
}

static double walk_reference(const comparison *c)
{
    for (size_t i = 1; i < c->count; i++)
        c->path_length[i] = c->path_length[i - 1] + length(fgoi_pose_between(c->match[i - 1].y, c->match[i].y).t);
    return c->path_length[c->count - 1];
}

/* ---- the whole ---- */

static int options_valid(const fgo_compare_options *o)
{
    int valid = o->alignment >= FGO_ALIGN_NONE && o->alignment <= FGO_ALIGN_SIM && o->matching >= FGO_MATCH_AUTO &&
                o->matching <= FGO_MATCH_TIMES && o->pairs >= FGO_PAIRS_ALL && o->pairs <= FGO_PAIRS_CONSECUTIVE &&
                o->delta >= 1 && isfinite(o->time_offset) && o->time_tolerance >= 0 && (o->lengths || !o->length_count);
    for (size_t i = 0; valid && i < o->length_count; i++) valid = o->lengths[i] > 0 && isfinite(o->lengths[i]);
    return valid;
}

/* Computes all errors. `segments` is NULL or has one entry per length, segment_size bytes apart. */
static fgo_status compare(comparison *c, fgo_comparison *result, void *segments, size_t segment_size)
{
    fgo_status status = match_poses(c, &result->matching);
    if (!status && c->o->alignment != FGO_ALIGN_NONE)
        status = fgoi_align(c->match, c->count, c->plane, c->o->alignment == FGO_ALIGN_SIM, &result->scale);
    if (status) return status;
    result->matched = c->count;
    result->path_length = walk_reference(c);
    absolute_errors(c, result);
    relative_errors(c, result);
    for (size_t i = 0; segments && i < c->o->length_count; i++) {
        const fgo_segment_errors errors = segment_errors(c, c->o->lengths[i]);
        fgoi_sized_write((char *)segments + i * segment_size, segment_size, &errors, sizeof errors);
    }
    return FGO_OK;
}

fgo_status fgo_graph_compare_sized(const fgo_graph *estimate, const fgo_graph *reference, const fgo_compare_options *options,
                                   fgo_comparison *out, size_t out_size, fgo_segment_errors *segments, size_t segment_size)
{
    FGOI_REQUIRE(estimate);
    FGOI_REQUIRE(reference);
    FGOI_REQUIRE(out);
    FGOI_REQUIRE_SIZE(out_size);
    FGOI_REQUIRE_SIZE(segment_size);
    fgo_compare_options o = defaults;
    fgo_status status = fgoi_sized_read("fgo_compare_options", options, &o, sizeof o);
    if (status) return status;
    if (!options_valid(&o)) return fgoi_fail(FGO_ERROR_ARGUMENT, "fgo_graph_compare: an option is out of range");
    const size_t n = estimate->variable_count;
    fgo_comparison result = { .scale = 1.0 };
    comparison c = { .estimate = estimate, .reference = reference, .o = &o };
    c.match = fgoi_alloc(n, sizeof *c.match);
    c.path_length = fgoi_alloc(n, sizeof *c.path_length);
    c.translation = fgoi_alloc(n, sizeof *c.translation);
    c.rotation = fgoi_alloc(n, sizeof *c.rotation);
    status = c.match && c.path_length && c.translation && c.rotation ? FGO_OK : fgoi_fail_memory();
    if (!status) status = compare(&c, &result, segments, segment_size);
    if (!status) fgoi_sized_write(out, out_size, &result, sizeof result);
    fgoi_free(c.match);
    fgoi_free(c.path_length);
    fgoi_free(c.translation);
    fgoi_free(c.rotation);
    return status;
}
