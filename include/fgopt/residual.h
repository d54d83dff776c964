/* SPDX-License-Identifier: BSD-3-Clause */
/* residual.h -- for authors of factors: a residual is written once, in C, and gets its Jacobian from dual numbers.
 *
 *     #define FGO_PARTIALS (FGO_SE2 + FGO_R2)          // sum of the tangent dimensions of the variables
 *     #include <fgopt/residual.h>
 *
 *     typedef struct { double range; } range_measurement;                    // metres
 *
 *     FGO_RESIDUAL2(range, 1, range_measurement, se2, pose, r2, mark)
 *     {
 *         r[0] = r_sub(v2_norm(v2_sub(mark, pose.t)), z->range);
 *     }
 *
 * FGO_RESIDUALk(NAME, ROWS, MEASUREMENT, TYPE1, name1, ..., TYPEk, namek), k = 1 .. 6, defines `const fgo_factor_class
 * fgo_NAME` and opens the body of
 *
 *     void NAME_residual(const MEASUREMENT *z, TYPE1 name1, ..., TYPEk namek, real r[ROWS])
 *
 * which sets every r[i] (in any unit; the noise model must agree). The body must be reentrant. A value that is not finite says
 * that the factor cannot be evaluated. The body is compiled twice, with the partials seeded on the tangents (J wanted), and
 * without, where the compiler deletes all derivative arithmetic. Values of both agree bit for bit under -ffp-contract=off.
 *
 * FGO_JACOBIANk(NAME, ROWS, MEASUREMENT, TYPE1, name1, ...) does the same for an analytic Jacobian, over plain doubles:
 *
 *     void NAME_residual(const MEASUREMENT *z, const double *name1, ..., double e[ROWS], double *J)
 *
 * names are ambient values (manifold.h), J is NULL or ROWS x FGO_PARTIALS, row-major, variable 1's columns first, with
 * respect to right perturbations of the tangents. fgo_check_jacobian (check.h) tests it.
 *
 * Variable types: r1 .. r9 (FGO_R1 ..), so2, se2, so3, se3 (FGO_SO2 ..). Larger vectors: FGO_DEFINE_RN(12); defines r12.
 * A manifold `foo` of your own is four things: the type foo (a struct over `real`); foo_dim, its tangent dimension as a constant;
 * foo_manifold, the string that is the name of its fgo_manifold; and
 *     foo foo_seed(const double *x, int first);
 * which returns the ambient value x as a dual: with the partials of retract(x, delta) at delta = 0 in places first .. first +
 * foo_dim - 1, or without partials if first < 0. See r_seed, so2_seed for the pattern.
 *
 * MEASUREMENT is any plain struct, copied as memory; fgo_none where there is none. All factors of one file share
 * FGO_PARTIALS. FGO_CLASS_FIELDS, if defined where a macro is used, sets further members of the class:
 *     #define FGO_CLASS_FIELDS .predict = range_predict, .gauge = FGO_GAUGE_RELATIVE,
 *
 * Needs GNU C11 (gcc, clang), not C++, and no library but libm. Compile with -O2 -fno-math-errno -ffp-contract=off, with -mfma
 * also -fno-tree-slp-vectorize (gcc 12 makes vfmaddsub there in spite of -ffp-contract=off); never with -ffast-math. The vector
 * width follows -mavx and -mavx512f; FGO_SIMD, defined before inclusion, overrides it. */
#ifndef FGOPT_RESIDUAL_H
#define FGOPT_RESIDUAL_H
#include <fgopt/dual.h>
#include <fgopt/factor.h>
#include <fgopt/geometry.h>

#ifndef FGO_CLASS_FIELDS
#define FGO_CLASS_FIELDS
#endif

typedef struct fgo_none {
} fgo_none; /* a measurement of no bytes */

/* Stores vector k of row i of J. A whole vector is stored wherever the numbers beyond its group are overwritten later. */
FGO_INLINE void fgo_store_vector(fgo_vec q, int k, int i, int rows, double *J)
{
    typedef double unaligned __attribute__((vector_size(8 * FGO_SIMD), aligned(8), may_alias));
    const int lane = k * FGO_SIMD, at = i * FGO_PARTIALS + lane / 4 * FGO_GROUP + lane % 4;
    if (at + FGO_SIMD <= rows * FGO_PARTIALS) {
        *(unaligned *)&J[at] = q;
    } else {
        FGO_UNROLL
        for (int j = 0; j < FGO_SIMD; j++)
            if ((lane + j) % 4 < FGO_GROUP && at + j < rows * FGO_PARTIALS) J[at + j] = q[j];
    }
}
/* Stores the values of r in e and, row by row, the partials in J. */
FGO_INLINE void fgo_store(const real *r, int rows, double *e, double *J)
{
    FGO_UNROLL
    for (int i = 0; i < rows; i++) {
        e[i] = r[i].a;
        if (!J) continue;
        FGO_EACH(fgo_store_vector(r[i].v.q[k], k, i, rows, J))
    }
}

/* Defines the class. The last arguments are the name and dimension of each variable's manifold; NAME_end is the sum of the
 * dimensions. */
#define FGO_DEFINE_CLASS(NAME, ROWS, MEASUREMENT, ARITY, ...)                                                                    \
    _Static_assert((int)NAME##_end == (FGO_PARTIALS), #NAME ": FGO_PARTIALS is not the sum of the tangent dimensions");          \
    extern const fgo_factor_class fgo_##NAME;                                                                                    \
    const fgo_factor_class fgo_##NAME = { .abi = FGO_FACTOR_ABI,                                                                 \
                                          .arity = (ARITY),                                                                      \
                                          .rows = (ROWS),                                                                        \
                                          .partials = FGO_PARTIALS,                                                              \
                                          .name = #NAME,                                                                         \
                                          .measurement_size = sizeof(MEASUREMENT),                                               \
                                          .variable = { __VA_ARGS__ },                                                           \
                                          .evaluate = NAME##_evaluate,                                                           \
                                          FGO_CLASS_FIELDS };
#define FGO_UNPACK(...) __VA_ARGS__
#define FGO_VARIABLE(T)                                                                                                          \
    {                                                                                                                            \
        T##_manifold, T##_dim                                                                                                    \
    }
/* Makes the dual of variable i, with partials from place NAME_i on, or without. `seeded` is a constant wherever this macro is
 * used. */
#define FGO_SEED(NAME, i, T) T##_seed(x[i - 1], seeded ? (int)NAME##_##i : -1)

/* Points to measurement n of array z. If a measurement has no bytes, z is NULL, to which nothing may be added, not even 0. */
#define FGO_MEASUREMENT_AT(z, n) (sizeof *(z) ? (z) + (n) : (z))

/* Defines the residual and the batched loop over factors, which is inlined twice. */
#define FGO_DEFINE_RESIDUAL(NAME, ROWS, MEASUREMENT, ARITY, VARIABLES, PARAMETERS, ARGUMENTS)                                    \
    FGO_INLINE void NAME##_residual(const MEASUREMENT *z, FGO_UNPACK PARAMETERS, real r[ROWS]);                                  \
    FGO_INLINE void NAME##_loop(int seeded, size_t count, const double *const *x, const MEASUREMENT *z, double *e, double *J)    \
    {                                                                                                                            \
        for (size_t n = 0; n < count; n++, x += (ARITY), e += (ROWS)) {                                                          \
            real r[ROWS];                                                                                                        \
            NAME##_residual(FGO_MEASUREMENT_AT(z, n), FGO_UNPACK ARGUMENTS, r);                                                  \
            fgo_store(r, ROWS, e, seeded ? J + n *(ROWS)*FGO_PARTIALS : NULL);                                                   \
        }                                                                                                                        \
    }                                                                                                                            \
    FGO_DEFINE_EVALUATE(NAME)                                                                                                    \
    FGO_DEFINE_CLASS(NAME, ROWS, MEASUREMENT, ARITY, FGO_UNPACK VARIABLES)                                                       \
    FGO_INLINE void NAME##_residual(const MEASUREMENT *z __attribute__((unused)), FGO_UNPACK PARAMETERS, real r[ROWS])

#define FGO_DEFINE_JACOBIAN(NAME, ROWS, MEASUREMENT, ARITY, VARIABLES, PARAMETERS, ARGUMENTS)                                    \
    FGO_INLINE void NAME##_residual(const MEASUREMENT *z, FGO_UNPACK PARAMETERS, double e[ROWS], double *J);                     \
    FGO_INLINE void NAME##_loop(int seeded, size_t count, const double *const *x, const MEASUREMENT *z, double *e, double *J)    \
    {                                                                                                                            \
        for (size_t n = 0; n < count; n++, x += (ARITY), e += (ROWS))                                                            \
            NAME##_residual(FGO_MEASUREMENT_AT(z, n), FGO_UNPACK ARGUMENTS, e, seeded ? J + n *(ROWS)*FGO_PARTIALS : NULL);      \
    }                                                                                                                            \
    FGO_DEFINE_EVALUATE(NAME)                                                                                                    \
    FGO_DEFINE_CLASS(NAME, ROWS, MEASUREMENT, ARITY, FGO_UNPACK VARIABLES)                                                       \
    FGO_INLINE void NAME##_residual(const MEASUREMENT *z __attribute__((unused)), FGO_UNPACK PARAMETERS, double e[ROWS],         \
                                    double *J)

#define FGO_DEFINE_EVALUATE(NAME)                                                                                                \
    static int NAME##_evaluate(const fgo_factor_class *self __attribute__((unused)), size_t count, const double *const *x,       \
                               const void *z, double *e, double *J)                                                              \
    {                                                                                                                            \
        if (J)                                                                                                                   \
            NAME##_loop(1, count, x, z, e, J);                                                                                   \
        else                                                                                                                     \
            NAME##_loop(0, count, x, z, e, NULL);                                                                                \
        return 0;                                                                                                                \
    }

/* ---- the places of the partials, for k variables ---- */
#define FGO_PLACES1(NAME, T1)     enum { NAME##_1 = 0, NAME##_end = NAME##_1 + T1##_dim };
#define FGO_PLACES2(NAME, T1, T2) enum { NAME##_1 = 0, NAME##_2 = NAME##_1 + T1##_dim, NAME##_end = NAME##_2 + T2##_dim };
#define FGO_PLACES3(NAME, T1, T2, T3)                                                                                            \
    enum { NAME##_1 = 0, NAME##_2 = NAME##_1 + T1##_dim, NAME##_3 = NAME##_2 + T2##_dim, NAME##_end = NAME##_3 + T3##_dim };
#define FGO_PLACES4(NAME, T1, T2, T3, T4)                                                                                        \
    enum {                                                                                                                       \
        NAME##_1 = 0,                                                                                                            \
        NAME##_2 = NAME##_1 + T1##_dim,                                                                                          \
        NAME##_3 = NAME##_2 + T2##_dim,                                                                                          \
        NAME##_4 = NAME##_3 + T3##_dim,                                                                                          \
        NAME##_end = NAME##_4 + T4##_dim                                                                                         \
    };
#define FGO_PLACES5(NAME, T1, T2, T3, T4, T5)                                                                                    \
    enum {                                                                                                                       \
        NAME##_1 = 0,                                                                                                            \
        NAME##_2 = NAME##_1 + T1##_dim,                                                                                          \
        NAME##_3 = NAME##_2 + T2##_dim,                                                                                          \
        NAME##_4 = NAME##_3 + T3##_dim,                                                                                          \
        NAME##_5 = NAME##_4 + T4##_dim,                                                                                          \
        NAME##_end = NAME##_5 + T5##_dim                                                                                         \
    };
#define FGO_PLACES6(NAME, T1, T2, T3, T4, T5, T6)                                                                                \
    enum {                                                                                                                       \
        NAME##_1 = 0,                                                                                                            \
        NAME##_2 = NAME##_1 + T1##_dim,                                                                                          \
        NAME##_3 = NAME##_2 + T2##_dim,                                                                                          \
        NAME##_4 = NAME##_3 + T3##_dim,                                                                                          \
        NAME##_5 = NAME##_4 + T4##_dim,                                                                                          \
        NAME##_6 = NAME##_5 + T5##_dim,                                                                                          \
        NAME##_end = NAME##_6 + T6##_dim                                                                                         \
    };

#define FGO_RESIDUAL1(NAME, ROWS, MEASUREMENT, T1, v1)                                                                           \
    FGO_PLACES1(NAME, T1);                                                                                                       \
    FGO_DEFINE_RESIDUAL(NAME, ROWS, MEASUREMENT, 1, (FGO_VARIABLE(T1)), (T1 v1), (FGO_SEED(NAME, 1, T1)))
#define FGO_RESIDUAL2(NAME, ROWS, MEASUREMENT, T1, v1, T2, v2)                                                                   \
    FGO_PLACES2(NAME, T1, T2);                                                                                                   \
    FGO_DEFINE_RESIDUAL(NAME, ROWS, MEASUREMENT, 2, (FGO_VARIABLE(T1), FGO_VARIABLE(T2)), (T1 v1, T2 v2),                        \
                        (FGO_SEED(NAME, 1, T1), FGO_SEED(NAME, 2, T2)))
#define FGO_RESIDUAL3(NAME, ROWS, MEASUREMENT, T1, v1, T2, v2, T3, v3)                                                           \
    FGO_PLACES3(NAME, T1, T2, T3);                                                                                               \
    FGO_DEFINE_RESIDUAL(NAME, ROWS, MEASUREMENT, 3, (FGO_VARIABLE(T1), FGO_VARIABLE(T2), FGO_VARIABLE(T3)),                      \
                        (T1 v1, T2 v2, T3 v3), (FGO_SEED(NAME, 1, T1), FGO_SEED(NAME, 2, T2), FGO_SEED(NAME, 3, T3)))
#define FGO_RESIDUAL4(NAME, ROWS, MEASUREMENT, T1, v1, T2, v2, T3, v3, T4, v4)                                                   \
    FGO_PLACES4(NAME, T1, T2, T3, T4);                                                                                           \
    FGO_DEFINE_RESIDUAL(NAME, ROWS, MEASUREMENT, 4, (FGO_VARIABLE(T1), FGO_VARIABLE(T2), FGO_VARIABLE(T3), FGO_VARIABLE(T4)),    \
                        (T1 v1, T2 v2, T3 v3, T4 v4),                                                                            \
                        (FGO_SEED(NAME, 1, T1), FGO_SEED(NAME, 2, T2), FGO_SEED(NAME, 3, T3), FGO_SEED(NAME, 4, T4)))
#define FGO_RESIDUAL5(NAME, ROWS, MEASUREMENT, T1, v1, T2, v2, T3, v3, T4, v4, T5, v5)                                           \
    FGO_PLACES5(NAME, T1, T2, T3, T4, T5);                                                                                       \
    FGO_DEFINE_RESIDUAL(                                                                                                         \
        NAME, ROWS, MEASUREMENT, 5, (FGO_VARIABLE(T1), FGO_VARIABLE(T2), FGO_VARIABLE(T3), FGO_VARIABLE(T4), FGO_VARIABLE(T5)),  \
        (T1 v1, T2 v2, T3 v3, T4 v4, T5 v5),                                                                                     \
        (FGO_SEED(NAME, 1, T1), FGO_SEED(NAME, 2, T2), FGO_SEED(NAME, 3, T3), FGO_SEED(NAME, 4, T4), FGO_SEED(NAME, 5, T5)))
#define FGO_RESIDUAL6(NAME, ROWS, MEASUREMENT, T1, v1, T2, v2, T3, v3, T4, v4, T5, v5, T6, v6)                                   \
    FGO_PLACES6(NAME, T1, T2, T3, T4, T5, T6);                                                                                   \
    FGO_DEFINE_RESIDUAL(                                                                                                         \
        NAME, ROWS, MEASUREMENT, 6,                                                                                              \
        (FGO_VARIABLE(T1), FGO_VARIABLE(T2), FGO_VARIABLE(T3), FGO_VARIABLE(T4), FGO_VARIABLE(T5), FGO_VARIABLE(T6)),            \
        (T1 v1, T2 v2, T3 v3, T4 v4, T5 v5, T6 v6),                                                                              \
        (FGO_SEED(NAME, 1, T1), FGO_SEED(NAME, 2, T2), FGO_SEED(NAME, 3, T3), FGO_SEED(NAME, 4, T4), FGO_SEED(NAME, 5, T5),      \
         FGO_SEED(NAME, 6, T6)))

#define FGO_JACOBIAN1(NAME, ROWS, MEASUREMENT, T1, v1)                                                                           \
    FGO_PLACES1(NAME, T1);                                                                                                       \
    FGO_DEFINE_JACOBIAN(NAME, ROWS, MEASUREMENT, 1, (FGO_VARIABLE(T1)), (const double *v1), (x[0]))
#define FGO_JACOBIAN2(NAME, ROWS, MEASUREMENT, T1, v1, T2, v2)                                                                   \
    FGO_PLACES2(NAME, T1, T2);                                                                                                   \
    FGO_DEFINE_JACOBIAN(NAME, ROWS, MEASUREMENT, 2, (FGO_VARIABLE(T1), FGO_VARIABLE(T2)), (const double *v1, const double *v2),  \
                        (x[0], x[1]))
#define FGO_JACOBIAN3(NAME, ROWS, MEASUREMENT, T1, v1, T2, v2, T3, v3)                                                           \
    FGO_PLACES3(NAME, T1, T2, T3);                                                                                               \
    FGO_DEFINE_JACOBIAN(NAME, ROWS, MEASUREMENT, 3, (FGO_VARIABLE(T1), FGO_VARIABLE(T2), FGO_VARIABLE(T3)),                      \
                        (const double *v1, const double *v2, const double *v3), (x[0], x[1], x[2]))
#define FGO_JACOBIAN4(NAME, ROWS, MEASUREMENT, T1, v1, T2, v2, T3, v3, T4, v4)                                                   \
    FGO_PLACES4(NAME, T1, T2, T3, T4);                                                                                           \
    FGO_DEFINE_JACOBIAN(NAME, ROWS, MEASUREMENT, 4, (FGO_VARIABLE(T1), FGO_VARIABLE(T2), FGO_VARIABLE(T3), FGO_VARIABLE(T4)),    \
                        (const double *v1, const double *v2, const double *v3, const double *v4), (x[0], x[1], x[2], x[3]))
#define FGO_JACOBIAN5(NAME, ROWS, MEASUREMENT, T1, v1, T2, v2, T3, v3, T4, v4, T5, v5)                                           \
    FGO_PLACES5(NAME, T1, T2, T3, T4, T5);                                                                                       \
    FGO_DEFINE_JACOBIAN(NAME, ROWS, MEASUREMENT, 5,                                                                              \
                        (FGO_VARIABLE(T1), FGO_VARIABLE(T2), FGO_VARIABLE(T3), FGO_VARIABLE(T4), FGO_VARIABLE(T5)),              \
                        (const double *v1, const double *v2, const double *v3, const double *v4, const double *v5),              \
                        (x[0], x[1], x[2], x[3], x[4]))
#define FGO_JACOBIAN6(NAME, ROWS, MEASUREMENT, T1, v1, T2, v2, T3, v3, T4, v4, T5, v5, T6, v6)                                   \
    FGO_PLACES6(NAME, T1, T2, T3, T4, T5, T6);                                                                                   \
    FGO_DEFINE_JACOBIAN(                                                                                                         \
        NAME, ROWS, MEASUREMENT, 6,                                                                                              \
        (FGO_VARIABLE(T1), FGO_VARIABLE(T2), FGO_VARIABLE(T3), FGO_VARIABLE(T4), FGO_VARIABLE(T5), FGO_VARIABLE(T6)),            \
        (const double *v1, const double *v2, const double *v3, const double *v4, const double *v5, const double *v6),            \
        (x[0], x[1], x[2], x[3], x[4], x[5]))
#endif
