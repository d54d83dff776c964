/* SPDX-License-Identifier: BSD-3-Clause */
#include "trajectory.h"
#include "manifold/nearest_rotation.h"
#include "manifold/space.h"
#include <math.h>
#include <string.h>

/* ---- poses ---- */

fgoi_pose fgoi_pose_of(const fgo_graph *g, uint32_t v)
{
    const double *x = g->x + g->variable[v].x;
    fgoi_pose p = { { x[0], x[1], 0 }, { 0, 0, 0, 1 } };
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

fgoi_pose fgoi_pose_between(const fgoi_pose *a, const fgoi_pose *b)
{
    const double inverse[4] = { -a->q[0], -a->q[1], -a->q[2], a->q[3] };
    fgoi_pose out = { { b->t[0] - a->t[0], b->t[1] - a->t[1], b->t[2] - a->t[2] }, { 0 } };
    rotate(inverse, out.t, out.t);
    multiply(inverse, b->q, out.q);
    return out;
}

double fgoi_length(const double v[3]) { return sqrt(v[0] * v[0] + v[1] * v[1] + v[2] * v[2]); }
double fgoi_angle(const double q[4]) { return 2 * atan2(fgoi_length(q), fabs(q[3])); }

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

fgo_status fgoi_align(fgoi_match *m, size_t n, int plane, int with_scale, double *scale)
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
        return fgoi_fail(FGO_ERROR_ARGUMENT, "the positions of one trajectory are all the same: no alignment");
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
