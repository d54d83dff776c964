/* SPDX-License-Identifier: BSD-3-Clause */
/* motions.c -- how the rigid motions of a world move the values of variables. */
#include "motions.h"
#include "space.h"
#include <fgopt/pose.h>
#include <string.h>

/* out = R^-1 v of the quaternion q. */
static void unrotate(const double q[4], const double v[3], double out[3])
{
    const fgo_r3 turned = fgo_so3_unrotate((fgo_so3){ { q[0], q[1], q[2], q[3] } }, (fgo_r3){ v[0], v[1], v[2] });
    memcpy(out, &turned, sizeof turned);
}

static void move_in_plane(fgoi_space s, const double centre[3], const double *x, int k, double *delta)
{
    if (s == FGOI_SPACE_SO2) {
        delta[0] = k == 2;
        return;
    }
    const double v[2] = { k == 0 ? 1.0 : k == 2 ? centre[1] - x[1] : 0.0, k == 1 ? 1.0 : k == 2 ? x[0] - centre[0] : 0.0 };
    const double c = s == FGOI_SPACE_SE2 ? x[2] : 1.0, sn = s == FGOI_SPACE_SE2 ? x[3] : 0.0;
    delta[0] = c * v[0] + sn * v[1];
    delta[1] = c * v[1] - sn * v[0];
    if (s == FGOI_SPACE_SE2) delta[2] = k == 2;
}

static void move_in_space(fgoi_space s, const double centre[3], const double *x, int k, double *delta)
{
    const double w[3] = { k == 3, k == 4, k == 5 };
    double v[3] = { k == 0, k == 1, k == 2 };
    if (s == FGOI_SPACE_SO3) {
        unrotate(x, w, delta);
        return;
    }
    if (k >= 3) { /* w x (p - centre) */
        const double p[3] = { x[0] - centre[0], x[1] - centre[1], x[2] - centre[2] };
        v[0] = w[1] * p[2] - w[2] * p[1], v[1] = w[2] * p[0] - w[0] * p[2], v[2] = w[0] * p[1] - w[1] * p[0];
    }
    if (s == FGOI_SPACE_RN)
        memcpy(delta, v, sizeof v);
    else
        unrotate(x + 3, v, delta), unrotate(x + 3, w, delta + 3);
}

void fgoi_motion(const fgo_manifold *m, int world, const double centre[3], const double *x, int k, double *delta)
{
    const fgoi_space s = fgoi_space_of(m);
    const int point = s == FGOI_SPACE_RN && m->tangent == world;
    memset(delta, 0, (size_t)m->tangent * sizeof *delta);
    if (world == 2 && (point || fgoi_space_world(s) == 2)) move_in_plane(s, centre, x, k, delta);
    if (world == 3 && (point || fgoi_space_world(s) == 3)) move_in_space(s, centre, x, k, delta);
}
