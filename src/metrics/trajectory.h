/* SPDX-License-Identifier: BSD-3-Clause */
/* trajectory.h -- matched poses of an estimate (x) and of a reference (y), as positions and unit quaternions in space; poses of
 * the plane are embedded in space. */
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

/* Moves the poses x by the S = (scale, R, t) that minimizes sum |scale R t_x + t - t_y|^2. plane = 1: R is a rotation about z;
 * with_scale = 0: scale is 1. FGO_ERROR_ARGUMENT if there is no such S. */
fgo_status fgoi_align(fgoi_match *m, size_t n, int plane, int with_scale, double *scale);
#endif
