/* SPDX-License-Identifier: BSD-3-Clause */
/* values.h -- the values of all variables of a graph as an object of its own: to keep an estimate, try another, and go back.
 *
 * A graph has current values, which fgo_solve changes; most programs need no others. fgo_values is one more set of them: a flat
 * array laid out as fgo_graph_values (arrays.h). It fits every graph with the same variables (keys and manifolds) in the same
 * order, such as copies of the graph. Values do not refer to the graph that they were made for.
 *
 *     fgo_values *before;
 *     fgo_values_create(g, &before);                       // keeps the current values
 *     fgo_solve(g, &options, &summary);
 *     fgo_values_distance(g, before, NULL, &moved, NULL);  // how far is the new estimate from the old one?
 *     if (!good_enough(&summary)) fgo_graph_swap_values(g, before);
 *     fgo_values_free(before);
 *
 * Unless said otherwise functions return FGO_ERROR_ARGUMENT for NULL and for values that do not fit the graph: variables were
 * added or removed, or the graph is another one. */
#ifndef FGOPT_VALUES_H
#define FGOPT_VALUES_H
#include <fgopt/graph.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct fgo_values fgo_values;

/* Makes a copy of the current values of g, which the caller frees with fgo_values_free. */
FGO_API fgo_status fgo_values_create(const fgo_graph *g, fgo_values **out);
/* Makes a copy of v, which the caller frees with fgo_values_free. */
FGO_API fgo_status fgo_values_copy(const fgo_values *v, fgo_values **out);
/* Frees values; NULL is fine. */
FGO_API void fgo_values_free(fgo_values *v);

/* Returns whether v fits g: 1 or 0. */
FGO_API int fgo_values_fit(const fgo_values *v, const fgo_graph *g);

/* Exchanges the current values of g with v, without copying them. Pointers to values of g point to those of v afterwards. */
FGO_API fgo_status fgo_graph_swap_values(fgo_graph *g, fgo_values *v);
/* Makes v the current values of g; v stays as it is. */
FGO_API fgo_status fgo_graph_load_values(fgo_graph *g, const fgo_values *v);
/* Copies the current values of g to v. */
FGO_API fgo_status fgo_values_store(fgo_values *v, const fgo_graph *g);

/* Read and write the value of one variable of g in v, ambient numbers as in manifold.h. fgo_values_set normalizes the value, and
 * refuses one that is not finite, as fgo_graph_set_value does. FGO_ERROR_KEY if g has no such variable. */
FGO_API fgo_status fgo_values_get(const fgo_values *v, const fgo_graph *g, int64_t key, double *x);
FGO_API fgo_status fgo_values_set(fgo_values *v, const fgo_graph *g, int64_t key, const double *x);

/* Returns all *size numbers of v, laid out as fgo_graph_values; NULL if v is NULL. size may be NULL. The numbers belong to v; the
 * caller may change them, but must keep values on their manifolds. */
FGO_API double *fgo_values_data(fgo_values *v, FGO_OPTIONAL size_t *size);

/* Measures the distance of two sets of values of g, or with b NULL the distance of a from the current values. *largest becomes
 * the largest Euclidean norm of a variable's tangent vector local(b, a), in the units of its tangent space (manifold.h), *key the
 * key of that variable. Either may be NULL. For a graph without variables *largest is 0 and *key does not change. */
FGO_API fgo_status fgo_values_distance(const fgo_graph *g, const fgo_values *a, FGO_OPTIONAL const fgo_values *b,
                                       FGO_OPTIONAL double *largest, FGO_OPTIONAL int64_t *key);

/* Computes F(x) of g at v (fgo_graph_cost). FGO_ERROR_EVALUATE if a factor cannot be evaluated there. */
FGO_API fgo_status fgo_graph_cost_at(const fgo_graph *g, const fgo_values *v, double *cost);

#ifdef __cplusplus
}
#endif
#endif
