/* SPDX-License-Identifier: BSD-3-Clause */
/* manifold.c -- retract, local and normalize of the built-in manifolds, by the geometry that factors use: the values of
 * its reals, no partials. Inline, since a solver moves every variable in each iteration: by calls of pose.h, which has the same
 * bits, a pose of space would take 100 ns instead of 60. */
#define FGO_PARTIALS 1
#include "base/error.h"
#include "rn_name.h"
#include "unit_length.h"
#include <fgopt/geometry.h>
#include <fgopt/manifold.h>
#include <stdio.h>
#include <string.h>

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

const fgo_manifold fgo_manifold_so2 = { so2_manifold, 2, so2_dim, so2_retract, so2_local, so2_normalize, NULL };
const fgo_manifold fgo_manifold_se2 = { se2_manifold, 4, se2_dim, se2_retract, se2_local, se2_normalize, NULL };
const fgo_manifold fgo_manifold_so3 = { so3_manifold, 4, so3_dim, so3_retract, so3_local, so3_normalize, NULL };
const fgo_manifold fgo_manifold_se3 = { se3_manifold, 7, se3_dim, se3_retract, se3_local, se3_normalize, NULL };

/* ---- R^n ---- */
static void rn_retract(const fgo_manifold *m, const double *x, const double *delta, double *out)
{
    for (int i = 0; i < m->tangent; i++) out[i] = x[i] + delta[i];
}

static void rn_local(const fgo_manifold *m, const double *x, const double *y, double *delta)
{
    for (int i = 0; i < m->tangent; i++) delta[i] = y[i] - x[i];
}

fgo_status fgo_manifold_rn(int n, fgo_manifold *out)
{
    if (!out) return fgoi_fail(FGO_ERROR_ARGUMENT, "no place for the manifold");
    if (n < 1 || n > FGO_MAX_DIMENSION)
        return fgoi_fail(FGO_ERROR_ARGUMENT, "R^%d: the dimension must be 1 to %d", n, FGO_MAX_DIMENSION);
    fgo_manifold m = { .ambient = n, .tangent = n, .retract = rn_retract, .local = rn_local };
    snprintf(m.name, sizeof m.name, "%s", fgoi_rn_name(n));
    *out = m;
    return FGO_OK;
}
