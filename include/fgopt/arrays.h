/* SPDX-License-Identifier: BSD-3-Clause */
/* arrays.h -- a graph as arrays: many elements per call, and its memory without copies. For bindings of other languages and
 * for programs that make or look at large graphs. */
#ifndef FGOPT_ARRAYS_H
#define FGOPT_ARRAYS_H
#include <fgopt/graph.h>

#ifdef __cplusplus
extern "C" {
#endif

/* ---- adding: all or, on failure, none ---- */

/* `count` variables of one manifold. x: count * m->ambient numbers, variable by variable. Errors of fgo_graph_add_variable. */
FGO_API fgo_status fgo_graph_add_variables(fgo_graph *g, const fgo_manifold *m, size_t count, const int64_t *keys,
                                           const double *x);

/* `count` factors of one class. keys: count * arity; z: count * measurement_size bytes. The matrix of the noise of factor i
 * is noise.matrix + i * noise_stride, counted in doubles: 0 gives all factors the same. Errors of fgo_graph_add_factor. */
FGO_API fgo_status fgo_graph_add_factors(fgo_graph *g, const fgo_factor_class *c, size_t count, const int64_t *keys,
                                         const void *z, fgo_noise noise, size_t noise_stride, fgo_loss loss);

/* A graph with the same variables, values, holds and factors, under the same numbers. It remembers the same file (io.h).
 * `user` pointers of manifolds and classes are shared. */
FGO_API fgo_status fgo_graph_copy(const fgo_graph *g, fgo_graph **out);

/* ---- variables ---- */

/* The values of all variables by number, one after the other. Valid until a variable is added or removed. */
FGO_API const double *fgo_graph_values(const fgo_graph *g, FGO_OPTIONAL size_t *size);
/* Writes them, brought onto their manifolds; FGO_ERROR_ARGUMENT leaves all as they were. */
FGO_API fgo_status fgo_graph_set_values(fgo_graph *g, const double *x);
/* By number: keys, manifolds, and offsets in fgo_graph_values and in a gradient. Each fgo_graph_variable_count long, or
 * NULL. */
FGO_API void fgo_graph_list_variables(const fgo_graph *g, FGO_OPTIONAL int64_t *keys, FGO_OPTIONAL const fgo_manifold **manifolds,
                                      FGO_OPTIONAL size_t *values, FGO_OPTIONAL size_t *tangents);
/* 1 for each held degree of freedom, fgo_graph_tangent_dimension long. Valid until a variable is added. */
FGO_API const unsigned char *fgo_graph_held(const fgo_graph *g);

/* ---- factors: all of one class lie side by side ---- */

typedef struct fgo_factor_group {
    const fgo_factor_class *factor_class;
    size_t count;
    const uint32_t *variable; /* count * arity variable numbers */
    const uint32_t *number;   /* of each factor in the graph */
    const void *z;            /* count * measurement_size bytes */
    const double *W;          /* count upper triangles, packed by rows, rows * (rows + 1) / 2 numbers each: W' W = Omega */
    const fgo_loss *loss;     /* count */
} fgo_factor_group;

FGO_API size_t fgo_graph_group_count(const fgo_graph *g);
/* Its pointers are valid until a factor is added. FGO_ERROR_ARGUMENT: there is no such group. */
FGO_API fgo_status fgo_graph_group_sized(const fgo_graph *g, size_t group, fgo_factor_group *out, size_t out_size);
static inline fgo_status fgo_graph_group(const fgo_graph *g, size_t group, fgo_factor_group *out)
{
    return fgo_graph_group_sized(g, group, out, sizeof *out);
}

typedef enum fgo_weighting {
    FGO_WEIGHTING_NONE = 0, /* e and de/ddelta */
    FGO_WEIGHTING_NOISE,    /* r = W e,               J = W de/ddelta */
    FGO_WEIGHTING_LOSS      /* r = sqrt(rho') W e,    J = sqrt(rho') W de/ddelta: half the gradient of the cost is J' r */
} fgo_weighting;

/* Evaluates the factors of a group at the current values. r: count * rows; J: count * rows * partials, each row-major with
 * the columns of variable 0 first, or NULL. Held degrees of freedom keep their columns. FGO_ERROR_EVALUATE. */
FGO_API fgo_status fgo_graph_evaluate_group(const fgo_graph *g, size_t group, fgo_weighting weighting, double *r,
                                            FGO_OPTIONAL double *J);

#ifdef __cplusplus
}
#endif
#endif
