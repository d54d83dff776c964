/* SPDX-License-Identifier: BSD-3-Clause */
/* geometry_se2.h -- rotations and poses of the plane over `real`. Part of residual.h.
 *
 * Conventions are as in manifold.h: a pose a_T_b maps coordinates in frame b to frame a. Perturbations are on the right,
 *      R(w) = R Exp(w),     t(u) = t + R u,
 * tangent order translation u, then angle w. Ambient values: so2 (cos, sin), se2 (x, y, cos, sin).
 *
 * A rotation carries the partials of w, not the partials of cos and sin: composing adds them, Log copies them, and no
 * cancellation can enter a derivative. t carries partials in the frame in which t is written, like any vector.
 *
 * Where two rotations or poses (or a pose and a point) meet, either may be plain: fgo_so2, fgo_se2, const double[2]. */
#ifndef FGOPT_GEOMETRY_SE2_H
#define FGOPT_GEOMETRY_SE2_H
#include <fgopt/geometry_vector.h>
#include <fgopt/pose.h>

enum { so2_dim = FGO_SO2, se2_dim = FGO_SE2 };
#define so2_manifold "SO2"
#define se2_manifold "SE2"

typedef struct so2 {
    fgo_so2 a;  /* value */
    partials w; /* of its angle */
} so2;
typedef struct se2 {
    vec2 t;
    so2 R;
} se2;

#define FGO_GROUP_BINARY(op, G, x, y)    _Generic((x), G : _Generic((y), G : op##_vv, fgo_##G : op##_vc), fgo_##G : op##_cv)(x, y)
#define FGO_GROUP_ACTION(op, G, V, g, p) _Generic((g), G : _Generic((p), V : op##_vv, default : op##_vc), fgo_##G : op##_cv)(g, p)

/* ---- plain values: what pose.h computes with, inline ---- */
FGO_INLINE fgo_so2 fgo_so2_mul(fgo_so2 a, fgo_so2 b) { return (fgo_so2){ a.c * b.c - a.s * b.s, a.c * b.s + a.s * b.c }; }
FGO_INLINE fgo_so2 fgo_so2_inv(fgo_so2 a) { return (fgo_so2){ a.c, -a.s }; }

/* ---- SO(2) ---- */
FGO_INLINE so2 so2_seed(const double *x, int first) { return (so2){ { x[0], x[1] }, first < 0 ? p_zero() : p_unit(first) }; }
FGO_INLINE so2 so2_exp(real angle) { return (so2){ { cos(angle.a), sin(angle.a) }, angle.v }; }
FGO_INLINE real so2_log(so2 R) { return (real){ atan2(R.a.s, R.a.c), R.w }; } /* the angle, in [-pi, pi] */
FGO_INLINE real so2_cos(so2 R) { return (real){ R.a.c, p_scale(-R.a.s, R.w) }; }
FGO_INLINE real so2_sin(so2 R) { return (real){ R.a.s, p_scale(R.a.c, R.w) }; }
FGO_INLINE so2 so2_inverse(so2 R) { return (so2){ fgo_so2_inv(R.a), p_neg(R.w) }; }

/* Return a b (compose) and a^-1 b (between). */
FGO_INLINE so2 so2_compose_vv(so2 a, so2 b) { return (so2){ fgo_so2_mul(a.a, b.a), p_add(a.w, b.w) }; }
FGO_INLINE so2 so2_compose_vc(so2 a, fgo_so2 b) { return (so2){ fgo_so2_mul(a.a, b), a.w }; }
FGO_INLINE so2 so2_compose_cv(fgo_so2 a, so2 b) { return (so2){ fgo_so2_mul(a, b.a), b.w }; }
FGO_INLINE so2 so2_between_vv(so2 a, so2 b) { return (so2){ fgo_so2_mul(fgo_so2_inv(a.a), b.a), p_sub(b.w, a.w) }; }
FGO_INLINE so2 so2_between_vc(so2 a, fgo_so2 b) { return (so2){ fgo_so2_mul(fgo_so2_inv(a.a), b), p_neg(a.w) }; }
FGO_INLINE so2 so2_between_cv(fgo_so2 a, so2 b) { return (so2){ fgo_so2_mul(fgo_so2_inv(a), b.a), b.w }; }
#define so2_compose(a, b) FGO_GROUP_BINARY(so2_compose, so2, a, b)
#define so2_between(a, b) FGO_GROUP_BINARY(so2_between, so2, a, b)

/* Return R p (rotate) and R^-1 p (unrotate). d(R p) = R dp + (R p)^perp w. */
FGO_INLINE vec2 so2_rotate_cv(fgo_so2 R, vec2 p)
{
    return (vec2){ { R.c * p.x.a - R.s * p.y.a, p_lin(R.c, p.x.v, -R.s, p.y.v) },
                   { R.s * p.x.a + R.c * p.y.a, p_lin(R.s, p.x.v, R.c, p.y.v) } };
}
FGO_INLINE vec2 so2_rotate_vc(so2 R, const double *p)
{
    double x = R.a.c * p[0] - R.a.s * p[1], y = R.a.s * p[0] + R.a.c * p[1];
    return (vec2){ { x, p_scale(-y, R.w) }, { y, p_scale(x, R.w) } };
}
FGO_INLINE vec2 so2_rotate_vv(so2 R, vec2 p)
{
    double x = R.a.c * p.x.a - R.a.s * p.y.a, y = R.a.s * p.x.a + R.a.c * p.y.a;
    return (vec2){ { x, p_lin3(R.a.c, p.x.v, -R.a.s, p.y.v, -y, R.w) }, { y, p_lin3(R.a.s, p.x.v, R.a.c, p.y.v, x, R.w) } };
}
FGO_INLINE vec2 so2_unrotate_cv(fgo_so2 R, vec2 p) { return so2_rotate_cv(fgo_so2_inv(R), p); }
FGO_INLINE vec2 so2_unrotate_vc(so2 R, const double *p) { return so2_rotate_vc(so2_inverse(R), p); }
FGO_INLINE vec2 so2_unrotate_vv(so2 R, vec2 p) { return so2_rotate_vv(so2_inverse(R), p); }
#define so2_rotate(R, p)   FGO_GROUP_ACTION(so2_rotate, so2, vec2, R, p)
#define so2_unrotate(R, p) FGO_GROUP_ACTION(so2_unrotate, so2, vec2, R, p)

/* ---- SE(2) ---- */
FGO_INLINE se2 se2_seed(const double *x, int first)
{
    se2 T = { { r_const(x[0]), r_const(x[1]) }, so2_seed(x + 2, fgo_next(first, 2)) };
    if (first >= 0) { /* dt = R u */
        T.t.x.v = p_place3(first, x[2], -x[3], 0.0);
        T.t.y.v = p_place3(first, x[3], x[2], 0.0);
    }
    return T;
}
FGO_INLINE se2 se2_inverse(se2 T)
{
    so2 R = so2_inverse(T.R);
    return (se2){ so2_rotate_vv(R, v2_neg(T.t)), R };
}

/* Return T p (transform), from the pose's frame to the world, and T^-1 p (untransform), into the pose's frame. */
FGO_INLINE vec2 se2_transform_vv(se2 T, vec2 p) { return v2_add(so2_rotate(T.R, p), T.t); }
FGO_INLINE vec2 se2_transform_vc(se2 T, const double *p) { return v2_add(so2_rotate(T.R, p), T.t); }
FGO_INLINE vec2 se2_transform_cv(fgo_se2 T, vec2 p)
{
    return v2_add_vc(so2_rotate_cv(fgo_se2_rotation(T), p), (const double[]){ T.x, T.y });
}
FGO_INLINE vec2 se2_untransform_vv(se2 T, vec2 p) { return so2_unrotate(T.R, v2_sub(p, T.t)); }
FGO_INLINE vec2 se2_untransform_vc(se2 T, const double *p) { return so2_unrotate(T.R, v2_sub(p, T.t)); }
FGO_INLINE vec2 se2_untransform_cv(fgo_se2 T, vec2 p)
{
    return so2_unrotate_cv(fgo_se2_rotation(T), v2_sub_vc(p, (const double[]){ T.x, T.y }));
}
#define se2_transform(T, p)   FGO_GROUP_ACTION(se2_transform, se2, vec2, T, p)
#define se2_untransform(T, p) FGO_GROUP_ACTION(se2_untransform, se2, vec2, T, p)

/* Return a b (compose) and a^-1 b (between). */
FGO_INLINE se2 se2_compose_vv(se2 a, se2 b) { return (se2){ se2_transform_vv(a, b.t), so2_compose_vv(a.R, b.R) }; }
FGO_INLINE se2 se2_compose_vc(se2 a, fgo_se2 b)
{
    return (se2){ se2_transform_vc(a, (const double[]){ b.x, b.y }), so2_compose_vc(a.R, fgo_se2_rotation(b)) };
}
FGO_INLINE se2 se2_compose_cv(fgo_se2 a, se2 b)
{
    return (se2){ se2_transform_cv(a, b.t), so2_compose_cv(fgo_se2_rotation(a), b.R) };
}
FGO_INLINE se2 se2_between_vv(se2 a, se2 b) { return (se2){ se2_untransform_vv(a, b.t), so2_between_vv(a.R, b.R) }; }
FGO_INLINE se2 se2_between_vc(se2 a, fgo_se2 b)
{
    return (se2){ se2_untransform_vc(a, (const double[]){ b.x, b.y }), so2_between_vc(a.R, fgo_se2_rotation(b)) };
}
FGO_INLINE se2 se2_between_cv(fgo_se2 a, se2 b)
{
    return (se2){ se2_untransform_cv(a, b.t), so2_between_cv(fgo_se2_rotation(a), b.R) };
}
#define se2_compose(a, b) FGO_GROUP_BINARY(se2_compose, se2, a, b)
#define se2_between(a, b) FGO_GROUP_BINARY(se2_between, se2, a, b)

/* Returns Exp(u, w): t = V u, V = [A -B; B A], A = sin w / w, B = (1 - cos w) / w (Sola et al. 2018, eq. 158).
 * Below |w| = 0.1 A and B come from series; the first term left out is below 1e-15 there, also in the derivatives dA, dB. */
FGO_INLINE se2 se2_exp(vec2 u, real w)
{
    double A, B, dA, dB, x = w.a * w.a;
    so2 R = so2_exp(w);
    if (x < 0.01) {
        A = 1.0 - x / 6.0 * (1.0 - x / 20.0 * (1.0 - x / 42.0 * (1.0 - x / 72.0)));
        B = w.a * (1.0 / 2.0 - x / 24.0 + x * x / 720.0 - x * x * x / 40320.0);
        dA = -w.a * (1.0 / 3.0 - x / 30.0 + x * x / 840.0 - x * x * x / 45360.0);
        dB = 1.0 / 2.0 - x / 8.0 + x * x / 144.0 - x * x * x / 5760.0 + x * x * x * x / 403200.0;
    } else {
        A = R.a.s / w.a;
        B = (1.0 - R.a.c) / w.a;
        dA = (R.a.c - A) / w.a;
        dB = (R.a.s - B) / w.a;
    }
    return (se2){ { { A * u.x.a - B * u.y.a, p_lin3(A, u.x.v, -B, u.y.v, dA * u.x.a - dB * u.y.a, w.v) },
                    { B * u.x.a + A * u.y.a, p_lin3(B, u.x.v, A, u.y.v, dB * u.x.a + dA * u.y.a, w.v) } },
                  R };
}

/* Computes Log: out = (V^-1 t, w), w in [-pi, pi], V^-1 = [k h; -h k] with h = w/2, k = h cot h (V as for Exp).
 * k = h (1 + cos w) / sin w = h sin w / (1 - cos w): each form where it does not cancel;
 * dk/dw = (k (1 - k) - h^2) / w. Below |w| = 0.1 k comes from a series with a remainder below 1e-15. */
FGO_INLINE void se2_log(se2 T, real out[3])
{
    double w = atan2(T.R.a.s, T.R.a.c), x = w * w, h = 0.5 * w, k, dk, tx = T.t.x.a, ty = T.t.y.a;
    if (x < 0.01) {
        k = 1.0 - x * (1.0 / 12.0 + x * (1.0 / 720.0 + x * (1.0 / 30240.0 + x / 1209600.0)));
        dk = -w * (1.0 / 6.0 + x * (1.0 / 180.0 + x * (1.0 / 5040.0 + x / 151200.0)));
    } else {
        k = T.R.a.c > 0.0 ? h * (1.0 + T.R.a.c) / T.R.a.s : h * T.R.a.s / (1.0 - T.R.a.c);
        dk = (k * (1.0 - k) - h * h) / w;
    }
    out[0] = (real){ k * tx + h * ty, p_lin3(k, T.t.x.v, h, T.t.y.v, dk * tx + 0.5 * ty, T.R.w) };
    out[1] = (real){ k * ty - h * tx, p_lin3(k, T.t.y.v, -h, T.t.x.v, dk * ty - 0.5 * tx, T.R.w) };
    out[2] = (real){ w, T.R.w };
}

/* ---- ambient values out, brought back to unit length after the rounding of long products ---- */
FGO_INLINE void so2_store(so2 R, double *x)
{
    double n = sqrt(R.a.c * R.a.c + R.a.s * R.a.s);
    x[0] = R.a.c / n;
    x[1] = R.a.s / n;
}
FGO_INLINE void se2_store(se2 T, double *x)
{
    x[0] = T.t.x.a;
    x[1] = T.t.y.a;
    so2_store(T.R, x + 2);
}
#endif
