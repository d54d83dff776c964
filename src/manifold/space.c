/* SPDX-License-Identifier: BSD-3-Clause */
/* space.c -- rotations and poses of space, SO(3) and SE(3), by the geometry that factors use: the values of its reals, no
 * partials. Inline, since a solver moves every variable in each iteration: by calls of pose.h, which has the same bits, a pose of
 * space would take 100 ns instead of 60. */
#define FGO_PARTIALS 1
#include "motions.h"
#include "unit_length.h"
#include <fgopt/geometry.h>
#include <fgopt/manifold.h>
#include <fgopt/pose.h>
#include <string.h>

/* ---- SO(3) ---- */
static void so3_retract(const fgo_manifold *m, const double *x, const double *delta, double *out)
{
    (void)m;
    so3_store(so3_compose(so3_seed(x, -1), so3_exp(v3_const(delta))), out);
}

static void so3_local(const fgo_manifold *m, const double *x, const double *y, double *delta)
{
    vec3 v = so3_log(so3_between(so3_seed(x, -1), so3_seed(y, -1)));
    (void)m;
    delta[0] = v.x.a;
    delta[1] = v.y.a;
    delta[2] = v.z.a;
}

static int so3_normalize(const fgo_manifold *m, double *x)
{
    (void)m;
    return fgoi_unit_length(x, 4);
}

/* ---- SE(3) ---- */
static void se3_retract(const fgo_manifold *m, const double *x, const double *delta, double *out)
{
    (void)m;
    se3_store(se3_compose(se3_seed(x, -1), se3_exp(v3_const(delta), v3_const(delta + 3))), out);
}

static void se3_local(const fgo_manifold *m, const double *x, const double *y, double *delta)
{
    real r[6];
    (void)m;
    se3_log(se3_between(se3_seed(x, -1), se3_seed(y, -1)), r);
    for (int i = 0; i < 6; i++) delta[i] = r[i].a;
}

static int se3_normalize(const fgo_manifold *m, double *x)
{
    (void)m;
    return fgoi_all_finite(x, 3) ? fgoi_unit_length(x + 3, 4) : -1;
}

/* ---- traits ---- */

/* Computes out = R^-1 v, where R is the rotation of the quaternion q. */
static void unrotate(const double q[4], const double v[3], double out[3])
{
    const fgo_r3 turned = fgo_so3_unrotate((fgo_so3){ { q[0], q[1], q[2], q[3] } }, (fgo_r3){ v[0], v[1], v[2] });
    memcpy(out, &turned, sizeof turned);
}

static void so3_move(const fgo_manifold *m, const double *centre, const double *x, int k, double *delta)
{
    const double w[3] = { k == 3, k == 4, k == 5 };
    (void)m, (void)centre;
    unrotate(x, w, delta);
}

static void se3_move(const fgo_manifold *m, const double *centre, const double *x, int k, double *delta)
{
    const double w[3] = { k == 3, k == 4, k == 5 };
    double v[3];
    (void)m;
    fgoi_velocity(3, centre, x, k, v);
    unrotate(x + 3, v, delta);
    unrotate(x + 3, w, delta + 3);
}

static void so3_act(const fgo_manifold *m, const double *T, const double *x, double *out)
{
    (void)m;
    so3_store(so3_compose(so3_seed(T + 3, -1), so3_seed(x, -1)), out);
}

static void se3_act(const fgo_manifold *m, const double *T, const double *x, double *out)
{
    (void)m;
    se3_store(se3_compose(se3_seed(T, -1), se3_seed(x, -1)), out);
}

static const char *const names[] = { "x", "y", "z", "rotation about x", "rotation about y", "rotation about z" },
                         *const units[] = { "m", "m", "m", "rad", "rad", "rad" }, *const numbers[] = { "x",  "y",  "z", "qx",
                                                                                                       "qy", "qz", "qw" },
                         *const number_units[] = { "m", "m", "m", "", "", "", "" };
static const double identity[] = { 0, 0, 0, 0, 0, 0, 1 };

static const fgo_manifold_traits so3_traits = { .size = sizeof so3_traits,
                                                .kind = FGO_MANIFOLD_ROTATION,
                                                .world = 3,
                                                .position = -1,
                                                .rotation = 0,
                                                .noun = "SO(3) rotation",
                                                .dof = names + 3,
                                                .dof_unit = units + 3,
                                                .number = numbers + 3,
                                                .number_unit = number_units + 3,
                                                .identity = identity + 3,
                                                .move = so3_move,
                                                .act = so3_act };

static const fgo_manifold_traits se3_traits = { .size = sizeof se3_traits,
                                                .kind = FGO_MANIFOLD_POSE,
                                                .world = 3,
                                                .translations = 3,
                                                .position = 0,
                                                .rotation = 3,
                                                .noun = "SE(3) pose",
                                                .dof = names,
                                                .dof_unit = units,
                                                .number = numbers,
                                                .number_unit = number_units,
                                                .identity = identity,
                                                .move = se3_move,
                                                .act = se3_act };

const fgo_manifold fgo_manifold_so3 = { so3_manifold, 4, so3_dim, so3_retract, so3_local, so3_normalize, NULL, &so3_traits };
const fgo_manifold fgo_manifold_se3 = { se3_manifold, 7, se3_dim, se3_retract, se3_local, se3_normalize, NULL, &se3_traits };
