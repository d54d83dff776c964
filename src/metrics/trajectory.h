/* SPDX-License-Identifier: BSD-3-Clause */
/* trajectory.h -- poses of an estimate (x) and of a reference (y) that belong together, as positions and unit
 * quaternions in space; those of the plane lie in it. */
#ifndef FGOI_TRAJECTORY_H
#define FGOI_TRAJECTORY_H
#include "graph/graph_private.h"

typedef struct fgoi_pose {
    double t[3], q[4]; /* metres; qx qy qz qw */
} fgoi_pose;

typedef struct fgoi_match {
    fgoi_pose x, y;
} fgoi_match;

/* The value of variable v, which is of SE(2) or SE(3). */
fgoi_pose fgoi_pose_of(const fgo_graph *g, uint32_t v);
/* a^-1 b */
fgoi_pose fgoi_pose_between(const fgoi_pose *a, const fgoi_pose *b);
double fgoi_length(const double v[3]);
double fgoi_angle(const double q[4]); /* of the rotation, in [0, pi] */

/* Moves the x by the S = (scale, R, t) for which sum |scale R t_x + t - t_y|^2 is least. plane: 1: only turns about z
 * count; with_scale 0: scale is 1. FGO_ERROR_ARGUMENT if there is none. */
fgo_status fgoi_align(fgoi_match *m, size_t n, int plane, int with_scale, double *scale);
#endif
