/* SPDX-License-Identifier: BSD-3-Clause */
/* geometry_vector.h -- vectors of `real` in the plane and in space, and R^n as a variable. Part of residual.h.
 *
 * In the functions of two vectors one of them may be plain: a `const double *` to its 2 or 3 numbers. */
#ifndef FGOPT_GEOMETRY_VECTOR_H
#define FGOPT_GEOMETRY_VECTOR_H
#include <fgopt/dual.h>

typedef struct vec2 {
    real x, y;
} vec2;
typedef struct vec3 {
    real x, y, z;
} vec3;

#define FGO_VECTOR_BINARY(op, T, p, q) _Generic((p), T : _Generic((q), T : op##_vv, default : op##_vc), default : op##_cv)(p, q)

/* ---- the plane ---- */
FGO_INLINE vec2 v2_const(const double p[2]) { return (vec2){ r_const(p[0]), r_const(p[1]) }; }
FGO_INLINE vec2 v2_neg(vec2 p) { return (vec2){ r_neg(p.x), r_neg(p.y) }; }
FGO_INLINE vec2 v2_add_vv(vec2 p, vec2 q) { return (vec2){ r_add(p.x, q.x), r_add(p.y, q.y) }; }
FGO_INLINE vec2 v2_add_vc(vec2 p, const double *q) { return (vec2){ r_add(p.x, q[0]), r_add(p.y, q[1]) }; }
FGO_INLINE vec2 v2_add_cv(const double *p, vec2 q) { return v2_add_vc(q, p); }
FGO_INLINE vec2 v2_sub_vv(vec2 p, vec2 q) { return (vec2){ r_sub(p.x, q.x), r_sub(p.y, q.y) }; }
FGO_INLINE vec2 v2_sub_vc(vec2 p, const double *q) { return (vec2){ r_sub(p.x, q[0]), r_sub(p.y, q[1]) }; }
FGO_INLINE vec2 v2_sub_cv(const double *p, vec2 q) { return (vec2){ r_sub(p[0], q.x), r_sub(p[1], q.y) }; }
FGO_INLINE real v2_dot_vv(vec2 p, vec2 q)
{
    return (real){ p.x.a * q.x.a + p.y.a * q.y.a, p_add(p_lin(q.x.a, p.x.v, q.y.a, p.y.v), p_lin(p.x.a, q.x.v, p.y.a, q.y.v)) };
}
FGO_INLINE real v2_dot_vc(vec2 p, const double *q)
{
    return (real){ p.x.a * q[0] + p.y.a * q[1], p_lin(q[0], p.x.v, q[1], p.y.v) };
}
FGO_INLINE real v2_dot_cv(const double *p, vec2 q) { return v2_dot_vc(q, p); }
#define v2_add(p, q) FGO_VECTOR_BINARY(v2_add, vec2, p, q)
#define v2_sub(p, q) FGO_VECTOR_BINARY(v2_sub, vec2, p, q)
#define v2_dot(p, q) FGO_VECTOR_BINARY(v2_dot, vec2, p, q)

FGO_INLINE vec2 v2_scale_rr(real k, vec2 p) { return (vec2){ r_mul(k, p.x), r_mul(k, p.y) }; }
FGO_INLINE vec2 v2_scale_dr(double k, vec2 p) { return (vec2){ r_mul(k, p.x), r_mul(k, p.y) }; }
#define v2_scale(k, p) _Generic((k), real : v2_scale_rr, default : v2_scale_dr)(k, p)

FGO_INLINE vec2 v2_perp(vec2 p) { return (vec2){ r_neg(p.y), p.x }; } /* turned by +90 degrees */
FGO_INLINE real v2_cross(vec2 p, vec2 q) { return r_sub(r_mul(p.x, q.y), r_mul(p.y, q.x)); }
FGO_INLINE real v2_norm2(vec2 p) { return v2_dot_vv(p, p); } /* |p|^2 */

/* Returns 1 if the sum of squares n2 has neither overflowed nor lost digits to underflow. */
FGO_INLINE int fgo_square_is_safe(double n2) { return n2 > 1e-280 && n2 < 1e280; }

/* Returns |p| without overflow; the derivative is 0 at the origin. */
FGO_INLINE real v2_norm(vec2 p)
{
    double n2 = p.x.a * p.x.a + p.y.a * p.y.a, n = fgo_square_is_safe(n2) ? sqrt(n2) : hypot(p.x.a, p.y.a);
    double nonzero = n > 0.0 ? n : 1.0;
    return (real){ n, p_lin(p.x.a / nonzero, p.x.v, p.y.a / nonzero, p.y.v) };
}

/* ---- space ---- */
FGO_INLINE vec3 v3_const(const double p[3]) { return (vec3){ r_const(p[0]), r_const(p[1]), r_const(p[2]) }; }
FGO_INLINE vec3 v3_neg(vec3 p) { return (vec3){ r_neg(p.x), r_neg(p.y), r_neg(p.z) }; }
FGO_INLINE vec3 v3_add_vv(vec3 p, vec3 q) { return (vec3){ r_add(p.x, q.x), r_add(p.y, q.y), r_add(p.z, q.z) }; }
FGO_INLINE vec3 v3_add_vc(vec3 p, const double *q) { return (vec3){ r_add(p.x, q[0]), r_add(p.y, q[1]), r_add(p.z, q[2]) }; }
FGO_INLINE vec3 v3_add_cv(const double *p, vec3 q) { return v3_add_vc(q, p); }
FGO_INLINE vec3 v3_sub_vv(vec3 p, vec3 q) { return (vec3){ r_sub(p.x, q.x), r_sub(p.y, q.y), r_sub(p.z, q.z) }; }
FGO_INLINE vec3 v3_sub_vc(vec3 p, const double *q) { return (vec3){ r_sub(p.x, q[0]), r_sub(p.y, q[1]), r_sub(p.z, q[2]) }; }
FGO_INLINE vec3 v3_sub_cv(const double *p, vec3 q) { return (vec3){ r_sub(p[0], q.x), r_sub(p[1], q.y), r_sub(p[2], q.z) }; }
FGO_INLINE real v3_dot_vv(vec3 p, vec3 q)
{
    return (real){ p.x.a * q.x.a + p.y.a * q.y.a + p.z.a * q.z.a,
                   p_add(p_lin3(q.x.a, p.x.v, q.y.a, p.y.v, q.z.a, p.z.v), p_lin3(p.x.a, q.x.v, p.y.a, q.y.v, p.z.a, q.z.v)) };
}
FGO_INLINE real v3_dot_vc(vec3 p, const double *q)
{
    return (real){ p.x.a * q[0] + p.y.a * q[1] + p.z.a * q[2], p_lin3(q[0], p.x.v, q[1], p.y.v, q[2], p.z.v) };
}
FGO_INLINE real v3_dot_cv(const double *p, vec3 q) { return v3_dot_vc(q, p); }
FGO_INLINE vec3 v3_cross_vv(vec3 p, vec3 q)
{
    return (vec3){ r_sub(r_mul(p.y, q.z), r_mul(p.z, q.y)), r_sub(r_mul(p.z, q.x), r_mul(p.x, q.z)),
                   r_sub(r_mul(p.x, q.y), r_mul(p.y, q.x)) };
}
FGO_INLINE vec3 v3_cross_cv(const double *p, vec3 q)
{
    return (vec3){ r_sub(r_mul(p[1], q.z), r_mul(p[2], q.y)), r_sub(r_mul(p[2], q.x), r_mul(p[0], q.z)),
                   r_sub(r_mul(p[0], q.y), r_mul(p[1], q.x)) };
}
FGO_INLINE vec3 v3_cross_vc(vec3 p, const double *q) { return v3_neg(v3_cross_cv(q, p)); }
#define v3_add(p, q)   FGO_VECTOR_BINARY(v3_add, vec3, p, q)
#define v3_sub(p, q)   FGO_VECTOR_BINARY(v3_sub, vec3, p, q)
#define v3_dot(p, q)   FGO_VECTOR_BINARY(v3_dot, vec3, p, q)
#define v3_cross(p, q) FGO_VECTOR_BINARY(v3_cross, vec3, p, q)

FGO_INLINE vec3 v3_scale_rr(real k, vec3 p) { return (vec3){ r_mul(k, p.x), r_mul(k, p.y), r_mul(k, p.z) }; }
FGO_INLINE vec3 v3_scale_dr(double k, vec3 p) { return (vec3){ r_mul(k, p.x), r_mul(k, p.y), r_mul(k, p.z) }; }
#define v3_scale(k, p) _Generic((k), real : v3_scale_rr, default : v3_scale_dr)(k, p)

FGO_INLINE real v3_norm2(vec3 p) { return v3_dot_vv(p, p); } /* |p|^2 */

/* Returns |p| without overflow; the derivative is 0 at the origin. */
FGO_INLINE real v3_norm(vec3 p)
{
    double n2 = p.x.a * p.x.a + p.y.a * p.y.a + p.z.a * p.z.a;
    double n = fgo_square_is_safe(n2) ? sqrt(n2) : hypot(hypot(p.x.a, p.y.a), p.z.a);
    double nonzero = n > 0.0 ? n : 1.0;
    return (real){ n, p_lin3(p.x.a / nonzero, p.x.v, p.y.a / nonzero, p.y.v, p.z.a / nonzero, p.z.v) };
}

/* ---- R^n as a variable: r1 { x }, r2 { x, y }, r3 { x, y, z }, and r4 .. r9 { x[n] } ---- */
enum { r1_dim = FGO_R1, r2_dim = FGO_R2, r3_dim = FGO_R3 };
#define r1_manifold "R1"
#define r2_manifold "R2"
#define r3_manifold "R3"

typedef struct r1 {
    real x;
} r1;
typedef vec2 r2;
typedef vec3 r3;

/* Returns the number x as a dual whose partial is 1 at `first`; first < 0: without partials. */
FGO_INLINE real r_seed(double x, int first) { return (real){ x, first < 0 ? p_zero() : p_unit(first) }; }
FGO_INLINE int fgo_next(int first, int i) { return first < 0 ? first : first + i; }

FGO_INLINE r1 r1_seed(const double *x, int first) { return (r1){ r_seed(x[0], first) }; }
FGO_INLINE r2 r2_seed(const double *x, int first) { return (r2){ r_seed(x[0], first), r_seed(x[1], fgo_next(first, 1)) }; }
FGO_INLINE r3 r3_seed(const double *x, int first)
{
    return (r3){ r_seed(x[0], first), r_seed(x[1], fgo_next(first, 1)), r_seed(x[2], fgo_next(first, 2)) };
}

/* Defines a variable type: FGO_DEFINE_RN(12) makes r12 { real x[12]; }, which counts as the number 12 in FGO_PARTIALS. */
#define FGO_DEFINE_RN(n)                                                                                                         \
    typedef struct r##n {                                                                                                        \
        real x[n];                                                                                                               \
    } r##n;                                                                                                                      \
    enum { r##n##_dim = (n) };                                                                                                   \
    static const char r##n##_manifold[] __attribute__((unused)) = "R" #n;                                                        \
    FGO_INLINE r##n r##n##_seed(const double *x, int first)                                                                      \
    {                                                                                                                            \
        r##n p;                                                                                                                  \
        FGO_UNROLL                                                                                                               \
        for (int i = 0; i < (n); i++) p.x[i] = r_seed(x[i], fgo_next(first, i));                                                 \
        return p;                                                                                                                \
    }                                                                                                                            \
    struct r##n
FGO_DEFINE_RN(4);
FGO_DEFINE_RN(5);
FGO_DEFINE_RN(6);
FGO_DEFINE_RN(7);
FGO_DEFINE_RN(8);
FGO_DEFINE_RN(9);
#endif
