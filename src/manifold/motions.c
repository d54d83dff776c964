/* SPDX-License-Identifier: BSD-3-Clause */
/* motions.c -- what the rigid motions of a world do to points and, through its traits, to a value of any manifold. */
#include "motions.h"
#include <string.h>

void fgoi_velocity(int world, const double *centre, const double *p, int k, double *v)
{
    if (world == 2) {
        v[0] = k == 0 ? 1.0 : k == 2 ? centre[1] - p[1] : 0.0;
        v[1] = k == 1 ? 1.0 : k == 2 ? p[0] - centre[0] : 0.0;
        return;
    }
    const double w[3] = { k == 3, k == 4, k == 5 };
    v[0] = k == 0, v[1] = k == 1, v[2] = k == 2;
    if (k >= 3) { /* w x (p - centre) */
        const double r[3] = { p[0] - centre[0], p[1] - centre[1], p[2] - centre[2] };
        v[0] = w[1] * r[2] - w[2] * r[1], v[1] = w[2] * r[0] - w[0] * r[2], v[2] = w[0] * r[1] - w[1] * r[0];
    }
}

void fgoi_motion(const fgo_manifold *m, int world, const double centre[3], const double *x, int k, double *delta)
{
    memset(delta, 0, (size_t)m->tangent * sizeof *delta);
    if (m->traits && m->traits->world == world && m->traits->move) m->traits->move(m, centre, x, k, delta);
}
