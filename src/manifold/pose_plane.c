/* SPDX-License-Identifier: BSD-3-Clause */
/* pose_plane.c -- rotations and poses of the plane in plain numbers: the values of the geometry that factors use, without
 * partials, so that each formula stands once in fgopt. */
#define FGO_PARTIALS 1
#include "base/refuse.h"
#include "unit_length.h"
#include <fgopt/geometry.h>
#include <fgopt/pose.h>

_Static_assert(sizeof(fgo_twist2) == 3 * sizeof(double), "a twist is laid out as a tangent");

static fgo_r2 value_of(vec2 p) { return (fgo_r2){ p.x.a, p.y.a }; }

/* ---- SO(2) ---- */
static so2 turn(fgo_so2 R) { return (so2){ R, p_zero() }; }

fgo_so2 fgo_so2_identity(void) { return (fgo_so2){ 1.0, 0.0 }; }
fgo_so2 fgo_so2_from_angle(double angle) { return (fgo_so2){ cos(angle), sin(angle) }; }
double fgo_so2_angle(fgo_so2 R) { return so2_log(turn(R)).a; }
fgo_so2 fgo_so2_inverse(fgo_so2 R) { return fgo_so2_inv(R); }
fgo_so2 fgo_so2_between(fgo_so2 a, fgo_so2 b) { return so2_between(turn(a), turn(b)).a; }
double fgo_so2_angle_between(fgo_so2 a, fgo_so2 b) { return fabs(fgo_so2_angle(fgo_so2_between(a, b))); }

fgo_so2 fgo_so2_compose(fgo_so2 a, fgo_so2 b)
{
    double x[2];
    so2_store(so2_compose(turn(a), turn(b)), x);
    return (fgo_so2){ x[0], x[1] };
}

fgo_r2 fgo_so2_rotate(fgo_so2 R, fgo_r2 p) { return value_of(so2_rotate(turn(R), v2_const((double[]){ p.x, p.y }))); }
fgo_r2 fgo_so2_unrotate(fgo_so2 R, fgo_r2 p) { return value_of(so2_unrotate(turn(R), v2_const((double[]){ p.x, p.y }))); }

fgo_so2 fgo_so2_interpolate(fgo_so2 a, fgo_so2 b, double s)
{
    return fgo_so2_compose(a, fgo_so2_from_angle(s * fgo_so2_angle(fgo_so2_between(a, b))));
}

fgo_status fgo_so2_normalize(fgo_so2 R, fgo_so2 *out)
{
    double x[2] = { R.c, R.s };
    FGOI_REQUIRE(out);
    if (fgoi_unit_length(x, 2)) return fgoi_fail(FGO_ERROR_ARGUMENT, "cos and sin are both zero, or not finite: no rotation");
    *out = (fgo_so2){ x[0], x[1] };
    return FGO_OK;
}

fgo_mat2 fgo_so2_to_matrix(fgo_so2 R) { return (fgo_mat2){ { R.c, -R.s, R.s, R.c } }; }

/* Computes the rotation nearest to M, which maximizes trace(R' M) = cos (m0 + m3) + sin (m2 - m1). */
fgo_status fgo_so2_from_matrix(fgo_mat2 M, fgo_so2 *out)
{
    double *m = M.m, largest = 0.0, square = 0.0;
    FGOI_REQUIRE(out);
    for (int i = 0; i < 4; i++) largest = fmax(largest, fabs(m[i]));
    if (!fgoi_all_finite(m, 4)) return fgoi_fail(FGO_ERROR_ARGUMENT, "the matrix is not finite: no rotation");
    for (int i = 0; i < 4 && largest > 0.0; i++) m[i] /= largest, square += m[i] * m[i];
    if (!(m[0] * m[3] - m[1] * m[2] > 1e-12 * square))
        return fgoi_fail(FGO_ERROR_ARGUMENT, "the matrix is singular or a reflection: no rotation");
    return fgo_so2_normalize((fgo_so2){ m[0] + m[3], m[2] - m[1] }, out);
}

/* ---- SE(2) ---- */
static se2 motion(fgo_se2 T) { return (se2){ { r_const(T.x), r_const(T.y) }, turn(fgo_se2_rotation(T)) }; }
static fgo_se2 pose_of(se2 T) { return (fgo_se2){ T.t.x.a, T.t.y.a, T.R.a.c, T.R.a.s }; }

fgo_se2 fgo_se2_identity(void) { return (fgo_se2){ 0.0, 0.0, 1.0, 0.0 }; }
fgo_se2 fgo_se2_from_angle(double x, double y, double angle) { return (fgo_se2){ x, y, cos(angle), sin(angle) }; }
double fgo_se2_angle(fgo_se2 T) { return fgo_so2_angle(fgo_se2_rotation(T)); }
fgo_se2 fgo_se2_inverse(fgo_se2 T) { return pose_of(se2_inverse(motion(T))); }
fgo_se2 fgo_se2_between(fgo_se2 a, fgo_se2 b) { return pose_of(se2_between(motion(a), motion(b))); }

fgo_se2 fgo_se2_compose(fgo_se2 a, fgo_se2 b)
{
    double x[4];
    se2_store(se2_compose(motion(a), motion(b)), x);
    return (fgo_se2){ x[0], x[1], x[2], x[3] };
}

fgo_se2 fgo_se2_exp(fgo_twist2 xi) { return pose_of(se2_exp(v2_const((double[]){ xi.u.x, xi.u.y }), r_const(xi.w))); }

fgo_twist2 fgo_se2_log(fgo_se2 T)
{
    real r[3];
    se2_log(motion(T), r);
    return (fgo_twist2){ { r[0].a, r[1].a }, r[2].a };
}

fgo_r2 fgo_se2_transform(fgo_se2 T, fgo_r2 p) { return value_of(se2_transform(motion(T), v2_const((double[]){ p.x, p.y }))); }
fgo_r2 fgo_se2_untransform(fgo_se2 T, fgo_r2 p) { return value_of(se2_untransform(motion(T), v2_const((double[]){ p.x, p.y }))); }

fgo_mat3 fgo_se2_adjoint(fgo_se2 T) { return (fgo_mat3){ { T.c, -T.s, T.y, T.s, T.c, -T.x, 0.0, 0.0, 1.0 } }; }

fgo_se2 fgo_se2_interpolate(fgo_se2 a, fgo_se2 b, double s)
{
    const fgo_twist2 xi = fgo_se2_log(fgo_se2_between(a, b));
    return fgo_se2_compose(a, fgo_se2_exp((fgo_twist2){ { s * xi.u.x, s * xi.u.y }, s * xi.w }));
}

fgo_status fgo_se2_normalize(fgo_se2 T, fgo_se2 *out)
{
    fgo_so2 R;
    FGOI_REQUIRE(out);
    if (!isfinite(T.x) || !isfinite(T.y)) return fgoi_fail(FGO_ERROR_ARGUMENT, "the translation is not finite: no pose");
    const fgo_status status = fgo_so2_normalize(fgo_se2_rotation(T), &R);
    if (!status) *out = (fgo_se2){ T.x, T.y, R.c, R.s };
    return status;
}

fgo_mat3 fgo_se2_to_matrix(fgo_se2 T) { return (fgo_mat3){ { T.c, -T.s, T.x, T.s, T.c, T.y, 0.0, 0.0, 1.0 } }; }

fgo_status fgo_se2_from_matrix(fgo_mat3 M, fgo_se2 *out)
{
    const double *m = M.m;
    fgo_so2 R;
    FGOI_REQUIRE(out);
    if (!isfinite(m[2]) || !isfinite(m[5])) return fgoi_fail(FGO_ERROR_ARGUMENT, "the translation is not finite: no pose");
    if (!(fabs(m[6]) <= 1e-9 && fabs(m[7]) <= 1e-9 && fabs(m[8] - 1.0) <= 1e-9))
        return fgoi_fail(FGO_ERROR_ARGUMENT, "the last row of a homogeneous matrix is 0 0 1");
    const fgo_status status = fgo_so2_from_matrix((fgo_mat2){ { m[0], m[1], m[3], m[4] } }, &R);
    if (!status) *out = (fgo_se2){ m[2], m[5], R.c, R.s };
    return status;
}
