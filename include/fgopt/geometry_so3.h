/* SPDX-License-Identifier: BSD-3-Clause */
/* geometry_so3.h -- rotations of space over `real`. Part of residual.h; poses are in geometry_se3.h.
 *
 * Conventions are as in manifold.h: perturbations are on the right, R(w) = R Exp(w), w a rotation vector in radians.
 * Ambient value: unit quaternion qx, qy, qz, qw (Hamilton), q and -q the same rotation.
 *
 * A rotation carries the partials of w, three numbers, not the partials of four coordinates: composing from the left with a
 * constant costs nothing, and no cancellation can enter a derivative.
 *      d(R p) = R (dp + w x p),   d(R' p) = R' dp - w x (R' p),   w(a b) = b' w(a) + w(b).
 *
 * Where two rotations (or a rotation and a point) meet, either may be plain: fgo_so3, const double[3].
 * Formulas: J. Sola et al., "A micro Lie theory for state estimation in robotics", 2018, appendix B. */
#ifndef FGOPT_GEOMETRY_SO3_H
#define FGOPT_GEOMETRY_SO3_H
#include <fgopt/geometry_se2.h>

enum { so3_dim = FGO_SO3 };
#define so3_manifold "SO3"

typedef struct so3 {
    fgo_so3 a;     /* value */
    partials w[3]; /* of its rotation vector */
} so3;

/* ---- plain values: what pose.h computes with, inline ---- */
FGO_INLINE fgo_so3 fgo_so3_inv(fgo_so3 a) { return (fgo_so3){ { -a.q[0], -a.q[1], -a.q[2], a.q[3] } }; }
FGO_INLINE fgo_so3 fgo_so3_mul(fgo_so3 a, fgo_so3 b)
{
    const double *p = a.q, *q = b.q;
    return (fgo_so3){
        { p[3] * q[0] + p[0] * q[3] + p[1] * q[2] - p[2] * q[1], p[3] * q[1] - p[0] * q[2] + p[1] * q[3] + p[2] * q[0],
          p[3] * q[2] + p[0] * q[1] - p[1] * q[0] + p[2] * q[3], p[3] * q[3] - p[0] * q[0] - p[1] * q[1] - p[2] * q[2] }
    };
}
FGO_INLINE fgo_mat3 fgo_so3_matrix(fgo_so3 R)
{
    double x = R.q[0], y = R.q[1], z = R.q[2], w = R.q[3];
    double x2 = x + x, y2 = y + y, z2 = z + z;
    double xx = x * x2, yy = y * y2, zz = z * z2, xy = x * y2, xz = x * z2, yz = y * z2;
    double wx = w * x2, wy = w * y2, wz = w * z2;
    return (
        fgo_mat3){ { 1.0 - (yy + zz), xy - wz, xz + wy, xy + wz, 1.0 - (xx + zz), yz - wx, xz - wy, yz + wx, 1.0 - (xx + yy) } };
}
FGO_INLINE fgo_mat3 fgo_transpose(fgo_mat3 M)
{
    const double *m = M.m;
    return (fgo_mat3){ { m[0], m[3], m[6], m[1], m[4], m[7], m[2], m[5], m[8] } };
}
FGO_INLINE fgo_mat3 fgo_matmul(fgo_mat3 A, fgo_mat3 B)
{
    fgo_mat3 C;
    FGO_UNROLL
    for (int i = 0; i < 9; i++) {
        const double *a = &A.m[i / 3 * 3], *b = &B.m[i % 3];
        C.m[i] = a[0] * b[0] + a[1] * b[3] + a[2] * b[6];
    }
    return C;
}
/* Returns s I + k [v]x + c v v'. */
FGO_INLINE fgo_mat3 fgo_axis_matrix(double s, double k, double c, const double v[3])
{
    double x = v[0], y = v[1], z = v[2], cxy = c * x * y, cxz = c * x * z, cyz = c * y * z;
    return (fgo_mat3){ { s + c * x * x, cxy - k * z, cxz + k * y, cxy + k * z, s + c * y * y, cyz - k * x, cxz - k * y,
                         cyz + k * x, s + c * z * z } };
}
/* Computes R p as p + 2 qw (u x p) + 2 u x (u x p), u = q_xyz: fewer operations than through the matrix. */
FGO_INLINE void fgo_so3_apply(fgo_so3 R, double px, double py, double pz, double out[3])
{
    double x = R.q[0], y = R.q[1], z = R.q[2], w = R.q[3];
    double cx = 2.0 * (y * pz - z * py), cy = 2.0 * (z * px - x * pz), cz = 2.0 * (x * py - y * px);
    out[0] = px + w * cx + (y * cz - z * cy);
    out[1] = py + w * cy + (z * cx - x * cz);
    out[2] = pz + w * cz + (x * cy - y * cx);
}

/* ---- partials of three numbers ---- */
FGO_INLINE partials fgo_row(fgo_mat3 M, int i, partials x, partials y, partials z) /* row i of M (x, y, z) */
{
    return p_lin3(M.m[3 * i], x, M.m[3 * i + 1], y, M.m[3 * i + 2], z);
}
FGO_INLINE vec3 fgo_vec3(const double a[3], partials x, partials y, partials z)
{
    return (vec3){ { a[0], x }, { a[1], y }, { a[2], z } };
}

/* ---- SO(3) ---- */
FGO_INLINE so3 so3_seed(const double *x, int first)
{
    so3 R = { { { x[0], x[1], x[2], x[3] } }, { p_zero(), p_zero(), p_zero() } };
    if (first >= 0) {
        R.w[0] = p_unit(first);
        R.w[1] = p_unit(first + 1);
        R.w[2] = p_unit(first + 2);
    }
    return R;
}
FGO_INLINE so3 so3_inverse(so3 R)
{
    fgo_mat3 M = fgo_so3_matrix(R.a);
    return (so3){ fgo_so3_inv(R.a),
                  { p_neg(fgo_row(M, 0, R.w[0], R.w[1], R.w[2])), p_neg(fgo_row(M, 1, R.w[0], R.w[1], R.w[2])),
                    p_neg(fgo_row(M, 2, R.w[0], R.w[1], R.w[2])) } };
}

/* Return a b (compose) and a^-1 b (between). */
FGO_INLINE so3 so3_compose_cv(fgo_so3 a, so3 b) { return (so3){ fgo_so3_mul(a, b.a), { b.w[0], b.w[1], b.w[2] } }; }
FGO_INLINE so3 so3_compose_vc(so3 a, fgo_so3 b)
{
    fgo_mat3 M = fgo_transpose(fgo_so3_matrix(b));
    return (so3){ fgo_so3_mul(a.a, b),
                  { fgo_row(M, 0, a.w[0], a.w[1], a.w[2]), fgo_row(M, 1, a.w[0], a.w[1], a.w[2]),
                    fgo_row(M, 2, a.w[0], a.w[1], a.w[2]) } };
}
FGO_INLINE so3 so3_compose_vv(so3 a, so3 b)
{
    so3 ab = so3_compose_vc(a, b.a);
    for (int i = 0; i < 3; i++) ab.w[i] = p_add(ab.w[i], b.w[i]);
    return ab;
}
FGO_INLINE so3 so3_between_cv(fgo_so3 a, so3 b) { return so3_compose_cv(fgo_so3_inv(a), b); }
/* Returns a^-1 b, with w = w(b) - (a^-1 b)' w(a). */
FGO_INLINE so3 so3_between_vc(so3 a, fgo_so3 b)
{
    fgo_so3 ab = fgo_so3_mul(fgo_so3_inv(a.a), b);
    fgo_mat3 M = fgo_transpose(fgo_so3_matrix(ab));
    return (so3){ ab,
                  { p_neg(fgo_row(M, 0, a.w[0], a.w[1], a.w[2])), p_neg(fgo_row(M, 1, a.w[0], a.w[1], a.w[2])),
                    p_neg(fgo_row(M, 2, a.w[0], a.w[1], a.w[2])) } };
}
FGO_INLINE so3 so3_between_vv(so3 a, so3 b)
{
    fgo_so3 ab = fgo_so3_mul(fgo_so3_inv(a.a), b.a);
    fgo_mat3 M = fgo_transpose(fgo_so3_matrix(ab));
    return (so3){ ab,
                  { p_sub(b.w[0], fgo_row(M, 0, a.w[0], a.w[1], a.w[2])), p_sub(b.w[1], fgo_row(M, 1, a.w[0], a.w[1], a.w[2])),
                    p_sub(b.w[2], fgo_row(M, 2, a.w[0], a.w[1], a.w[2])) } };
}
#define so3_compose(a, b) FGO_GROUP_BINARY(so3_compose, so3, a, b)
#define so3_between(a, b) FGO_GROUP_BINARY(so3_between, so3, a, b)

/* Return R p (rotate) and R^-1 p (unrotate). */
FGO_INLINE vec3 so3_rotate_cv(fgo_so3 R, vec3 p)
{
    double out[3];
    fgo_mat3 M = fgo_so3_matrix(R);
    fgo_so3_apply(R, p.x.a, p.y.a, p.z.a, out);
    return fgo_vec3(out, fgo_row(M, 0, p.x.v, p.y.v, p.z.v), fgo_row(M, 1, p.x.v, p.y.v, p.z.v),
                    fgo_row(M, 2, p.x.v, p.y.v, p.z.v));
}
FGO_INLINE vec3 so3_rotate_vv(so3 R, vec3 p)
{
    p.x.v = p_add(p.x.v, p_lin(p.z.a, R.w[1], -p.y.a, R.w[2])); /* dp + w x p */
    p.y.v = p_add(p.y.v, p_lin(p.x.a, R.w[2], -p.z.a, R.w[0]));
    p.z.v = p_add(p.z.v, p_lin(p.y.a, R.w[0], -p.x.a, R.w[1]));
    return so3_rotate_cv(R.a, p);
}
FGO_INLINE vec3 so3_rotate_vc(so3 R, const double *p)
{
    vec3 q = { { p[0], p_lin(p[2], R.w[1], -p[1], R.w[2]) },
               { p[1], p_lin(p[0], R.w[2], -p[2], R.w[0]) },
               { p[2], p_lin(p[1], R.w[0], -p[0], R.w[1]) } };
    return so3_rotate_cv(R.a, q);
}
FGO_INLINE vec3 so3_unrotate_cv(fgo_so3 R, vec3 p) { return so3_rotate_cv(fgo_so3_inv(R), p); }
FGO_INLINE vec3 so3_unrotate_vv(so3 R, vec3 p)
{
    vec3 q = so3_unrotate_cv(R.a, p);
    q.x.v = p_sub(q.x.v, p_lin(q.z.a, R.w[1], -q.y.a, R.w[2])); /* R' dp - w x q */
    q.y.v = p_sub(q.y.v, p_lin(q.x.a, R.w[2], -q.z.a, R.w[0]));
    q.z.v = p_sub(q.z.v, p_lin(q.y.a, R.w[0], -q.x.a, R.w[1]));
    return q;
}
FGO_INLINE vec3 so3_unrotate_vc(so3 R, const double *p)
{
    double q[3];
    fgo_so3_apply(fgo_so3_inv(R.a), p[0], p[1], p[2], q);
    return fgo_vec3(q, p_lin(q[1], R.w[2], -q[2], R.w[1]), p_lin(q[2], R.w[0], -q[0], R.w[2]),
                    p_lin(q[0], R.w[1], -q[1], R.w[0]));
}
#define so3_rotate(R, p)   FGO_GROUP_ACTION(so3_rotate, so3, vec3, R, p)
#define so3_unrotate(R, p) FGO_GROUP_ACTION(so3_unrotate, so3, vec3, R, p)

/* Returns the quaternion of R with q_w >= 0. */
FGO_INLINE fgo_so3 fgo_so3_hemisphere(fgo_so3 R)
{
    double s = R.q[3] < 0.0 ? -1.0 : 1.0;
    return (fgo_so3){ { s * R.q[0], s * R.q[1], s * R.q[2], s * R.q[3] } };
}
/* Returns q_xyz with q_w >= 0: half the rotation vector near zero, sin(angle / 2) times the axis anywhere. d q = q (w, 0) / 2. */
FGO_INLINE vec3 so3_vector_part(so3 R)
{
    fgo_so3 h = fgo_so3_hemisphere(R.a);
    double x = 0.5 * h.q[0], y = 0.5 * h.q[1], z = 0.5 * h.q[2], s = 0.5 * h.q[3];
    return fgo_vec3(h.q, p_lin3(s, R.w[0], -z, R.w[1], y, R.w[2]), p_lin3(z, R.w[0], s, R.w[1], -x, R.w[2]),
                    p_lin3(-y, R.w[0], x, R.w[1], s, R.w[2]));
}

/* Coefficients of Exp at th = |v|, x = th^2:  V = I + B [v]x + C [v]x^2,  B = (1 - cos th) / th^2, C = (th - sin th) / th^3 (Sola
 * et al. 2018, eqs. 143, 174), and dB = B' / th, dC = C' / th. q = (s v, q_w). Below th = 0.1 they come from series, whose first
 * term left out is below 1e-15; the closed forms lose only what [v]x^2 shrinks. */
typedef struct fgo_exp_terms {
    double s, qw, B, C, dB, dC;
} fgo_exp_terms;
FGO_INLINE fgo_exp_terms fgo_exp_coefficients(double x)
{
    fgo_exp_terms e;
    if (x < 0.01) {
        double y = 0.25 * x; /* (th / 2)^2 */
        e.s = 0.5 * (1.0 - y / 6.0 * (1.0 - y / 20.0 * (1.0 - y / 42.0 * (1.0 - y / 72.0))));
        e.qw = 1.0 - y / 2.0 * (1.0 - y / 12.0 * (1.0 - y / 30.0 * (1.0 - y / 56.0)));
        e.B = 1.0 / 2.0 - x / 24.0 * (1.0 - x / 30.0 * (1.0 - x / 56.0 * (1.0 - x / 90.0)));
        e.C = 1.0 / 6.0 - x / 120.0 * (1.0 - x / 42.0 * (1.0 - x / 72.0));
        e.dB = -1.0 / 12.0 + x * (1.0 / 180.0 - x * (1.0 / 6720.0 - x / 453600.0));
        e.dC = -1.0 / 60.0 + x * (1.0 / 1260.0 - x * (1.0 / 60480.0 - x / 4989600.0));
    } else {
        double th = sqrt(x), sh = sin(0.5 * th), ch = cos(0.5 * th), A = 2.0 * sh * ch / th;
        e.s = sh / th;
        e.qw = ch;
        e.B = 2.0 * e.s * e.s;
        e.C = (1.0 - A) / x;
        e.dB = (A - 2.0 * e.B) / x;
        e.dC = (e.B - 3.0 * e.C) / x;
    }
    return e;
}

/* Returns the right Jacobian Jr: Exp(v + dv) = Exp(v) Exp(Jr dv), Jr = I - B [v]x + C [v]x^2. */
FGO_INLINE fgo_mat3 fgo_so3_right_jacobian(double x, double B, double C, const double v[3])
{
    return fgo_axis_matrix(1.0 - C * x, -B, C, v);
}
FGO_INLINE so3 fgo_so3_exp_from(fgo_exp_terms e, double x, vec3 v)
{
    const double a[3] = { v.x.a, v.y.a, v.z.a };
    fgo_mat3 Jr = fgo_so3_right_jacobian(x, e.B, e.C, a);
    return (
        so3){ { { e.s * a[0], e.s * a[1], e.s * a[2], e.qw } },
              { fgo_row(Jr, 0, v.x.v, v.y.v, v.z.v), fgo_row(Jr, 1, v.x.v, v.y.v, v.z.v), fgo_row(Jr, 2, v.x.v, v.y.v, v.z.v) } };
}
FGO_INLINE so3 so3_exp(vec3 v)
{
    double x = v.x.a * v.x.a + v.y.a * v.y.a + v.z.a * v.z.a;
    return fgo_so3_exp_from(fgo_exp_coefficients(x), x, v);
}

/* Coefficients of Log: rotation vector v = k q_xyz (q_w >= 0), k = 2 atan2(n, q_w) / n with n = |q_xyz|: no cancellation
 * anywhere, pi included. V^-1 = I - [v]x / 2 + c [v]x^2, c = (1 - g) / th^2, g = (th / 2) cot(th / 2), dc = c' / th.
 * Below th = 0.1 they come from series with a remainder below 1e-15. */
typedef struct fgo_log_terms {
    double v[3], g, c, dc;
} fgo_log_terms;
FGO_INLINE fgo_log_terms fgo_log_coefficients(fgo_so3 R)
{
    fgo_so3 h = fgo_so3_hemisphere(R);
    double n2 = h.q[0] * h.q[0] + h.q[1] * h.q[1] + h.q[2] * h.q[2], w = h.q[3], k, x;
    fgo_log_terms l;
    if (n2 < 0.0025 * w * w) {
        double y = n2 / (w * w); /* tan^2(th / 2) */
        k = 2.0 / w * (1.0 - y * (1.0 / 3.0 - y * (1.0 / 5.0 - y * (1.0 / 7.0 - y * (1.0 / 9.0 - y / 11.0)))));
        x = k * k * n2;
        l.c = 1.0 / 12.0 + x * (1.0 / 720.0 + x * (1.0 / 30240.0 + x * (1.0 / 1209600.0 + x / 47900160.0)));
        l.dc = 1.0 / 360.0 + x * (1.0 / 7560.0 + x * (1.0 / 201600.0 + x / 5987520.0));
        l.g = 1.0 - l.c * x;
    } else {
        double n = sqrt(n2), th = 2.0 * atan2(n, w);
        k = th / n;
        x = th * th;
        l.g = 0.5 * k * w;
        l.c = (1.0 - l.g) / x;
        l.dc = (0.25 - (2.0 + l.g) * l.c) / x;
    }
    for (int i = 0; i < 3; i++) l.v[i] = k * h.q[i];
    return l;
}

/* Returns M, the inverse of the right Jacobian: Log(R Exp(w)) = v + M w, M = I + [v]x / 2 + c [v]x^2. */
FGO_INLINE fgo_mat3 fgo_so3_inverse_right_jacobian(fgo_log_terms l) { return fgo_axis_matrix(l.g, 0.5, l.c, l.v); }
FGO_INLINE vec3 so3_log(so3 R) /* length in [0, pi] */
{
    fgo_log_terms l = fgo_log_coefficients(R.a);
    fgo_mat3 M = fgo_so3_inverse_right_jacobian(l);
    return fgo_vec3(l.v, fgo_row(M, 0, R.w[0], R.w[1], R.w[2]), fgo_row(M, 1, R.w[0], R.w[1], R.w[2]),
                    fgo_row(M, 2, R.w[0], R.w[1], R.w[2]));
}

/* Writes the ambient value of R to x, brought back to unit length after the rounding of long products. */
FGO_INLINE void so3_store(so3 R, double *x)
{
    const double *q = R.a.q;
    double n = sqrt(q[0] * q[0] + q[1] * q[1] + q[2] * q[2] + q[3] * q[3]);
    for (int i = 0; i < 4; i++) x[i] = q[i] / n;
}
#endif
