/* SPDX-License-Identifier: BSD-3-Clause */
/* trajectory.h -- poses of an estimate (x) and of a reference (y) that belong together, as positions and unit
 * quaternions in space; those of the plane lie in it. */
#ifndef FGOI_TRAJECTORY_H
#define FGOI_TRAJECTORY_H
#include "graph/graph_private.h"
#include <fgopt/pose.h>

typedef struct fgoi_match {
    fgo_se3 x, y;
} fgoi_match;

/* Returns the value of variable v, which is of SE(2) or SE(3). */
fgo_se3 fgoi_pose_of(const fgo_graph *g, uint32_t v);

/* Returns a^-1 b as fgo_se3_between, but for the last bit: the sums are in the order in which the figures of earlier versions
 * were computed, so that those stay the same. */
fgo_se3 fgoi_pose_between(fgo_se3 a, fgo_se3 b);

/* Moves the x by the S = (scale, R, t) for which sum |scale R t_x + t - t_y|^2 is least. plane: 1: only turns about z
 * count; with_scale 0: scale is 1. FGO_ERROR_ARGUMENT if there is none. */
fgo_status fgoi_align(fgoi_match *m, size_t n, int plane, int with_scale, double *scale);
#endif
