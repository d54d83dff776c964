/* SPDX-License-Identifier: BSD-3-Clause */
/* compare.c -- x are poses of the estimate, y of the reference, both as positions and unit quaternions in space; those of the
 * plane lie in it. */
#include <fgopt/compare.h>
#include "graph_private.h"
#include "memory.h"
#include "nearest_rotation.h"
#include "space.h"
#include <math.h>
#include <stdlib.h>
#include <string.h>

typedef struct pose {
    double t[3], q[4];
} pose;

typedef struct match {
    int64_t key;
    pose x, y;
} match;

static int by_key(const void *a, const void *b)
{
    const int64_t x = ((const match *)a)->key, y = ((const match *)b)->key;
    return (x > y) - (x < y);
}

static int by_size(const void *a, const void *b)
{
    const double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* ---- poses ---- */

static pose pose_of(const fgo_graph *g, uint32_t v)
{
    const double *x = g->x + g->variable[v].x;
    pose p = { { x[0], x[1], 0 }, { 0, 0, 0, 1 } };
    if (fgoi_space_of(g->variable[v].manifold) == FGOI_SPACE_SE3) {
        memcpy(&p, x, sizeof p);
    } else { /* half of the angle of (cos, sin) */
        const double half = 0.5 * atan2(x[3], x[2]);
        p.q[2] = sin(half);
        p.q[3] = cos(half);
    }
    return p;
}

static void rotate(const double q[4], const double p[3], double out[3])
{
    const double u[3] = { 2 * (q[1] * p[2] - q[2] * p[1]), 2 * (q[2] * p[0] - q[0] * p[2]), 2 * (q[0] * p[1] - q[1] * p[0]) };
    const double v[3] = { p[0] + q[3] * u[0] + q[1] * u[2] - q[2] * u[1], p[1] + q[3] * u[1] + q[2] * u[0] - q[0] * u[2],
                          p[2] + q[3] * u[2] + q[0] * u[1] - q[1] * u[0] };
    memcpy(out, v, sizeof v);
}

static void multiply(const double a[4], const double b[4], double out[4])
{
    const double q[4] = { a[3] * b[0] + a[0] * b[3] + a[1] * b[2] - a[2] * b[1],
                          a[3] * b[1] + a[1] * b[3] + a[2] * b[0] - a[0] * b[2],
                          a[3] * b[2] + a[2] * b[3] + a[0] * b[1] - a[1] * b[0],
                          a[3] * b[3] - a[0] * b[0] - a[1] * b[1] - a[2] * b[2] };
    memcpy(out, q, sizeof q);
}

/* a^-1 b */
static pose between(const pose *a, const pose *b)
{
    const double inverse[4] = { -a->q[0], -a->q[1], -a->q[2], a->q[3] };
    pose out = { { b->t[0] - a->t[0], b->t[1] - a->t[1], b->t[2] - a->t[2] }, { 0 } };
    rotate(inverse, out.t, out.t);
    multiply(inverse, b->q, out.q);
    return out;
}

static double length(const double v[3]) { return sqrt(v[0] * v[0] + v[1] * v[1] + v[2] * v[2]); }
static double angle(const double q[4]) { return 2 * atan2(length(q), fabs(q[3])); }

/* ---- alignment ---- */

/* The rotation R that maximizes trace(R' M); in the plane only turns about z count. */
static int best_rotation(const double M[9], int plane, double q[4])
{
    if (!plane) return fgoi_nearest_rotation(M, q);
    const double half = 0.5 * atan2(M[3] - M[1], M[0] + M[4]);
    const double turn[4] = { 0, 0, sin(half), cos(half) };
    memcpy(q, turn, sizeof turn);
    return 0;
}

/* Moves the x by the best S = (scale, R, t): sum |scale R t_x + t - t_y|^2 is least. */
static fgo_status align(fgo_graph *g, match *m, size_t n, int plane, int with_scale, double *scale)
{
    double x0[3] = { 0 }, y0[3] = { 0 }, M[9] = { 0 }, square = 0, q[4], turned[3], trace = 0;
    for (size_t i = 0; i < n; i++)
        for (int k = 0; k < 3; k++) x0[k] += m[i].x.t[k] / (double)n, y0[k] += m[i].y.t[k] / (double)n;
    for (size_t i = 0; i < n; i++)
        for (int r = 0; r < 3; r++) {
            square += (m[i].x.t[r] - x0[r]) * (m[i].x.t[r] - x0[r]);
            for (int c = 0; c < 3; c++) M[3 * r + c] += (m[i].y.t[r] - y0[r]) * (m[i].x.t[c] - x0[c]);
        }
    if (!(square > 0) || best_rotation(M, plane, q))
        return fgoi_fail(&g->message, FGO_ERROR_ARGUMENT, "the positions of one trajectory are all the same: no alignment");
    for (int c = 0; c < 3; c++) { /* trace(R' M) column by column */
        const double unit[3] = { c == 0, c == 1, c == 2 };
        rotate(q, unit, turned);
        for (int r = 0; r < 3; r++) trace += turned[r] * M[3 * r + c];
    }
    *scale = with_scale ? trace / square : 1.0;
    for (size_t i = 0; i < n; i++) {
        double p[3];
        for (int k = 0; k < 3; k++) p[k] = *scale * (m[i].x.t[k] - x0[k]);
        rotate(q, p, p);
        for (int k = 0; k < 3; k++) m[i].x.t[k] = p[k] + y0[k];
        multiply(q, m[i].x.q, m[i].x.q);
    }
    return FGO_OK;
}

/* ---- errors ---- */

static fgo_error_statistics summarize(double *v, size_t n)
{
    fgo_error_statistics s = { .count = n };
    if (!n) return s;
    qsort(v, n, sizeof *v, by_size);
    for (size_t i = 0; i < n; i++) s.mean += v[i] / (double)n, s.rmse += v[i] * v[i] / (double)n;
    s.rmse = sqrt(s.rmse);
    s.median = 0.5 * (v[(n - 1) / 2] + v[n / 2]);
    s.min = v[0];
    s.max = v[n - 1];
    return s;
}

static void relative_errors(const match *m, size_t n, size_t delta, double *t, double *r, fgo_comparison *out)
{
    size_t count = 0;
    for (size_t i = 0; i + delta < n; i++, count++) {
        const pose x = between(&m[i].x, &m[i + delta].x), y = between(&m[i].y, &m[i + delta].y), e = between(&y, &x);
        t[count] = length(e.t);
        r[count] = angle(e.q);
    }
    out->rpe_translation = summarize(t, count);
    out->rpe_rotation = summarize(r, count);
}

static void absolute_errors(const match *m, size_t n, double *t, double *r, fgo_comparison *out)
{
    for (size_t i = 0; i < n; i++) {
        const pose e = between(&m[i].y, &m[i].x);
        t[i] = length(e.t);
        r[i] = angle(e.q);
    }
    out->ate_translation = summarize(t, n);
    out->ate_rotation = summarize(r, n);
}

/* The poses with a key in both, by key. *plane: 1 if they are of the plane, 0 of space, -1 if both occur. */
static size_t collect(const fgo_graph *estimate, const fgo_graph *reference, match *m, int *plane)
{
    size_t n = 0;
    for (uint32_t v = 0; v < estimate->variable_count; v++) {
        const uint32_t w = fgoi_keymap_find(&reference->keys, estimate->variable[v].key);
        const fgoi_space s = fgoi_space_of(estimate->variable[v].manifold);
        if (w == FGOI_NO_VALUE || (s != FGOI_SPACE_SE2 && s != FGOI_SPACE_SE3)) continue;
        const int flat = s == FGOI_SPACE_SE2;
        *plane = fgoi_space_of(reference->variable[w].manifold) != s || (n && *plane != flat) ? -1 : flat;
        if (*plane < 0) break;
        m[n++] = (match){ estimate->variable[v].key, pose_of(estimate, v), pose_of(reference, w) };
    }
    qsort(m, n, sizeof *m, by_key);
    return n;
}

fgo_status fgo_graph_compare(fgo_graph *estimate, fgo_graph *reference, fgo_alignment alignment, size_t delta,
                             fgo_comparison *out)
{
    if (!estimate || !reference || !out || delta < 1 || alignment < FGO_ALIGN_NONE || alignment > FGO_ALIGN_SIM)
        return fgoi_fail(estimate ? &estimate->message : NULL, FGO_ERROR_ARGUMENT,
                         "fgo_graph_compare: NULL argument, delta 0, or no such alignment");
    fgo_comparison c = { .scale = 1.0 };
    int plane = 0;
    match *m = fgoi_alloc(estimate->variable_count, sizeof *m);
    double *errors = fgoi_alloc(estimate->variable_count, 2 * sizeof *errors), *r = errors + estimate->variable_count;
    fgo_status status = m && errors ? FGO_OK : fgoi_fail_memory(&estimate->message);
    if (!status) {
        c.matched = collect(estimate, reference, m, &plane);
        if (plane < 0 || c.matched < 2)
            status = fgoi_fail(&estimate->message, FGO_ERROR_TYPE, "%s",
                               plane < 0 ? "the poses with common ids are not all of one kind"
                                         : "fewer than two poses have an id in both");
    }
    if (!status) relative_errors(m, c.matched, delta, errors, r, &c);
    if (!status && alignment != FGO_ALIGN_NONE)
        status = align(estimate, m, c.matched, plane, alignment == FGO_ALIGN_SIM, &c.scale);
    if (!status) {
        absolute_errors(m, c.matched, errors, r, &c);
        *out = c;
    }
    fgoi_free(m);
    fgoi_free(errors);
    return status;
}
