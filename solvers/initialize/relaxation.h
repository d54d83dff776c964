/* SPDX-License-Identifier: BSD-3-Clause */
/* relaxation.h -- the chordal initialization: linear problems for the rotations and then for the positions of a problem, each
 * with as many unknowns per variable as its world has dimensions. Both use the blocks, the terms and the elimination order of the
 * graph's own normal system, and one analysis of the linear solver. */
#ifndef FGOI_RELAXATION_H
#define FGOI_RELAXATION_H
#include "analysis/analysis.h"
#include "matrix/linear.h"
#include "system/system.h"

typedef struct fgoi_relaxation {
    const fgoi_problem *problem; /* borrowed */
    fgoi_analysis *analysis;
    fgoi_structure wide;   /* for a graph with rotations of the plane; else empty, and the structure of the analysis is used */
    fgoi_system system;    /* restricted */
    fgoi_linear *linear;   /* of H of the restricted system */
    fgoi_threads *threads; /* or NULL */
    unsigned char *held;   /* per scalar of the system: 1 if it is held */
    double *b;             /* FGOI_SIDES right-hand sides or solutions and a scratch vector, each with one number per scalar */
    size_t scalars;
} fgoi_relaxation;

enum { FGOI_SIDES = 3 };

/* Allocates what both problems need. `threads` as in fgo_options. */
fgo_status fgoi_relaxation_create(const fgoi_problem *problem, int threads, fgoi_relaxation *r);
void fgoi_relaxation_free(fgoi_relaxation *r);

/* Gathers and factorizes H = J' J; J, r and `held` have been written. b receives J' r. *solved becomes 0 if H is not positive
 * definite. */
fgo_status fgoi_relaxation_factorize(fgoi_relaxation *r, double *b, int *solved);

/* Replaces b by -H^-1 b, zero where a scalar is held. Returns whether all of it is finite. */
int fgoi_relaxation_solve(fgoi_relaxation *r, double *b);

/* Returns the dimension of the world in which variable v has a rotation, 0 if it has none. */
int fgoi_relaxation_world(const fgoi_relaxation *r, size_t v);

/* Sets the rotations of all poses and rotations in x. *solved becomes 0 if there are none, or if the relaxation is singular; x is
 * then unchanged. */
fgo_status fgoi_chordal_rotations(fgoi_relaxation *r, double *x, int *solved);

/* Sets the translations of poses, and all other variables except rotations, to the minimum of the cost linearized at x, with
 * every rotation fixed. *solved becomes 0 if that problem is singular; x is then unchanged. */
fgo_status fgoi_positions(fgoi_relaxation *r, double *x, int *solved);
#endif
