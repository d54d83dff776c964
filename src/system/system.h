/* SPDX-License-Identifier: BSD-3-Clause */
/* system.h -- the normal system  H delta = -b  of a graph, H = J' J and b = J' r (half the gradient of the cost).
 *
 * Made once per structure, evaluated many times. Evaluation has two phases, each free of races and searches:
 *   1. runs of factors of one class write their whitened residuals r and Jacobians J side by side;
 *   2. each block of H gathers its terms J_a' J_b from there in registers, in a fixed order, and is stored once, at the
 * place the linear solver chose. So no block is ever zeroed or added to in memory, and any number of threads gives one
 * result. */
#ifndef FGOI_SYSTEM_H
#define FGOI_SYSTEM_H
#include "base/huge_alloc.h"
#include "base/threads.h"
#include "evaluate/assemble.h"
#include "evaluate/evaluate.h"
#include "evaluate/gauge.h"
#include "matrix/jacobian.h"
#include "matrix/pattern.h"

typedef struct fgoi_run {
    uint32_t group, count;
    size_t first; /* factor in the group */
    size_t J, r;  /* offsets of its Jacobians and residuals */
} fgoi_run;

/* How a factor of a group lies in J: rows x ld, the columns of argument k from at[k] on. */
typedef struct fgoi_shape {
    int rows, ld, at[FGO_MAX_ARITY];
} fgoi_shape;

typedef struct fgoi_mask {
    size_t block;
    int row, col;
} fgoi_mask; /* a held degree of freedom in a block; -1: none */

typedef struct fgoi_system {
    const fgo_graph *g;
    fgoi_gauge_result gauge;
    fgoi_pattern pattern;
    uint32_t *variable; /* graph variable of each block column */
    int32_t *column;    /* block column of each graph variable, -1 if it is held */
    size_t *term_start; /* of each block, pattern.start[n] + 1 */
    fgoi_term *term;
    fgoi_run *run;
    size_t runs;
    double *run_cost; /* sum rho of each run; not finite if it could not be evaluated */
    double *J, *r;
    double *r_trial; /* where a value-only pass writes: NULL for r, else its own memory, so that r stays with J */
    size_t J_size, r_size;
    fgoi_huge_block memory; /* of J and r */
    fgoi_mask *mask;
    size_t masks, mask_capacity;
    size_t *part; /* block columns of part i of phase 2: part[i] .. part[i + 1] - 1 */
    size_t parts;
    fgoi_slot *slot;    /* of each block; filled by the linear solver's analysis */
    fgoi_jacobian rows; /* empty without fgoi_system_view_rows */
    int diagonal_only;  /* gather no other blocks of H */
    int wide;           /* J has room for 2 rows and columns where SO(2) has one, see fgoi_system_shape */
} fgoi_system;

/* Analyses the graph as it is. On failure *s is all zero. */
fgo_status fgoi_system_create(const fgo_graph *g, fgoi_system *s);
void fgoi_system_free(fgoi_system *s);

/* A system to be restricted (below) only: rotations of the plane have the two columns cos, sin in J. The class's own
 * Jacobian does not fit where that makes a difference. */
fgo_status fgoi_system_create_wide(const fgo_graph *g, fgoi_system *s);

/* That of the factors of a group with factors: rows and columns of its class, or wide. */
fgoi_shape fgoi_system_shape(const fgoi_system *s, const fgoi_group *group);

/* Another normal system on the blocks of `full`: of every variable the first dim[j] columns of J take part. The caller
 * writes J, tells which degrees of freedom are held and gathers. Borrows from full, which must outlive it, everything but
 * dimensions, slots and masks, and goes with fgoi_system_free_restricted. Without memory *s is all zero. */
fgo_status fgoi_system_restrict(const fgoi_system *full, const int *dim, fgoi_system *s);
void fgoi_system_free_restricted(fgoi_system *s);

/* held: of each scalar in natural order, 1 if its row and column of H shall be the unit matrix's, and its b zero. */
fgo_status fgoi_system_mask(fgoi_system *s, const unsigned char *held);

/* H = J' J into values and b = J' r from the J and r that are there. */
void fgoi_system_gather(fgoi_system *s, fgoi_threads *t, double *values, double *b);

/* Makes s->rows, for a linear solver that wants J: from now on H's diagonal blocks only are gathered, and r stays as of the
 * last linearization. On failure the system is to be freed. */
fgo_status fgoi_system_view_rows(fgoi_system *s);

/* sum rho at the ambient state x; not finite if some factor cannot be evaluated. Writes s->r, or s->r_trial if that is
 * there. */
double fgoi_system_cost(fgoi_system *s, fgoi_threads *t, const double *x);

/* The same, and H into values (through s->slot) and b, pattern.offset[n] numbers in natural order. */
double fgoi_system_linearize(fgoi_system *s, fgoi_threads *t, const double *x, double *values, double *b);

/* The index in values of entry (d, d) of H's diagonal block j. */
static inline size_t fgoi_system_diagonal(const fgoi_system *s, int j, int d)
{
    const fgoi_slot *slot = &s->slot[s->pattern.start[j]];
    return slot->offset + (size_t)d * ((size_t)slot->ld + 1);
}

/* x_new = retract(x, delta) for the free variables; x_new has x's held values already. */
void fgoi_system_retract(const fgoi_system *s, const double *x, const double *delta, double *x_new);

/* Squared Euclidean norm of the ambient values of the free variables. */
double fgoi_system_norm2(const fgoi_system *s, const double *x);
#endif
