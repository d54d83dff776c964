/* SPDX-License-Identifier: BSD-3-Clause */
/* arrays.h -- a graph as arrays: many elements in one call, and the memory of the graph without copies. For bindings of other
 * languages and for programs that build or read large graphs. */
#ifndef FGOPT_ARRAYS_H
#define FGOPT_ARRAYS_H
#include <fgopt/graph.h>

#ifdef __cplusplus
extern "C" {
#endif

/* ---- adding: all or, on failure, none ---- */

/* Adds `count` variables of one manifold. x: count * m->ambient numbers, variable by variable. Errors of
 * fgo_graph_add_variable. */
FGO_API fgo_status fgo_graph_add_variables(fgo_graph *g, const fgo_manifold *m, size_t count, const int64_t *keys,
                                           const double *x);

/* Adds `count` factors of one class. keys: count * arity; z: count * measurement_size bytes. The noise matrix of factor i is at
 * noise.matrix + i * noise_stride, counted in doubles; stride 0 gives all factors the same. Errors of fgo_graph_add_factor. */
FGO_API fgo_status fgo_graph_add_factors(fgo_graph *g, const fgo_factor_class *c, size_t count, const int64_t *keys,
                                         const void *z, fgo_noise noise, size_t noise_stride, fgo_loss loss);

/* Makes a copy of g: a graph with the same variables, values, holds and factors under the same numbers, which the caller frees
 * with fgo_graph_free. The copy remembers the same file (io.h) and shares the `user` pointers of manifolds and classes. */
FGO_API fgo_status fgo_graph_copy(const fgo_graph *g, fgo_graph **out);

/* ---- variables ---- */

/* Returns the values of all variables, *size numbers, in the order of the variables' numbers. Valid until a variable is added or
 * removed. */
FGO_API const double *fgo_graph_values(const fgo_graph *g, FGO_OPTIONAL size_t *size);
/* Sets the values of all variables from x, laid out as fgo_graph_values; values are normalized. FGO_ERROR_ARGUMENT, with all
 * values unchanged, if one is not finite or cannot be normalized. */
FGO_API fgo_status fgo_graph_set_values(fgo_graph *g, const double *x);
/* Fills in, for each variable by its number, its key, its manifold, and its offsets in fgo_graph_values (`values`) and in a
 * gradient (`tangents`). Each array has room for fgo_graph_variable_count entries, or is NULL. */
FGO_API void fgo_graph_list_variables(const fgo_graph *g, FGO_OPTIONAL int64_t *keys, FGO_OPTIONAL const fgo_manifold **manifolds,
                                      FGO_OPTIONAL size_t *values, FGO_OPTIONAL size_t *tangents);
/* Returns fgo_graph_tangent_dimension bytes, 1 for each held degree of freedom. Valid until a variable is added. */
FGO_API const unsigned char *fgo_graph_held(const fgo_graph *g);

/* ---- factors: all factors of one class are stored side by side ---- */

/* The factors of one class, in arrays that belong to the graph. */

typedef struct fgo_factor_group {
    const fgo_factor_class *factor_class;
    size_t count;
    const uint32_t *variable; /* count * arity variable numbers */
    const uint32_t *number;   /* the number of each factor in the graph */
    const void *z;            /* count * measurement_size bytes */
    const double *W;          /* count upper triangles, packed by rows, rows * (rows + 1) / 2 numbers each: W' W = Omega */
    const fgo_loss *loss;     /* count, or NULL: no factor of the group has a loss */
} fgo_factor_group;

/* Returns how many groups there are. */
FGO_API size_t fgo_graph_group_count(const fgo_graph *g);
/* Fills *out with group number `group`; its pointers are valid until a factor is added or removed,
 * or gets the first loss of the group. out_size is the size of *out
 * as the caller was compiled. FGO_ERROR_ARGUMENT if there is no such group. */
FGO_API fgo_status fgo_graph_group_sized(const fgo_graph *g, size_t group, fgo_factor_group *out, size_t out_size);
/* Fills *out as fgo_graph_group_sized does, for C and C++, which know its size. */
static inline fgo_status fgo_graph_group(const fgo_graph *g, size_t group, fgo_factor_group *out)
{
    return fgo_graph_group_sized(g, group, out, sizeof *out);
}

/* How residuals and Jacobians are weighted. */
typedef enum fgo_weighting {
    FGO_WEIGHTING_NONE = 0, /* e and de/ddelta */
    FGO_WEIGHTING_NOISE,    /* r = W e,               J = W de/ddelta */
    FGO_WEIGHTING_LOSS      /* r = sqrt(rho') W e,    J = sqrt(rho') W de/ddelta: half the gradient of the cost is J' r */
} fgo_weighting;

/* Evaluates the factors of group number `group` at the current values. r receives count * rows numbers; J receives count * rows *
 * partials numbers, each Jacobian row-major with the columns of variable 0 first, or is NULL. Held degrees of freedom keep their
 * columns. FGO_ERROR_EVALUATE if a factor cannot be evaluated. */
FGO_API fgo_status fgo_graph_evaluate_group(const fgo_graph *g, size_t group, fgo_weighting weighting, double *r,
                                            FGO_OPTIONAL double *J);

#ifdef __cplusplus
}
#endif
#endif
