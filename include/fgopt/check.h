/* SPDX-License-Identifier: BSD-3-Clause */
/* check.h -- is the Jacobian of a factor right? Compared entry by entry with Richardson-extrapolated central differences
 * (C. Ridders 1982) taken along retract, so the same for dual numbers and analytic Jacobians. A right Jacobian of a smooth
 * residual has an error below 1e-7, a wrong one seldom below 1e-3. Not for points within 1e-6 of a jump of the residual. */
#ifndef FGOPT_CHECK_H
#define FGOPT_CHECK_H
#include <fgopt/graph.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct fgo_jacobian_report {
    double error;      /* of the worst entry: |J - D| / max(1, |D|, largest |D| of its row / 1000) */
    double jacobian;   /* that entry as the factor gives it, J */
    double difference; /* and as differences give it, D */
    size_t factor;     /* number of the factor (0 in fgo_check_jacobian) */
    int row;           /* of the residual */
    int variable;      /* 0 .. arity - 1 */
    int dof;           /* of that variable's tangent space */
} fgo_jacobian_report;

/* Checks one evaluation: m[k] is the manifold of variable k, x[k] its value, z the measurement (NULL if it has no bytes).
 * FGO_ERROR_TYPE if m is not what the class asks for, FGO_ERROR_EVALUATE if the factor cannot be evaluated there. */
FGO_API fgo_status fgo_check_jacobian_sized(const fgo_factor_class *c, const fgo_manifold *const *m, const double *const *x,
                                            const void *z, fgo_jacobian_report *out, size_t out_size);
static inline fgo_status fgo_check_jacobian(const fgo_factor_class *c, const fgo_manifold *const *m, const double *const *x,
                                            const void *z, fgo_jacobian_report *out)
{
    return fgo_check_jacobian_sized(c, m, x, z, out, sizeof *out);
}

/* Checks every factor of a graph at its current values and reports the worst entry of all. FGO_ERROR_ARGUMENT if the graph
 * has no factor. */
FGO_API fgo_status fgo_graph_check_jacobians_sized(const fgo_graph *g, fgo_jacobian_report *out, size_t out_size);
static inline fgo_status fgo_graph_check_jacobians(const fgo_graph *g, fgo_jacobian_report *out)
{
    return fgo_graph_check_jacobians_sized(g, out, sizeof *out);
}

#ifdef __cplusplus
}
#endif
#endif
