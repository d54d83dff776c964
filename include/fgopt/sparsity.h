/* SPDX-License-Identifier: BSD-3-Clause */
/* sparsity.h -- where the normal matrix H and its Cholesky factor L have blocks, in the order of elimination that a solver
 * chose: what spy pictures show, and why a factorization is expensive. */
#ifndef FGOPT_SPARSITY_H
#define FGOPT_SPARSITY_H
#include <fgopt/solver.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Two patterns. Block column k belongs to the variable that is eliminated k-th; held variables have no column. Both patterns are
 * lower triangles by columns: column k has the rows row[start[k]] .. row[start[k + 1] - 1], ascending, the diagonal first. */
typedef struct fgo_sparsity {
    size_t n;        /* block columns */
    int64_t *key;    /* key of the variable of each block column, n */
    int *dim;        /* tangent dimension of each block column, n */
    size_t *H_start; /* `start` of H, n + 1 */
    int *H_row;      /* `row` of H, H_start[n] */
    size_t *L_start; /* `start` of L, n + 1 */
    int *L_row;      /* `row` of L, L_start[n] */
} fgo_sparsity;

/* Computes both patterns in the order of fgo_solver_elimination_order; analyses the graph if necessary. L is H with the fill-in
 * of the elimination (D. Rose, R. Tarjan 1976); the solver may store some more zeros, which nonzeros_L of the summary counts. The
 * caller frees *out with fgo_sparsity_free. FGO_ERROR_UNSUPPORTED with a linear solver that lacks FGO_LINEAR_TELLS_ORDER. */
FGO_API fgo_status fgo_solver_sparsity(fgo_solver *s, fgo_sparsity **out);
/* Frees the patterns; NULL is fine. */
FGO_API void fgo_sparsity_free(fgo_sparsity *p);

#ifdef __cplusplus
}
#endif
#endif
