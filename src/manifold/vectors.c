/* SPDX-License-Identifier: BSD-3-Clause */
/* vectors.c -- R^n for all n: points of the plane and of space, and vectors that no motion moves. */
#define FGO_PARTIALS 1
#include "base/refuse.h"
#include "motions.h"
#include "rn_name.h"
#include <fgopt/geometry.h>
#include <fgopt/manifold.h>
#include <stdio.h>

static void rn_retract(const fgo_manifold *m, const double *x, const double *delta, double *out)
{
    for (int i = 0; i < m->tangent; i++) out[i] = x[i] + delta[i];
}

static void rn_local(const fgo_manifold *m, const double *x, const double *y, double *delta)
{
    for (int i = 0; i < m->tangent; i++) delta[i] = y[i] - x[i];
}

/* ---- traits: points of the plane and of space, and vectors ---- */

/* Computes the tangent by which motion k moves a point: the point's velocity. */
static void point_move(const fgo_manifold *m, const double *centre, const double *x, int k, double *delta)
{
    fgoi_velocity(m->tangent, centre, x, k, delta);
}

static void point2_act(const fgo_manifold *m, const double *T, const double *x, double *out)
{
    vec2 p = se2_transform(se2_seed(T, -1), x);
    (void)m;
    out[0] = p.x.a;
    out[1] = p.y.a;
}

static void point3_act(const fgo_manifold *m, const double *T, const double *x, double *out)
{
    vec3 p = se3_transform(se3_seed(T, -1), x);
    (void)m;
    out[0] = p.x.a;
    out[1] = p.y.a;
    out[2] = p.z.a;
}

static const char *const names[] = { "x", "y", "z" }, *const units[] = { "m", "m", "m" };

static const fgo_manifold_traits number_traits = {
    .size = sizeof number_traits, .kind = FGO_MANIFOLD_VECTOR, .position = -1, .rotation = -1, .dof = names, .number = names
};
static const fgo_manifold_traits vector_traits = {
    .size = sizeof vector_traits, .kind = FGO_MANIFOLD_VECTOR, .position = -1, .rotation = -1
};
static const fgo_manifold_traits point2_traits = { .size = sizeof point2_traits,
                                                   .kind = FGO_MANIFOLD_POINT,
                                                   .world = 2,
                                                   .position = 0,
                                                   .rotation = -1,
                                                   .noun = "2-D point",
                                                   .dof = names,
                                                   .dof_unit = units,
                                                   .number = names,
                                                   .number_unit = units,
                                                   .move = point_move,
                                                   .act = point2_act };
static const fgo_manifold_traits point3_traits = { .size = sizeof point3_traits,
                                                   .kind = FGO_MANIFOLD_POINT,
                                                   .world = 3,
                                                   .position = 0,
                                                   .rotation = -1,
                                                   .noun = "3-D point",
                                                   .dof = names,
                                                   .dof_unit = units,
                                                   .number = names,
                                                   .number_unit = units,
                                                   .move = point_move,
                                                   .act = point3_act };

static const fgo_manifold_traits *traits_of(int n)
{
    return n == 1 ? &number_traits : n == 2 ? &point2_traits : n == 3 ? &point3_traits : &vector_traits;
}

fgo_status fgo_manifold_rn(int n, fgo_manifold *out)
{
    FGOI_REQUIRE(out);
    if (n < 1 || n > FGO_MAX_DIMENSION)
        return fgoi_fail(FGO_ERROR_ARGUMENT, "R^%d: the dimension must be 1 to %d", n, FGO_MAX_DIMENSION);
    fgo_manifold m = { .ambient = n, .tangent = n, .retract = rn_retract, .local = rn_local, .traits = traits_of(n) };
    snprintf(m.name, sizeof m.name, "%s", fgoi_rn_name(n));
    *out = m;
    return FGO_OK;
}
