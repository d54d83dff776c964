/* SPDX-License-Identifier: BSD-3-Clause */
/* structure.h -- what a graph's variables, factors and holds alone determine about its normal system: the free variables and the
 * gauge, the blocks of H, the terms J_a' J_b whose sum each block is, where J and r lie, and the parts into which the work is
 * divided. A structure never changes after its creation, so any number of systems (system.h), in any number of threads, share
 * one. */
#ifndef FGOI_STRUCTURE_H
#define FGOI_STRUCTURE_H
#include "evaluate/assemble.h"
#include "evaluate/evaluate.h"
#include "evaluate/gauge.h"
#include "matrix/pattern.h"

/* `count` consecutive factors of one group, which are evaluated in one call. */
typedef struct fgoi_run {
    uint32_t group, count;
    size_t first; /* index in the group of the first factor */
    size_t J, r;  /* offsets of the run's Jacobians and residuals */
} fgoi_run;

/* How the Jacobian of each factor of a group is stored in J: rows x ld numbers, the columns of argument k starting at at[k]. */
typedef struct fgoi_shape {
    int rows, ld, at[FGO_MAX_ARITY];
} fgoi_shape;

typedef struct fgoi_mask {
    size_t block;
    int row, col;
} fgoi_mask; /* a held degree of freedom in a block; -1: none */

typedef struct fgoi_masks {
    fgoi_mask *mask; /* by ascending block */
    size_t count, capacity;
} fgoi_masks;

typedef struct fgoi_structure {
    fgoi_gauge_result gauge;
    fgoi_pattern pattern;
    uint32_t *variable; /* graph variable of each block column */
    int32_t *column;    /* block column of each graph variable, -1 if it is held */
    size_t *term_start; /* of each block, pattern.start[n] + 1 */
    fgoi_term *term;
    fgoi_run *run;
    size_t runs;
    size_t J_size, r_size;
    fgoi_masks held; /* degrees of freedom that are held of variables that are not held whole */
    size_t *part;    /* part i gathers the block columns part[i] .. part[i + 1] - 1 */
    size_t parts;
    int wide; /* J has room for 2 rows and columns where SO(2) has one, see fgoi_structure_shape */
} fgoi_structure;

/* Analyses the graph g. `wide` is only for systems with other dimensions (fgoi_system_create): rotations of the plane then have
 * two columns in J, for cos and sin, and J has no layout into which the class could write its own Jacobian where that makes a
 * difference. On failure *s is all zero. */
fgo_status fgoi_structure_create(const fgo_graph *g, int wide, fgoi_structure *s);
void fgoi_structure_free(fgoi_structure *s);

/* Returns the shape of the factors of a group of g, which must have factors: the rows and columns of its class, or wide ones. */
fgoi_shape fgoi_structure_shape(const fgoi_structure *s, const fgo_graph *g, const fgoi_group *group);

/* Replaces *out by the list of the places in the blocks of p that belong to held scalars: scalar i, in natural order, is held if
 * held[i] is 1. */
fgo_status fgoi_mask_list(const fgoi_pattern *p, const unsigned char *held, fgoi_masks *out);
#endif
