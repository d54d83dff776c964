/* SPDX-License-Identifier: BSD-3-Clause */
/* geometry_se3.h -- poses of space over `real`. Part of residual.h.
 *
 * Conventions are as in manifold.h: a pose a_T_b maps coordinates in frame b to frame a; perturbations are on the right,
 *      R(w) = R Exp(w),     t(u) = t + R u,
 * tangent order translation u, then rotation vector w. Ambient value: x, y, z, qx, qy, qz, qw.
 * t carries partials in the frame in which t is written, like any vector; R carries the partials of its rotation vector.
 *
 * Where two poses (or a pose and a point) meet, either may be plain: fgo_se3, const double[3].
 * Formulas: J. Sola et al. 2018, appendix D; T. Barfoot, "State estimation for robotics", 2017, section 7.1.5. */
#ifndef FGOPT_GEOMETRY_SE3_H
#define FGOPT_GEOMETRY_SE3_H
#include <fgopt/geometry_so3.h>

enum { se3_dim = FGO_SE3 };
#define se3_manifold "SE3"

typedef struct se3 {
    vec3 t;
    so3 R;
} se3;

FGO_INLINE se3 se3_seed(const double *x, int first)
{
    se3 T = { v3_const(x), so3_seed(x + 3, fgo_next(first, 3)) };
    if (first >= 0) { /* dt = R u */
        fgo_mat3 M = fgo_so3_matrix(T.R.a);
        T.t.x.v = p_place3(first, M.m[0], M.m[1], M.m[2]);
        T.t.y.v = p_place3(first, M.m[3], M.m[4], M.m[5]);
        T.t.z.v = p_place3(first, M.m[6], M.m[7], M.m[8]);
    }
    return T;
}
FGO_INLINE se3 se3_inverse(se3 T) { return (se3){ so3_unrotate_vv(T.R, v3_neg(T.t)), so3_inverse(T.R) }; }

/* Return T p (transform), from the pose's frame to the world, and T^-1 p (untransform), into the pose's frame. */
FGO_INLINE vec3 se3_transform_vv(se3 T, vec3 p) { return v3_add_vv(so3_rotate_vv(T.R, p), T.t); }
FGO_INLINE vec3 se3_transform_vc(se3 T, const double *p) { return v3_add_vv(so3_rotate_vc(T.R, p), T.t); }
FGO_INLINE vec3 se3_transform_cv(fgo_se3 T, vec3 p) { return v3_add_vc(so3_rotate_cv(fgo_se3_rotation(T), p), T.t); }
FGO_INLINE vec3 se3_untransform_vv(se3 T, vec3 p) { return so3_unrotate_vv(T.R, v3_sub_vv(p, T.t)); }
FGO_INLINE vec3 se3_untransform_vc(se3 T, const double *p) { return so3_unrotate_vv(T.R, v3_sub_cv(p, T.t)); }
FGO_INLINE vec3 se3_untransform_cv(fgo_se3 T, vec3 p) { return so3_unrotate_cv(fgo_se3_rotation(T), v3_sub_vc(p, T.t)); }
#define se3_transform(T, p)   FGO_GROUP_ACTION(se3_transform, se3, vec3, T, p)
#define se3_untransform(T, p) FGO_GROUP_ACTION(se3_untransform, se3, vec3, T, p)

/* Return a b (compose) and a^-1 b (between). */
FGO_INLINE se3 se3_compose_vv(se3 a, se3 b) { return (se3){ se3_transform_vv(a, b.t), so3_compose_vv(a.R, b.R) }; }
FGO_INLINE se3 se3_compose_vc(se3 a, fgo_se3 b)
{
    return (se3){ se3_transform_vc(a, b.t), so3_compose_vc(a.R, fgo_se3_rotation(b)) };
}
FGO_INLINE se3 se3_compose_cv(fgo_se3 a, se3 b)
{
    return (se3){ se3_transform_cv(a, b.t), so3_compose_cv(fgo_se3_rotation(a), b.R) };
}
FGO_INLINE se3 se3_between_vv(se3 a, se3 b) { return (se3){ se3_untransform_vv(a, b.t), so3_between_vv(a.R, b.R) }; }
FGO_INLINE se3 se3_between_vc(se3 a, fgo_se3 b)
{
    return (se3){ se3_untransform_vc(a, b.t), so3_between_vc(a.R, fgo_se3_rotation(b)) };
}
FGO_INLINE se3 se3_between_cv(fgo_se3 a, se3 b)
{
    return (se3){ se3_untransform_cv(a, b.t), so3_between_cv(fgo_se3_rotation(a), b.R) };
}
#define se3_compose(a, b) FGO_GROUP_BINARY(se3_compose, se3, a, b)
#define se3_between(a, b) FGO_GROUP_BINARY(se3_between, se3, a, b)

/* Computes y = u + b v x u + c v x (v x u), which is V u for Exp and V^-1 t for Log; N = dy/dv, with db = b' / th, dc = c' / th:
 *      N = -b [u]x + c ((v.u) I + v u' - 2 u v') + (db v x u + dc v x (v x u)) v'. */
FGO_INLINE void fgo_se3_twist(const double v[3], const double u[3], double b, double c, double db, double dc, double y[3],
                              fgo_mat3 *N)
{
    double vu[3] = { v[1] * u[2] - v[2] * u[1], v[2] * u[0] - v[0] * u[2], v[0] * u[1] - v[1] * u[0] };
    double vvu[3] = { v[1] * vu[2] - v[2] * vu[1], v[2] * vu[0] - v[0] * vu[2], v[0] * vu[1] - v[1] * vu[0] };
    double dot = c * (v[0] * u[0] + v[1] * u[1] + v[2] * u[2]);
    *N = (fgo_mat3){ { dot, b * u[2], -b * u[1], -b * u[2], dot, b * u[0], b * u[1], -b * u[0], dot } };
    FGO_UNROLL
    for (int i = 0; i < 3; i++) {
        double right = db * vu[i] + dc * vvu[i] - 2.0 * c * u[i], left = c * v[i];
        y[i] = u[i] + b * vu[i] + c * vvu[i];
        for (int j = 0; j < 3; j++) N->m[3 * i + j] += left * u[j] + right * v[j];
    }
}

/* Returns Exp(u, v): the translation V u and the rotation Exp(v). */
FGO_INLINE se3 se3_exp(vec3 u, vec3 v)
{
    const double ua[3] = { u.x.a, u.y.a, u.z.a }, va[3] = { v.x.a, v.y.a, v.z.a };
    double x = va[0] * va[0] + va[1] * va[1] + va[2] * va[2], t[3];
    fgo_exp_terms e = fgo_exp_coefficients(x);
    fgo_mat3 N, V = fgo_axis_matrix(1.0 - e.C * x, e.B, e.C, va);
    partials dt[3];
    fgo_se3_twist(va, ua, e.B, e.C, e.dB, e.dC, t, &N);
    FGO_UNROLL
    for (int i = 0; i < 3; i++) dt[i] = p_add(fgo_row(V, i, u.x.v, u.y.v, u.z.v), fgo_row(N, i, v.x.v, v.y.v, v.z.v));
    return (se3){ fgo_vec3(t, dt[0], dt[1], dt[2]), fgo_so3_exp_from(e, x, v) };
}

/* Computes Log: out = (V^-1 t, rotation vector v), |v| in [0, pi]. */
FGO_INLINE void se3_log(se3 T, real out[6])
{
    const double t[3] = { T.t.x.a, T.t.y.a, T.t.z.a };
    double u[3];
    fgo_log_terms l = fgo_log_coefficients(T.R.a);
    fgo_mat3 M = fgo_so3_inverse_right_jacobian(l), N;
    fgo_se3_twist(l.v, t, -0.5, l.c, 0.0, l.dc, u, &N);
    fgo_mat3 NM = fgo_matmul(N, M), V_inverse = fgo_transpose(M); /* V^-1(v) = M(-v) */
    FGO_UNROLL
    for (int i = 0; i < 3; i++) {
        out[i] =
            (real){ u[i], p_add(fgo_row(V_inverse, i, T.t.x.v, T.t.y.v, T.t.z.v), fgo_row(NM, i, T.R.w[0], T.R.w[1], T.R.w[2])) };
        out[3 + i] = (real){ l.v[i], fgo_row(M, i, T.R.w[0], T.R.w[1], T.R.w[2]) };
    }
}

/* Writes the ambient value of T to x, the quaternion brought back to unit length. */
FGO_INLINE void se3_store(se3 T, double *x)
{
    x[0] = T.t.x.a;
    x[1] = T.t.y.a;
    x[2] = T.t.z.a;
    so3_store(T.R, x + 3);
}
#endif
