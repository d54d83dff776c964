/* SPDX-License-Identifier: BSD-3-Clause */
/* relaxation.h -- the chordal initialization: linear problems for the rotations and then for the positions of a problem, each
 * with as many unknowns for a variable as its world has dimensions. They share the blocks, the terms and the elimination
 * order of the graph's own normal system, and each other's places in the factorization. */
#ifndef FGOI_RELAXATION_H
#define FGOI_RELAXATION_H
#include "analysis/analysis.h"
#include "matrix/linear.h"
#include "system/system.h"

typedef struct fgoi_relaxation {
    const fgoi_problem *problem; /* borrowed */
    fgoi_analysis *analysis;
    fgoi_structure wide;   /* of a graph with rotations of the plane, else empty: the analysis' will do */
    fgoi_system system;    /* restricted */
    fgoi_linear *linear;   /* of H of the restricted system */
    fgoi_threads *threads; /* or NULL */
    unsigned char *held;   /* of each scalar of the system */
    double *b;             /* FGOI_SIDES + 1 vectors, scalars apart: right-hand sides or solutions, and scratch */
    size_t scalars;
} fgoi_relaxation;

enum { FGOI_SIDES = 3 };

/* threads: as many, or 0 for those that pay. */
fgo_status fgoi_relaxation_create(const fgoi_problem *problem, int threads, fgoi_relaxation *r);
void fgoi_relaxation_free(fgoi_relaxation *r);

/* Gathers and factorizes H = J' J, where J and held are written; b = J' r of the r that is there. *solved: 0 if H is not
 * positive definite. */
fgo_status fgoi_relaxation_factorize(fgoi_relaxation *r, double *b, int *solved);

/* b becomes -H^-1 b, zero where held. Returns whether all is finite. */
int fgoi_relaxation_solve(fgoi_relaxation *r, double *b);

/* Dimension of the world that a variable is turned in, 0 if it has no rotation. */
int fgoi_relaxation_world(const fgoi_relaxation *r, size_t v);

/* Sets the rotations of all poses and rotations in x. *solved: 0 if there are none, or the relaxation is singular; then x is
 * unchanged. */
fgo_status fgoi_chordal_rotations(fgoi_relaxation *r, double *x, int *solved);

/* Sets the translations of poses, and all other variables but rotations, to the minimum of the cost linearized at x with
 * every rotation kept. *solved: 0 if that is singular; then x is unchanged. */
fgo_status fgoi_positions(fgoi_relaxation *r, double *x, int *solved);
#endif
