/* SPDX-License-Identifier: BSD-3-Clause */
/* dual.h -- `real`: a number and its partial derivatives (forward-mode automatic differentiation). Part of residual.h.
 *
 *   real x = { a, v }  stands for  a + v . eps,  eps an infinitesimal vector of FGO_PARTIALS tangent coordinates:
 *   f(x) = { f(a), f'(a) v }.
 *
 * Where only values are read, every derivative instruction is dead code and the compiler deletes it: the same body serves
 * with and without a Jacobian. A loop over an array of reals needs FGO_UNROLL before it for that.
 *
 * A real is a struct, so `x * y` and `x + y` do not compile: write r_mul(x, y), r_add(x, y); in the functions of two
 * arguments one of them may be a plain number. Comparisons are of values, and control flow is free.
 *
 * Where a derivative does not exist: abs, sqrt, hypot, norms and atan2 at 0 have derivative 0 (a subgradient, or the finite
 * choice where the limit is infinite); min and max of equal values take the first argument's; log at 0 and asin, acos at
 * +-1 have an infinite derivative, so the Jacobian is not finite there. */
#ifndef FGOPT_DUAL_H
#define FGOPT_DUAL_H
#ifndef FGO_PARTIALS
#error "before including residual.h define the sum of the tangent dimensions: #define FGO_PARTIALS (FGO_SE2 + FGO_R2)"
#endif
#include <math.h>
#include <stddef.h>

/* Tangent dimensions of the variable types, for FGO_PARTIALS. */
enum { FGO_R1 = 1, FGO_R2, FGO_R3, FGO_R4, FGO_R5, FGO_R6, FGO_R7, FGO_R8, FGO_R9 };
enum { FGO_SO2 = 1, FGO_SE2 = 3, FGO_SO3 = 3, FGO_SE3 = 6 };

#define FGO_INLINE static inline __attribute__((always_inline, unused))
#define FGO_UNROLL _Pragma("GCC unroll 64")

#ifndef FGO_SIMD /* doubles in a native vector: SSE2, NEON 2; AVX 4; AVX-512 8 */
#if defined __AVX512F__
#define FGO_SIMD 8
#elif defined __AVX__
#define FGO_SIMD 4
#else
#define FGO_SIMD 2
#endif
#endif

/* ---- partials ---- Partials lie in groups of four lanes, the K vectors of native width one after another (one over-wide vector
 * would spill: gcc 12, AVX2, 431 vs 718 instructions). Where all tangents come in threes (SE2, SO3, R3; SE3 is two), a group
 * holds three partials and a lane stays empty, so that translation and rotation of a pose never share a group. In most of a
 * residual most groups are zero: bit g of `zero` says that group g is known to be. Where the compiler knows that number, and in
 * straight-line code it does, arithmetic on these groups is not compiled; elsewhere they are computed like the others. Both ways
 * give the same partials but for the sign of a zero, and for 0 times an infinite derivative, which is 0 or not a number. */
enum { FGO_GROUP = FGO_PARTIALS % 3 || FGO_SIMD > 4 ? 4 : 3 };
#define FGO_LANE(i) ((i) / FGO_GROUP * 4 + (i) % FGO_GROUP) /* of tangent coordinate i */
enum { FGO_K = (FGO_LANE(FGO_PARTIALS - 1) + FGO_SIMD) / FGO_SIMD };
typedef double fgo_vec __attribute__((vector_size(8 * FGO_SIMD)));
typedef struct partials {
    fgo_vec q[FGO_K];
    unsigned long long zero;
} partials;

/* Repeats a statement for each vector k. The first eight are unrolled here, because gcc takes structs apart before it unrolls
 * loops. */
#define FGO_AT(i, ...)                                                                                                           \
    if (FGO_K > i) {                                                                                                             \
        enum { k = i };                                                                                                          \
        __VA_ARGS__;                                                                                                             \
    }
#define FGO_EACH(...)                                                                                                            \
    FGO_AT(0, __VA_ARGS__)                                                                                                       \
    FGO_AT(1, __VA_ARGS__)                                                                                                       \
    FGO_AT(2, __VA_ARGS__)                                                                                                       \
    FGO_AT(3, __VA_ARGS__)                                                                                                       \
    FGO_AT(4, __VA_ARGS__)                                                                                                       \
    FGO_AT(5, __VA_ARGS__)                                                                                                       \
    FGO_AT(6, __VA_ARGS__)                                                                                                       \
    FGO_AT(7, __VA_ARGS__)                                                                                                       \
    FGO_UNROLL                                                                                                                   \
    for (int k = 8; k < FGO_K; k++) {                                                                                            \
        __VA_ARGS__;                                                                                                             \
    }

/* Tells whether all of x.q[k] is known to be zero; `zero` has bits for the first 256 lanes. */
#define FGO_IS_ZERO(x, k)                                                                                                        \
    (__builtin_constant_p((x).zero) && ((k) + 1) * FGO_SIMD <= 256 &&                                                            \
     ((x).zero >> ((k)*FGO_SIMD / 4 & 63) & (x).zero >> ((((k) + 1) * FGO_SIMD - 1) / 4 & 63) & 1))

FGO_INLINE fgo_vec fgo_vec_scale(double a, fgo_vec x, int x_zero) { return x_zero ? x : a * x; }
FGO_INLINE fgo_vec fgo_vec_add(fgo_vec x, int x_zero, fgo_vec y, int y_zero) { return x_zero ? y : y_zero ? x : x + y; }
FGO_INLINE fgo_vec fgo_vec_lin(double a, fgo_vec x, int x_zero, double b, fgo_vec y, int y_zero)
{
    return fgo_vec_add(fgo_vec_scale(a, x, x_zero), x_zero, fgo_vec_scale(b, y, y_zero), y_zero);
}
/* Returns q, vector k of the partials, with a at `lane` if that lane is in this vector. */
FGO_INLINE fgo_vec fgo_vec_place(fgo_vec q, int k, int lane, double a)
{
    if (lane / FGO_SIMD == k) q[lane % FGO_SIMD] = a;
    return q;
}

FGO_INLINE partials p_zero(void)
{
    partials z;
    FGO_EACH(z.q[k] = (fgo_vec){ 0 })
    z.zero = ~0ull;
    return z;
}
FGO_INLINE partials p_place(partials x, int i, double a) /* x with a at i */
{
    FGO_EACH(x.q[k] = fgo_vec_place(x.q[k], k, FGO_LANE(i), a))
    x.zero &= ~(1ull << (FGO_LANE(i) / 4 & 63));
    return x;
}
FGO_INLINE partials p_unit(int i) { return p_place(p_zero(), i, 1.0); }
FGO_INLINE partials p_place3(int first, double a, double b, double c) /* a, b, c at first, first + 1, first + 2 */
{
    return p_place(p_place(p_place(p_zero(), first, a), first + 1, b), first + 2, c);
}
FGO_INLINE double p_get(partials x, int i) { return x.q[FGO_LANE(i) / FGO_SIMD][FGO_LANE(i) % FGO_SIMD]; }
FGO_INLINE partials p_add(partials x, partials y)
{
    FGO_EACH(x.q[k] = fgo_vec_add(x.q[k], FGO_IS_ZERO(x, k), y.q[k], FGO_IS_ZERO(y, k)))
    x.zero &= y.zero;
    return x;
}
FGO_INLINE partials p_sub(partials x, partials y)
{
    FGO_EACH(x.q[k] = FGO_IS_ZERO(y, k) ? x.q[k] : FGO_IS_ZERO(x, k) ? -y.q[k] : x.q[k] - y.q[k])
    x.zero &= y.zero;
    return x;
}
FGO_INLINE partials p_neg(partials x)
{
    FGO_EACH(x.q[k] = FGO_IS_ZERO(x, k) ? x.q[k] : -x.q[k])
    return x;
}
FGO_INLINE partials p_scale(double a, partials x)
{
    FGO_EACH(x.q[k] = fgo_vec_scale(a, x.q[k], FGO_IS_ZERO(x, k)))
    return x;
}
FGO_INLINE partials p_lin(double a, partials x, double b, partials y) /* a x + b y */
{
    FGO_EACH(x.q[k] = fgo_vec_lin(a, x.q[k], FGO_IS_ZERO(x, k), b, y.q[k], FGO_IS_ZERO(y, k)))
    x.zero &= y.zero;
    return x;
}
FGO_INLINE partials p_lin3(double a, partials x, double b, partials y, double c, partials z) /* a x + b y + c z */
{
    FGO_EACH(x.q[k] = fgo_vec_add(fgo_vec_lin(a, x.q[k], FGO_IS_ZERO(x, k), b, y.q[k], FGO_IS_ZERO(y, k)),
                                  FGO_IS_ZERO(x, k) && FGO_IS_ZERO(y, k), fgo_vec_scale(c, z.q[k], FGO_IS_ZERO(z, k)),
                                  FGO_IS_ZERO(z, k)))
    x.zero &= y.zero & z.zero;
    return x;
}

/* ---- real ---- */
typedef struct real {
    double a;
    partials v;
} real;

#define FGO_BINARY(op, x, y) _Generic((x), real : _Generic((y), real : op##_rr, default : op##_rd), default : op##_dr)(x, y)

FGO_INLINE real r_const(double c) { return (real){ c, p_zero() }; }
FGO_INLINE double r_value_r(real x) { return x.a; }
FGO_INLINE double r_value_d(double c) { return c; }
#define r_value(x) _Generic((x), real : r_value_r, default : r_value_d)(x)

#define r_lt(x, y) (r_value(x) < r_value(y))
#define r_le(x, y) (r_value(x) <= r_value(y))
#define r_gt(x, y) (r_value(x) > r_value(y))
#define r_ge(x, y) (r_value(x) >= r_value(y))

/* Returns f(x) by the chain rule, given f = f(x.a) and df = f'(x.a). */
FGO_INLINE real r_chain(real x, double f, double df) { return (real){ f, p_scale(df, x.v) }; }

FGO_INLINE real r_add_rr(real x, real y) { return (real){ x.a + y.a, p_add(x.v, y.v) }; }
FGO_INLINE real r_add_rd(real x, double c) { return (real){ x.a + c, x.v }; }
FGO_INLINE real r_add_dr(double c, real x) { return (real){ c + x.a, x.v }; }
FGO_INLINE real r_sub_rr(real x, real y) { return (real){ x.a - y.a, p_sub(x.v, y.v) }; }
FGO_INLINE real r_sub_rd(real x, double c) { return (real){ x.a - c, x.v }; }
FGO_INLINE real r_sub_dr(double c, real x) { return (real){ c - x.a, p_neg(x.v) }; }
FGO_INLINE real r_mul_rr(real x, real y) { return (real){ x.a * y.a, p_lin(y.a, x.v, x.a, y.v) }; }
FGO_INLINE real r_mul_rd(real x, double c) { return (real){ x.a * c, p_scale(c, x.v) }; }
FGO_INLINE real r_mul_dr(double c, real x) { return r_mul_rd(x, c); }
FGO_INLINE real r_div_rr(real x, real y)
{
    double q = x.a / y.a;
    return (real){ q, p_lin(1.0 / y.a, x.v, -q / y.a, y.v) };
}
FGO_INLINE real r_div_rd(real x, double c) { return r_chain(x, x.a / c, 1.0 / c); }
FGO_INLINE real r_div_dr(double c, real y) { return r_chain(y, c / y.a, -c / y.a / y.a); }
#define r_add(x, y) FGO_BINARY(r_add, x, y)
#define r_sub(x, y) FGO_BINARY(r_sub, x, y)
#define r_mul(x, y) FGO_BINARY(r_mul, x, y)
#define r_div(x, y) FGO_BINARY(r_div, x, y)

FGO_INLINE real r_neg(real x) { return (real){ -x.a, p_neg(x.v) }; }
FGO_INLINE real r_square(real x) { return r_chain(x, x.a * x.a, 2.0 * x.a); }
FGO_INLINE real r_abs(real x) { return r_chain(x, fabs(x.a), (double)((x.a > 0.0) - (x.a < 0.0))); }
FGO_INLINE real r_sqrt(real x)
{
    double s = sqrt(x.a);
    return r_chain(x, s, s > 0.0 ? 0.5 / s : 0.0);
}
FGO_INLINE real r_exp(real x)
{
    double e = exp(x.a);
    return r_chain(x, e, e);
}
FGO_INLINE real r_log(real x) { return r_chain(x, log(x.a), 1.0 / x.a); }
FGO_INLINE real r_sin(real x) { return r_chain(x, sin(x.a), cos(x.a)); }
FGO_INLINE real r_cos(real x) { return r_chain(x, cos(x.a), -sin(x.a)); }
FGO_INLINE real r_tan(real x)
{
    double t = tan(x.a);
    return r_chain(x, t, 1.0 + t * t);
}
FGO_INLINE real r_asin(real x) { return r_chain(x, asin(x.a), 1.0 / sqrt((1.0 - x.a) * (1.0 + x.a))); }
FGO_INLINE real r_acos(real x) { return r_chain(x, acos(x.a), -1.0 / sqrt((1.0 - x.a) * (1.0 + x.a))); }
FGO_INLINE real r_atan(real x)
{
    double c = fabs(x.a) < 1e150 ? 1.0 / (1.0 + x.a * x.a) : 0.0;
    return r_chain(x, atan(x.a), c);
}

/* Return x^y. The derivative with respect to y is x^y log x, and 0 where x <= 0 (it does not exist for x < 0). */
FGO_INLINE real r_pow_rd(real x, double y) { return r_chain(x, pow(x.a, y), y == 0.0 ? 0.0 : y * pow(x.a, y - 1.0)); }
FGO_INLINE real r_pow_dr(double x, real y)
{
    double p = pow(x, y.a);
    return r_chain(y, p, x > 0.0 ? p * log(x) : 0.0);
}
FGO_INLINE real r_pow_rr(real x, real y)
{
    real in_x = r_pow_rd(x, y.a), in_y = r_pow_dr(x.a, y);
    return (real){ in_x.a, p_add(in_x.v, in_y.v) };
}
#define r_pow(x, y) FGO_BINARY(r_pow, x, y)

/* Returns sqrt(x^2 + y^2) without overflow or underflow; the derivative is 0 at the origin. */
FGO_INLINE real r_hypot_rr(real x, real y)
{
    double h = hypot(x.a, y.a), nonzero = h > 0.0 ? h : 1.0;
    return (real){ h, p_lin(x.a / nonzero, x.v, y.a / nonzero, y.v) };
}
FGO_INLINE real r_hypot_rd(real x, double y)
{
    double h = hypot(x.a, y);
    return r_chain(x, h, h > 0.0 ? x.a / h : 0.0);
}
FGO_INLINE real r_hypot_dr(double x, real y) { return r_hypot_rd(y, x); }
#define r_hypot(x, y) FGO_BINARY(r_hypot, x, y)

/* Computes the derivatives of the angle of (x, y) with respect to y and x, both 0 at the origin:
 * d atan2 = (x dy - y dx) / (x^2 + y^2). */
FGO_INLINE void fgo_atan2_slopes(double y, double x, double *dy, double *dx)
{
    double n = x * x + y * y;
    if (n > 1e-280 && n < 1e280) {
        *dy = x / n;
        *dx = -y / n;
    } else { /* the square has overflowed or underflowed */
        double h = hypot(x, y), nonzero = h > 0.0 ? h : 1.0;
        *dy = x / nonzero / nonzero;
        *dx = -y / nonzero / nonzero;
    }
}
FGO_INLINE real r_atan2_rr(real y, real x)
{
    double dy, dx;
    fgo_atan2_slopes(y.a, x.a, &dy, &dx);
    return (real){ atan2(y.a, x.a), p_lin(dy, y.v, dx, x.v) };
}
FGO_INLINE real r_atan2_rd(real y, double x)
{
    double dy, dx;
    fgo_atan2_slopes(y.a, x, &dy, &dx);
    return r_chain(y, atan2(y.a, x), dy);
}
FGO_INLINE real r_atan2_dr(double y, real x)
{
    double dy, dx;
    fgo_atan2_slopes(y, x.a, &dy, &dx);
    return r_chain(x, atan2(y, x.a), dx);
}
#define r_atan2(y, x) FGO_BINARY(r_atan2, y, x)

/* Return the smaller or the larger value. NaN prevails: it must not vanish in a comparison. */
FGO_INLINE real r_min_rr(real x, real y) { return y.a < x.a || isnan(y.a) ? y : x; }
FGO_INLINE real r_min_rd(real x, double y) { return r_min_rr(x, r_const(y)); }
FGO_INLINE real r_min_dr(double x, real y) { return r_min_rr(r_const(x), y); }
FGO_INLINE real r_max_rr(real x, real y) { return y.a > x.a || isnan(y.a) ? y : x; }
FGO_INLINE real r_max_rd(real x, double y) { return r_max_rr(x, r_const(y)); }
FGO_INLINE real r_max_dr(double x, real y) { return r_max_rr(r_const(x), y); }
#define r_min(x, y) FGO_BINARY(r_min, x, y)
#define r_max(x, y) FGO_BINARY(r_max, x, y)
#endif
