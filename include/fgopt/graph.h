/* SPDX-License-Identifier: BSD-3-Clause */
/* graph.h -- a factor graph: variables with 64-bit keys, and factors that connect them.
 *
 * The graph owns copies of everything it is given. Functions that take a const graph only read it: several threads may call them
 * on one graph at once, as long as none changes it meanwhile.
 * Variables and factors are numbered from 0 in the order they were added. The number of a factor is its handle: it stays the same
 * until fgo_graph_compact, whatever is removed. The handle of a variable is its key; its number is a position, which changes when
 * a variable before it is removed. */
#ifndef FGOPT_GRAPH_H
#define FGOPT_GRAPH_H
#include <fgopt/factor.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct fgo_graph fgo_graph;

/* Makes an empty graph, which the caller frees with fgo_graph_free. */
FGO_API fgo_status fgo_graph_create(fgo_graph **out);
/* Frees a graph; NULL is fine. */
FGO_API void fgo_graph_free(fgo_graph *g);

/* ---- variables ---- */

/* Adds a variable on manifold m with the initial value x, m->ambient finite doubles, which are normalized if m has a normalize
 * function. FGO_ERROR_KEY if the key exists; FGO_ERROR_ARGUMENT if the value is not finite or cannot be normalized. */
FGO_API fgo_status fgo_graph_add_variable(fgo_graph *g, int64_t key, const fgo_manifold *m, const double *x);
/* Add a variable of R^n, SO(2), SE(2), SO(3) or SE(3), with the errors of fgo_graph_add_variable. Quaternions are qx qy qz qw. */
FGO_API fgo_status fgo_graph_add_rn(fgo_graph *g, int64_t key, int n, const double *x);
FGO_API fgo_status fgo_graph_add_so2(fgo_graph *g, int64_t key, double angle);                     /* radians */
FGO_API fgo_status fgo_graph_add_se2(fgo_graph *g, int64_t key, double x, double y, double angle); /* m, m, radians */
FGO_API fgo_status fgo_graph_add_so3(fgo_graph *g, int64_t key, const double quaternion[4]);
FGO_API fgo_status fgo_graph_add_se3(fgo_graph *g, int64_t key, const double t[3], const double quaternion[4]); /* t in m */

/* Returns how many variables there are. */
FGO_API size_t fgo_graph_variable_count(const fgo_graph *g);
/* Returns the sum of all tangent dimensions, held degrees of freedom included: the length of a gradient. */
FGO_API size_t fgo_graph_tangent_dimension(const fgo_graph *g);
/* Finds the number of the variable with this key; FGO_ERROR_KEY if there is none. */
FGO_API fgo_status fgo_graph_find(const fgo_graph *g, int64_t key, FGO_OPTIONAL size_t *index);
/* Return the key, the manifold, the offset in a gradient and the value of the variable with number `index`, which is less than
 * fgo_graph_variable_count. The value is valid until a variable is added or removed. */
FGO_API int64_t fgo_graph_variable_key(const fgo_graph *g, size_t index);
FGO_API const fgo_manifold *fgo_graph_variable_manifold(const fgo_graph *g, size_t index);
FGO_API size_t fgo_graph_variable_tangent_offset(const fgo_graph *g, size_t index);
FGO_API const double *fgo_graph_variable_value(const fgo_graph *g, size_t index);

/* Read and write the value x of a variable by its key: ambient doubles as in manifold.h. FGO_ERROR_KEY if there is no such
 * variable; FGO_ERROR_ARGUMENT for a value that is not finite or cannot be normalized. */
FGO_API fgo_status fgo_graph_get_value(const fgo_graph *g, int64_t key, double *x);
FGO_API fgo_status fgo_graph_set_value(fgo_graph *g, int64_t key, const double *x);

/* Read and write the time stamp of a variable, such as a pose: seconds, NaN for none. Trajectory files have time stamps (io.h).
 * The variable is named by its number to read and by its key to write; FGO_ERROR_KEY if there is no such variable. */
FGO_API double fgo_graph_variable_time(const fgo_graph *g, size_t index);
FGO_API fgo_status fgo_graph_set_time(fgo_graph *g, int64_t key, double time_s);

/* Hold or release a variable, or one degree of freedom of its tangent space. What is held keeps its value in fgo_solve. `dof`
 * counts from 0 in tangent order; a degree of freedom is held in the frame that the tangent has at the current value.
 * FGO_ERROR_KEY if there is no such variable, FGO_ERROR_ARGUMENT if there is no such degree of freedom. */
FGO_API fgo_status fgo_graph_hold(fgo_graph *g, int64_t key);
FGO_API fgo_status fgo_graph_release(fgo_graph *g, int64_t key);
FGO_API fgo_status fgo_graph_hold_dof(fgo_graph *g, int64_t key, int dof);
FGO_API fgo_status fgo_graph_release_dof(fgo_graph *g, int64_t key, int dof);
/* Returns how many degrees of freedom of the variable with number `index` are held: 0 if it is free, its tangent dimension if it
 * is held whole. */
FGO_API int fgo_graph_variable_held(const fgo_graph *g, size_t index);

/* ---- factors ---- */

/* Adds a factor of class c on the c->arity existing, distinct variables with these keys. z: the measurement, c->measurement_size
 * bytes (NULL if 0); `noise` and `loss` as in factor.h and loss.h. Class, measurement and noise are copied. FGO_ERROR_KEY if a
 * key is unknown or repeated, FGO_ERROR_TYPE if a variable is on another manifold than c requires, FGO_ERROR_INFORMATION if the
 * information is not symmetric positive semi-definite, FGO_ERROR_ARGUMENT. */
FGO_API fgo_status fgo_graph_add_factor(fgo_graph *g, const fgo_factor_class *c, const int64_t *keys, const void *z,
                                        fgo_noise noise, fgo_loss loss);

/* Returns how many factors there are. */
FGO_API size_t fgo_graph_factor_count(const fgo_graph *g);
/* Returns one more than the largest number that a factor has had since the last fgo_graph_compact: the bound of loops over
 * factors, in which fgo_graph_factor_class is NULL for the numbers of removed ones. It is fgo_graph_factor_count while nothing
 * has been removed. */
FGO_API size_t fgo_graph_factor_end(const fgo_graph *g);
/* Returns the class of the factor with number `factor`, to be compared by fgo_factor_class_same; NULL if there is none. */
FGO_API const fgo_factor_class *fgo_graph_factor_class(const fgo_graph *g, size_t factor);
/* Copies the keys of a factor's variables, class->arity of them. FGO_ERROR_ARGUMENT if there is no such factor, here and
 * below. */
FGO_API fgo_status fgo_graph_factor_keys(const fgo_graph *g, size_t factor, int64_t *keys);
/* Returns the measurement of a factor, valid until a factor is added or removed; NULL if there is none. */
FGO_API const void *fgo_graph_factor_measurement(const fgo_graph *g, size_t factor);
/* Copies the information Omega of a factor, rows x rows, row-major, as it is used: after projection. */
FGO_API fgo_status fgo_graph_factor_information(const fgo_graph *g, size_t factor, double *Omega);
/* Copies the loss of a factor. */
FGO_API fgo_status fgo_graph_factor_loss(const fgo_graph *g, size_t factor, fgo_loss *out);
/* Change the measurement, noise or loss of a factor. These are numbers, not structure: a solver continues without a new symbolic
 * analysis. */
FGO_API fgo_status fgo_graph_set_measurement(fgo_graph *g, size_t factor, const void *z);
FGO_API fgo_status fgo_graph_set_noise(fgo_graph *g, size_t factor, fgo_noise noise);
FGO_API fgo_status fgo_graph_set_loss(fgo_graph *g, size_t factor, fgo_loss loss);
/* Sets the same loss for all factors. */
FGO_API fgo_status fgo_graph_set_all_losses(fgo_graph *g, fgo_loss loss);
/* Returns how many information matrices were projected: FGO_NOISE_PROJECTED with a negative eigenvalue. */
FGO_API size_t fgo_graph_projected_count(const fgo_graph *g);

/* ---- removal ----
 *
 * The remaining elements keep their order and their handles: the numbers of factors, which are not given again before
 * fgo_graph_compact, and the keys of variables. Costs, gradients and solutions are then, bit for bit, those of a graph to which
 * only the remaining elements were added, provided that classes of factors appeared there in the same order. A call removes
 * everything that it names or, on failure, nothing. Pointers into the graph (values, measurements, groups) become invalid, and
 * solvers analyse anew. A file that the graph was read from is written without the lines of removed elements (io.h).
 *
 *     fgo_graph_add_factor(g, &fgo_between_se2, keys, &z, noise, fgo_loss_none());
 *     size_t closure = fgo_graph_factor_end(g) - 1;
 *     ...
 *     fgo_graph_remove_factor(g, closure);
 */

/* Removes one factor, in time proportional to the factors of its class that were added after it. FGO_ERROR_ARGUMENT if there
 * is no factor of this number. */
FGO_API fgo_status fgo_graph_remove_factor(fgo_graph *g, size_t factor);
/* Removes `count` different factors in one pass over the graph: for many at once. FGO_ERROR_ARGUMENT as above, or if one is
 * listed twice. */
FGO_API fgo_status fgo_graph_remove_factors(fgo_graph *g, const size_t *factors, size_t count);
/* Removes the variable of a key and every factor on it, in one pass over the graph. FGO_ERROR_KEY if there is none. */
FGO_API fgo_status fgo_graph_remove_variable(fgo_graph *g, int64_t key);
/* Removes `count` different variables and every factor on any of them, in one pass over the graph. FGO_ERROR_KEY if a key is
 * unknown or listed twice. */
FGO_API fgo_status fgo_graph_remove_variables(fgo_graph *g, const int64_t *keys, size_t count);
/* Numbers the factors 0, 1, ... again, in their order, without the gaps of removed ones: earlier handles are no longer valid. */
FGO_API fgo_status fgo_graph_compact(fgo_graph *g);

/* ---- where elements came from ---- */

/* Returns the line, counted from 1, of the file that a factor was read from; 0 for factors that a program added, and for
 * numbers of no factor. */
FGO_API size_t fgo_graph_factor_line(const fgo_graph *g, size_t factor);
/* Returns the line that the variable with number `index` was read from, 0 if there is none; for merged vertices the line of the
 * first. */
FGO_API size_t fgo_graph_variable_line(const fgo_graph *g, size_t index);

/* ---- evaluation at the current values; FGO_ERROR_EVALUATE if a factor cannot be evaluated ---- */

/* Computes F(x) = sum rho(e' Omega e), see factor.h. */
FGO_API fgo_status fgo_graph_cost(const fgo_graph *g, double *cost);
/* Computes the residual e of one factor: rows numbers, before whitening. */
FGO_API fgo_status fgo_graph_residual(const fgo_graph *g, size_t factor, double *e);
/* Computes s = e' Omega e of one factor, before the loss. */
FGO_API fgo_status fgo_graph_chi2(const fgo_graph *g, size_t factor, double *chi2);
/* Computes dF/ddelta at delta = 0, fgo_graph_tangent_dimension numbers; zero at held degrees of freedom. */
FGO_API fgo_status fgo_graph_gradient(const fgo_graph *g, double *gradient);

#ifdef __cplusplus
}
#endif
#endif
