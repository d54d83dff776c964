/* SPDX-License-Identifier: BSD-3-Clause */
/* trajectory.c -- the poses of a graph, and the motion that brings one trajectory closest to another (S. Umeyama, 1991). */
#include "trajectory.h"
#include "manifold/nearest_rotation.h"
#include "manifold/traits.h"
#include <string.h>

fgo_se3 fgoi_pose_of(const fgo_graph *g, uint32_t v)
{
    fgo_se3 T = { { 0, 0, 0 }, { 0, 0, 0, 1 } };
    fgo_manifold_place(g->variable[v].manifold, g->x + g->variable[v].x, T.t, T.q);
    return T;
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

fgo_se3 fgoi_pose_between(fgo_se3 a, fgo_se3 b)
{
    const fgo_so3 inverse = fgo_so3_inverse(fgo_se3_rotation(a));
    fgo_se3 out = { { b.t[0] - a.t[0], b.t[1] - a.t[1], b.t[2] - a.t[2] }, { 0 } };
    rotate(inverse.q, out.t, out.t);
    multiply(inverse.q, b.q, out.q);
    return out;
}

/* Fills *R with the rotation that maximizes trace(R' M); in the plane R is a rotation about z. Returns 0, or -1 if M is zero
 * or not finite. */
static int best_rotation(fgo_mat3 M, int plane, fgo_so3 *R)
{
    if (!plane) return fgoi_nearest_rotation(M.m, R->q);
    *R = fgo_so3_from_so2((fgo_so2){ M.m[0] + M.m[4], M.m[3] - M.m[1] });
    return 0;
}

fgo_status fgoi_align(fgoi_match *m, size_t n, int plane, int with_scale, double *scale)
{
    double x0[3] = { 0 }, y0[3] = { 0 }, square = 0, trace = 0, turned[3];
    fgo_mat3 M = { { 0 } };
    fgo_so3 R;
    for (size_t i = 0; i < n; i++)
        for (int k = 0; k < 3; k++) x0[k] += m[i].x.t[k] / (double)n, y0[k] += m[i].y.t[k] / (double)n;
    for (size_t i = 0; i < n; i++)
        for (int r = 0; r < 3; r++) {
            square += (m[i].x.t[r] - x0[r]) * (m[i].x.t[r] - x0[r]);
            for (int c = 0; c < 3; c++) M.m[3 * r + c] += (m[i].y.t[r] - y0[r]) * (m[i].x.t[c] - x0[c]);
        }
    if (!(square > 0) || best_rotation(M, plane, &R))
        return fgoi_fail(FGO_ERROR_ARGUMENT, "the positions of one trajectory are all the same: no alignment");
    for (int c = 0; c < 3; c++) { /* trace(R' M) column by column */
        const double unit[3] = { c == 0, c == 1, c == 2 };
        rotate(R.q, unit, turned);
        for (int r = 0; r < 3; r++) trace += turned[r] * M.m[3 * r + c];
    }
    *scale = with_scale ? trace / square : 1.0;
    for (size_t i = 0; i < n; i++) {
        double p[3];
        for (int k = 0; k < 3; k++) p[k] = *scale * (m[i].x.t[k] - x0[k]);
        rotate(R.q, p, p);
        for (int k = 0; k < 3; k++) m[i].x.t[k] = p[k] + y0[k];
        multiply(R.q, m[i].x.q, m[i].x.q);
    }
    return FGO_OK;
}
