/* SPDX-License-Identifier: BSD-3-Clause */
/* chordal.h -- the two halves of the chordal initialization, at ambient states x of a graph. */
#ifndef FGOI_CHORDAL_H
#define FGOI_CHORDAL_H
#include "graph_private.h"

/* Sets the rotations of all poses and rotations of the world of dimension `world` (2 or 3) in x. *solved: 0 if there are
 * none, or the relaxation is singular; then x is unchanged. */
fgo_status fgoi_chordal_rotations(fgo_graph *g, int world, double *x, int *solved);

/* Sets the translations of poses, and all other variables but rotations, to the minimum of the cost linearized at x with
 * every rotation kept. *solved: 0 if that is singular; then x is unchanged. */
fgo_status fgoi_positions(fgo_graph *g, double *x, int *solved);
#endif
