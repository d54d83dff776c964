/* SPDX-License-Identifier: BSD-3-Clause */
/* check.h -- tests of Jacobians, factor classes and manifolds.
 *
 * Jacobians are compared entry by entry with Richardson-extrapolated central differences (C. Ridders 1982) along retract, whether
 * they come from dual numbers or are analytic. A right Jacobian of a smooth residual has an error below 1e-7, a wrong one seldom
 * below 1e-3. Points within 1e-6 of a jump of the residual cannot be checked. */
#ifndef FGOPT_CHECK_H
#define FGOPT_CHECK_H
#include <fgopt/graph.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct fgo_jacobian_report {
    double error;      /* error of the worst entry: |J - D| / max(1, |D|, largest |D| of its row / 1000) */
    double jacobian;   /* J, that entry as the factor computes it */
    double difference; /* D, that entry by differences */
    size_t factor;     /* number of the factor (0 in fgo_check_jacobian) */
    int row;           /* row of the residual */
    int variable;      /* 0 .. arity - 1 */
    int dof;           /* degree of freedom of that variable's tangent space */
} fgo_jacobian_report;

/* Checks the Jacobian of one evaluation of class c: m[k] is the manifold of variable k, x[k] its value, z the measurement (NULL
 * if it has no bytes). FGO_ERROR_TYPE if m is not what the class asks for, FGO_ERROR_EVALUATE if the factor cannot be evaluated
 * there. */
FGO_API fgo_status fgo_check_jacobian_sized(const fgo_factor_class *c, const fgo_manifold *const *m, const double *const *x,
                                            const void *z, fgo_jacobian_report *out, size_t out_size);
static inline fgo_status fgo_check_jacobian(const fgo_factor_class *c, const fgo_manifold *const *m, const double *const *x,
                                            const void *z, fgo_jacobian_report *out)
{
    return fgo_check_jacobian_sized(c, m, x, z, out, sizeof *out);
}

/* Checks the Jacobian of every factor of graph g at its current values and reports the worst entry of all. FGO_ERROR_ARGUMENT if
 * the graph has no factor. */
FGO_API fgo_status fgo_graph_check_jacobians_sized(const fgo_graph *g, fgo_jacobian_report *out, size_t out_size);
static inline fgo_status fgo_graph_check_jacobians(const fgo_graph *g, fgo_jacobian_report *out)
{
    return fgo_graph_check_jacobians_sized(g, out, sizeof *out);
}

/* ---- factor classes ---- */

typedef enum fgo_factor_fault {
    FGO_FACTOR_FAULT_NONE = 0,
    FGO_FACTOR_FAULT_EVALUATE, /* a sample cannot be evaluated */
    FGO_FACTOR_FAULT_BATCH,    /* two factors in one call, or a call without Jacobian, give other residuals */
    FGO_FACTOR_FAULT_JACOBIAN, /* wrong against differences, see `jacobian` */
    FGO_FACTOR_FAULT_GAUGE,    /* declared relative, but a motion of all variables changes it; or absolute, but none does */
    FGO_FACTOR_FAULT_PREDICT,  /* the residual at the predicted value is not zero, or that value lies off the manifold */
    FGO_FACTOR_FAULT_FIELDS    /* the fields of its row in the registry do not describe its measurement */
} fgo_factor_fault;

typedef struct fgo_factor_report {
    fgo_factor_fault fault; /* the first that was found */
    size_t sample;          /* the sample where it was found */
    int variable;           /* the variable of a wrong Jacobian or prediction, the motion of a wrong gauge declaration */
    double error;           /* size of the error, in the unit of the residual; infinite: it could not be evaluated */
    char text[160];
    fgo_jacobian_report jacobian; /* last, because fgo_jacobian_report can grow */
} fgo_factor_report;

/* Tests everything that a class says about itself at `count` samples. x: count * arity pointers to values, factor by factor; z:
 * count measurements; m: the manifold of each variable. x NULL: random values around the identities of m; z NULL as well: random
 * measurements by the fields of the class's row (registry.h), FGO_ERROR_ARGUMENT without a row. The random numbers are the same
 * in every call. A declared gauge is compared with the motions of the manifolds' traits; relative measurements between points may
 * change under rotations. FGO_ERROR_ARGUMENT or FGO_ERROR_TYPE if a graph would refuse the class; a fault is not an error but is
 * in *out. */
FGO_API fgo_status fgo_check_factor_sized(const fgo_factor_class *c, const fgo_manifold *const *m, size_t count,
                                          FGO_OPTIONAL const double *const *x, const void *z, fgo_factor_report *out,
                                          size_t out_size);
static inline fgo_status fgo_check_factor(const fgo_factor_class *c, const fgo_manifold *const *m, size_t count,
                                          FGO_OPTIONAL const double *const *x, const void *z, fgo_factor_report *out)
{
    return fgo_check_factor_sized(c, m, count, x, z, out, sizeof *out);
}

/* ---- manifolds ---- */

typedef enum fgo_manifold_fault {
    FGO_MANIFOLD_FAULT_NONE = 0,
    FGO_MANIFOLD_FAULT_SIZE,      /* a function writes beyond `ambient` or `tangent` numbers, or cannot work in place */
    FGO_MANIFOLD_FAULT_ZERO,      /* retract(x, 0) is not x */
    FGO_MANIFOLD_FAULT_INVERSE,   /* retract and local do not undo each other */
    FGO_MANIFOLD_FAULT_SMOOTH,    /* retract has a kink at zero, or a degree of freedom moves nothing */
    FGO_MANIFOLD_FAULT_NORMALIZE, /* normalize changes what lies on the manifold, or is not idempotent */
    FGO_MANIFOLD_FAULT_ACT,       /* act of the traits is no group action */
    FGO_MANIFOLD_FAULT_MOVE,      /* move is not the derivative of act, or does not turn about `centre` */
    FGO_MANIFOLD_FAULT_PLACE      /* position or orientation do not move as act does */
} fgo_manifold_fault;

typedef struct fgo_manifold_report {
    fgo_manifold_fault fault; /* the first that was found */
    int index;                /* the tangent dimension, number or motion where it was found */
    double error;             /* size of the error, in the unit of the tangent; infinite: it could not be evaluated */
    char text[160];
} fgo_manifold_report;

/* Tests the functions and traits of a manifold at `count` values (count * ambient numbers) and around them; count 0: around the
 * identity of its traits. The random numbers are the same in every call. FGO_ERROR_ARGUMENT or FGO_ERROR_TYPE if a graph would
 * refuse the manifold; a fault is not an error but is in *out. */
FGO_API fgo_status fgo_check_manifold_sized(const fgo_manifold *m, const double *values, size_t count, fgo_manifold_report *out,
                                            size_t out_size);
static inline fgo_status fgo_check_manifold(const fgo_manifold *m, const double *values, size_t count, fgo_manifold_report *out)
{
    return fgo_check_manifold_sized(m, values, count, out, sizeof *out);
}

#ifdef __cplusplus
}
#endif
#endif
