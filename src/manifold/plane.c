/* SPDX-License-Identifier: BSD-3-Clause */
/* plane.c -- rotations and poses of the plane, SO(2) and SE(2), by the geometry that factors use: the values of its reals, no
 * partials. Inline, since a solver moves every variable in each iteration: by calls of pose.h, which has the same bits, a pose of
 * space would take 100 ns instead of 60. */
#define FGO_PARTIALS 1
#include "motions.h"
#include "unit_length.h"
#include <fgopt/geometry.h>
#include <fgopt/manifold.h>

/* ---- SO(2) ---- */
static void so2_retract(const fgo_manifold *m, const double *x, const double *delta, double *out)
{
    (void)m;
    so2_store(so2_compose(so2_seed(x, -1), so2_exp(r_const(delta[0]))), out);
}

static void so2_local(const fgo_manifold *m, const double *x, const double *y, double *delta)
{
    (void)m;
    delta[0] = so2_log(so2_between(so2_seed(x, -1), so2_seed(y, -1))).a;
}

static int so2_normalize(const fgo_manifold *m, double *x)
{
    (void)m;
    return fgoi_unit_length(x, 2);
}

/* ---- SE(2) ---- */
static void se2_retract(const fgo_manifold *m, const double *x, const double *delta, double *out)
{
    (void)m;
    se2_store(se2_compose(se2_seed(x, -1), se2_exp(v2_const(delta), r_const(delta[2]))), out);
}

static void se2_local(const fgo_manifold *m, const double *x, const double *y, double *delta)
{
    real r[3];
    (void)m;
    se2_log(se2_between(se2_seed(x, -1), se2_seed(y, -1)), r);
    for (int i = 0; i < 3; i++) delta[i] = r[i].a;
}

static int se2_normalize(const fgo_manifold *m, double *x)
{
    (void)m;
    return fgoi_all_finite(x, 2) ? fgoi_unit_length(x + 2, 2) : -1;
}

/* ---- traits ---- */

static void so2_move(const fgo_manifold *m, const double *centre, const double *x, int k, double *delta)
{
    (void)m, (void)centre, (void)x;
    delta[0] = k == 2;
}

static void se2_move(const fgo_manifold *m, const double *centre, const double *x, int k, double *delta)
{
    double v[2];
    (void)m;
    fgoi_velocity(2, centre, x, k, v);
    delta[0] = x[2] * v[0] + x[3] * v[1];
    delta[1] = x[2] * v[1] - x[3] * v[0];
    delta[2] = k == 2;
}

static void so2_act(const fgo_manifold *m, const double *T, const double *x, double *out)
{
    (void)m;
    so2_store(so2_compose(so2_seed(T + 2, -1), so2_seed(x, -1)), out);
}

static void se2_act(const fgo_manifold *m, const double *T, const double *x, double *out)
{
    (void)m;
    se2_store(se2_compose(se2_seed(T, -1), se2_seed(x, -1)), out);
}

static const char *const names[] = { "x", "y", "angle" }, *const numbers[] = { "x", "y", "cos", "sin" },
                         *const units[] = { "m", "m", "rad" }, *const number_units[] = { "m", "m", "", "" };
static const double identity[] = { 0, 0, 1, 0 };

static const fgo_manifold_traits so2_traits = { .size = sizeof so2_traits,
                                                .kind = FGO_MANIFOLD_ROTATION,
                                                .world = 2,
                                                .position = -1,
                                                .rotation = 0,
                                                .noun = "SO(2) rotation",
                                                .dof = names + 2,
                                                .dof_unit = units + 2,
                                                .number = numbers + 2,
                                                .number_unit = number_units + 2,
                                                .identity = identity + 2,
                                                .move = so2_move,
                                                .act = so2_act };

static const fgo_manifold_traits se2_traits = { .size = sizeof se2_traits,
                                                .kind = FGO_MANIFOLD_POSE,
                                                .world = 2,
                                                .translations = 2,
                                                .position = 0,
                                                .rotation = 2,
                                                .noun = "SE(2) pose",
                                                .dof = names,
                                                .dof_unit = units,
                                                .number = numbers,
                                                .number_unit = number_units,
                                                .identity = identity,
                                                .move = se2_move,
                                                .act = se2_act };

const fgo_manifold fgo_manifold_so2 = { so2_manifold, 2, so2_dim, so2_retract, so2_local, so2_normalize, NULL, &so2_traits };
const fgo_manifold fgo_manifold_se2 = { se2_manifold, 4, se2_dim, se2_retract, se2_local, se2_normalize, NULL, &se2_traits };
