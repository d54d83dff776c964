/* SPDX-License-Identifier: BSD-3-Clause */
/* covariance.h -- how certain the values of a graph are.
 *
 * Sigma = (J' Omega J)^-1 at the graph's current values, usually an optimum: the covariance of the tangent vectors
 * delta for which x = retract(values, delta), to first order in the noise. J' Omega J is the Gauss-Newton matrix of the
 * cost without damping, with the weights that robust losses give the factors at these values. Sigma is as valid as the
 * information matrices: chi2 per degree of freedom (fgo_summary) says whether they can be trusted.
 *
 * Frame and units are those of the tangent space (manifold.h): for a pose translation first, then rotation, both in the
 * pose's own frame, so m^2, m rad, rad^2. Matrices are row-major.
 *
 * A held degree of freedom is exact: its rows and columns are zero. So are those of the variable that the gauge rule (solver.h)
 * holds in a component that nothing else holds: covariances in that component are relative to that variable.
 *
 * Marginals, and joint covariances of variables that a factor connects, are entries of the inverse on the pattern of
 * the Cholesky factor. fgo_covariance_create computes all of them at once, in about the time of three factorizations (K.
 * Takahashi, J. Fagan, M. Chen 1973). Any other pair takes one solve for each degree of freedom of its smaller variable,
 * along two paths of the elimination tree.
 *
 *     fgo_covariance *c = NULL;
 *     double Sigma[9];
 *     if (!fgo_covariance_create(g, 0, &c)) fgo_covariance_marginal(c, key, Sigma);   // of a pose in the plane
 *     fgo_covariance_free(c); */
#ifndef FGOPT_COVARIANCE_H
#define FGOPT_COVARIANCE_H
#include <fgopt/graph.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct fgo_covariance fgo_covariance;

/* Computes the covariances at the current values of g. The object borrows the graph, which must outlive it; later changes of
 * values do not change the covariances. `threads` as in fgo_options. The caller frees *out with fgo_covariance_free.
 * FGO_ERROR_SINGULAR if the factors do not determine all variables; the message names one. FGO_ERROR_EVALUATE if a factor cannot
 * be evaluated. */
FGO_API fgo_status fgo_covariance_create(const fgo_graph *g, int threads, fgo_covariance **out);

/* Recomputes the covariances at the graph's current values; reuses the symbolic analysis if variables, factors and holds have
 * not changed. After an error the object can only be updated again or freed. */
FGO_API fgo_status fgo_covariance_update(fgo_covariance *c);
/* Frees the covariances; NULL is fine. */
FGO_API void fgo_covariance_free(fgo_covariance *c);

/* The functions below fail with FGO_ERROR_KEY if a key is unknown, with FGO_ERROR_ARGUMENT if variables, factors or holds of the
 * graph have changed since the last update, or if that update failed. Two threads must not use one object at once. */

/* Computes the covariance of one variable: d x d, d its tangent dimension. */
FGO_API fgo_status fgo_covariance_marginal(fgo_covariance *c, int64_t key, double *Sigma);
/* Computes the cross-covariance of two variables: rows are the tangent of a, columns that of b. */
FGO_API fgo_status fgo_covariance_cross(fgo_covariance *c, int64_t a, int64_t b, double *Sigma);
/* Computes the joint covariance of `count` variables in this order: D x D, D the sum of their tangent dimensions. */
FGO_API fgo_status fgo_covariance_joint(fgo_covariance *c, const int64_t *keys, size_t count, double *Sigma);
/* Computes all marginal covariances, one after another in the order of the variables: sum of d^2 numbers. */
FGO_API fgo_status fgo_covariance_marginals(fgo_covariance *c, double *Sigma);

#ifdef __cplusplus
}
#endif
#endif
