/* SPDX-License-Identifier: BSD-3-Clause */
/* pose_space.c -- rotations and poses of space in plain numbers: the values of the geometry that factors use, without partials,
 * so that each formula stands once in fgopt. Their other forms are in pose_convert.c. */
#define FGO_PARTIALS 1
#include "base/refuse.h"
#include "unit_length.h"
#include <fgopt/geometry.h>
#include <fgopt/pose.h>

_Static_assert(sizeof(fgo_twist3) == 6 * sizeof(double), "a twist is laid out as a tangent");

static vec3 vector(fgo_r3 p) { return (vec3){ r_const(p.x), r_const(p.y), r_const(p.z) }; }
static fgo_r3 value_of(vec3 p) { return (fgo_r3){ p.x.a, p.y.a, p.z.a }; }

/* ---- SO(3) ---- */
static so3 turn(fgo_so3 R) { return so3_seed(R.q, -1); }

fgo_so3 fgo_so3_identity(void) { return (fgo_so3){ { 0.0, 0.0, 0.0, 1.0 } }; }
fgo_so3 fgo_so3_inverse(fgo_so3 R) { return fgo_so3_inv(R); }
fgo_so3 fgo_so3_between(fgo_so3 a, fgo_so3 b) { return so3_between(turn(a), turn(b)).a; }
fgo_so3 fgo_so3_exp(fgo_r3 w) { return so3_exp(vector(w)).a; }
fgo_r3 fgo_so3_log(fgo_so3 R) { return value_of(so3_log(turn(R))); }
fgo_r3 fgo_so3_rotate(fgo_so3 R, fgo_r3 p) { return value_of(so3_rotate(turn(R), vector(p))); }
fgo_r3 fgo_so3_unrotate(fgo_so3 R, fgo_r3 p) { return value_of(so3_unrotate(turn(R), vector(p))); }
double fgo_so3_angle(fgo_so3 R) { return 2 * atan2(v3_norm(v3_const(R.q)).a, fabs(R.q[3])); }
double fgo_so3_angle_between(fgo_so3 a, fgo_so3 b) { return fgo_so3_angle(fgo_so3_between(a, b)); }

fgo_so3 fgo_so3_compose(fgo_so3 a, fgo_so3 b)
{
    fgo_so3 R;
    so3_store(so3_compose(turn(a), turn(b)), R.q);
    return R;
}

fgo_so3 fgo_so3_interpolate(fgo_so3 a, fgo_so3 b, double s)
{
    const fgo_r3 w = fgo_so3_log(fgo_so3_between(a, b));
    return fgo_so3_compose(a, fgo_so3_exp((fgo_r3){ s * w.x, s * w.y, s * w.z }));
}

fgo_status fgo_so3_normalize(fgo_so3 R, fgo_so3 *out)
{
    FGOI_REQUIRE(out);
    if (fgoi_unit_length(R.q, 4)) return fgoi_fail(FGO_ERROR_ARGUMENT, "the quaternion is zero or not finite: no rotation");
    *out = R;
    return FGO_OK;
}

fgo_so3 fgo_so3_from_so2(fgo_so2 R)
{
    const double half = 0.5 * atan2(R.s, R.c);
    return (fgo_so3){ { 0.0, 0.0, sin(half), cos(half) } };
}

/* ---- SE(3) ---- */
static se3 motion(fgo_se3 T) { return (se3){ v3_const(T.t), turn(fgo_se3_rotation(T)) }; }
static fgo_se3 pose_of(se3 T) { return fgo_se3_from_parts(value_of(T.t), T.R.a); }

fgo_se3 fgo_se3_from_parts(fgo_r3 translation, fgo_so3 rotation)
{
    const double *q = rotation.q;
    return (fgo_se3){ { translation.x, translation.y, translation.z }, { q[0], q[1], q[2], q[3] } };
}

fgo_se3 fgo_se3_from_se2(fgo_se2 T)
{
    return fgo_se3_from_parts((fgo_r3){ T.x, T.y, 0.0 }, fgo_so3_from_so2(fgo_se2_rotation(T)));
}

fgo_se3 fgo_se3_identity(void) { return (fgo_se3){ { 0.0, 0.0, 0.0 }, { 0.0, 0.0, 0.0, 1.0 } }; }
fgo_se3 fgo_se3_inverse(fgo_se3 T) { return pose_of(se3_inverse(motion(T))); }
fgo_se3 fgo_se3_between(fgo_se3 a, fgo_se3 b) { return pose_of(se3_between(motion(a), motion(b))); }
fgo_se3 fgo_se3_exp(fgo_twist3 xi) { return pose_of(se3_exp(vector(xi.u), vector(xi.w))); }
fgo_r3 fgo_se3_transform(fgo_se3 T, fgo_r3 p) { return value_of(se3_transform(motion(T), vector(p))); }
fgo_r3 fgo_se3_untransform(fgo_se3 T, fgo_r3 p) { return value_of(se3_untransform(motion(T), vector(p))); }

fgo_se3 fgo_se3_compose(fgo_se3 a, fgo_se3 b)
{
    double x[7];
    se3_store(se3_compose(motion(a), motion(b)), x);
    return (fgo_se3){ { x[0], x[1], x[2] }, { x[3], x[4], x[5], x[6] } };
}

fgo_twist3 fgo_se3_log(fgo_se3 T)
{
    real r[6];
    se3_log(motion(T), r);
    return (fgo_twist3){ { r[0].a, r[1].a, r[2].a }, { r[3].a, r[4].a, r[5].a } };
}

/* Returns the adjoint of T, row-major [R, [t]x R; 0, R]. */
fgo_mat6 fgo_se3_adjoint(fgo_se3 T)
{
    const fgo_mat3 R = fgo_so3_matrix(fgo_se3_rotation(T)),
                   cross = { { 0.0, -T.t[2], T.t[1], T.t[2], 0.0, -T.t[0], -T.t[1], T.t[0], 0.0 } };
    const fgo_mat3 tR = fgo_matmul(cross, R);
    fgo_mat6 Ad = { { 0.0 } };
    for (int i = 0; i < 3; i++)
        for (int j = 0; j < 3; j++) {
            Ad.m[6 * i + j] = Ad.m[6 * (i + 3) + j + 3] = R.m[3 * i + j];
            Ad.m[6 * i + j + 3] = tR.m[3 * i + j];
        }
    return Ad;
}

fgo_se3 fgo_se3_interpolate(fgo_se3 a, fgo_se3 b, double s)
{
    const fgo_twist3 xi = fgo_se3_log(fgo_se3_between(a, b));
    return fgo_se3_compose(
        a, fgo_se3_exp((fgo_twist3){ { s * xi.u.x, s * xi.u.y, s * xi.u.z }, { s * xi.w.x, s * xi.w.y, s * xi.w.z } }));
}

fgo_status fgo_se3_normalize(fgo_se3 T, fgo_se3 *out)
{
    fgo_so3 R;
    FGOI_REQUIRE(out);
    if (!fgoi_all_finite(T.t, 3)) return fgoi_fail(FGO_ERROR_ARGUMENT, "the translation is not finite: no pose");
    const fgo_status status = fgo_so3_normalize(fgo_se3_rotation(T), &R);
    if (!status) *out = fgo_se3_from_parts(fgo_se3_translation(T), R);
    return status;
}
