/* SPDX-License-Identifier: BSD-3-Clause */
/* covariance.h -- how certain are the values of a graph?
 *
 * Sigma = (J' Omega J)^-1 at the graph's current values, usually an optimum: the covariance of the tangent vectors
 * delta for which x = retract(values, delta), to first order in the noise. J' Omega J is the Gauss-Newton matrix of the
 * cost without damping, with the weights that robust losses give the factors at these values. Valid as far as the
 * information matrices are: fgo_summary's chi2 per degree of freedom says whether they are to be trusted.
 *
 * Frame and units are those of the tangent space (manifold.h): for a pose translation first, then rotation, both in the
 * pose's own frame, so m^2, m rad, rad^2. Matrices are row-major.
 *
 * A held degree of freedom is exact: its rows and columns are zero. Likewise the variable that the gauge rule
 * (solver.h) holds in a component that nothing else holds: covariances in that component are relative to it.
 *
 * Marginals, and joint covariances of variables that a factor connects, are entries of the inverse on the pattern of
 * the Cholesky factor, which fgo_covariance_create computes all at once in about the time of three factorizations (K.
 * Takahashi, J. Fagan, M. Chen 1973). Any other pair takes one solve per degree of freedom of its smaller variable,
 * along two paths of the elimination tree. */
#ifndef FGOPT_COVARIANCE_H
#define FGOPT_COVARIANCE_H
#include <fgopt/graph.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct fgo_covariance fgo_covariance;

/* Covariances at the graph's values. It borrows the graph, which must outlive it, and keeps those of the values at this
 * moment. threads: as fgo_options.threads; FGO_ERROR_ARGUMENT if they are none. FGO_ERROR_SINGULAR if the factors do not determine all
 * variables; the message names one. FGO_ERROR_EVALUATE if a factor cannot be evaluated. */
FGO_API fgo_status fgo_covariance_create(const fgo_graph *g, int threads, fgo_covariance **out);

/* The same at the graph's values of now, without a new analysis if its structure is as it was. After an error the
 * object can only be updated again or freed. */
FGO_API fgo_status fgo_covariance_update(fgo_covariance *c);
FGO_API void fgo_covariance_free(fgo_covariance *c); /* NULL is fine */

/* In the functions below: FGO_ERROR_KEY if a key is unknown, FGO_ERROR_ARGUMENT if variables, factors or holds of the
 * graph changed since the last update, or that failed. One object must not be used by two
 * threads at once. */

/* Of one variable: d x d, d its tangent dimension. */
FGO_API fgo_status fgo_covariance_marginal(fgo_covariance *c, int64_t key, double *Sigma);
/* Of two: rows a's tangent, columns b's. */
FGO_API fgo_status fgo_covariance_cross(fgo_covariance *c, int64_t a, int64_t b, double *Sigma);
/* Of `count` variables together, in this order: D x D, D the sum of their tangent dimensions. */
FGO_API fgo_status fgo_covariance_joint(fgo_covariance *c, const int64_t *keys, size_t count, double *Sigma);
/* All marginals, one after another in the order of the variables: the sum of d^2 numbers. */
FGO_API fgo_status fgo_covariance_marginals(fgo_covariance *c, double *Sigma);

#ifdef __cplusplus
}
#endif
#endif
