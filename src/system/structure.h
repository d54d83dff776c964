/* SPDX-License-Identifier: BSD-3-Clause */
/* structure.h -- what follows from a graph's variables, factors and holds alone about its normal system: the free variables and
 * the gauge, the blocks of H, the terms J_a' J_b that each block is the sum of, where J and r lie, the parts that the work is cut
 * into. Never changed once it is made, so that any number of systems (system.h), in any number of threads, share one. */
#ifndef FGOI_STRUCTURE_H
#define FGOI_STRUCTURE_H
#include "evaluate/assemble.h"
#include "evaluate/evaluate.h"
#include "evaluate/gauge.h"
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
    size_t *part;    /* block columns of part i of the gathering: part[i] .. part[i + 1] - 1 */
    size_t parts;
    int wide; /* J has room for 2 rows and columns where SO(2) has one, see fgoi_structure_shape */
} fgoi_structure;

/* Analyses the graph as it is. wide: for systems with other dimensions (fgoi_system_create) only; rotations of the plane then
 * have the two columns cos, sin in J, and the class's own Jacobian does not fit where that makes a difference. On failure *s is
 * all zero. */
fgo_status fgoi_structure_create(const fgo_graph *g, int wide, fgoi_structure *s);
void fgoi_structure_free(fgoi_structure *s);

/* The shape of the factors of a group of g that has factors: rows and columns of its class, or wide. */
fgoi_shape fgoi_structure_shape(const fgoi_structure *s, const fgo_graph *g, const fgoi_group *group);

/* Lists to *out, in place of what it lists, where the scalars of natural order with held[i] = 1 lie in the blocks. */
fgo_status fgoi_mask_list(const fgoi_pattern *p, const unsigned char *held, fgoi_masks *out);
#endif
