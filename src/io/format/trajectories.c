/* SPDX-License-Identifier: BSD-3-Clause */
/* trajectories.c -- files of poses alone, one a line, without tags: the format of the TUM RGB-D benchmark (J. Sturm et
 * al., "A benchmark for the evaluation of RGB-D SLAM systems", IROS 2012) and that of the KITTI odometry benchmark (A.
 * Geiger et al., "Are we ready for autonomous driving?", CVPR 2012). */
#include "manifold/nearest_rotation.h"
#include "tags.h"
#include <fgopt/pose.h>
#include <math.h>
#include <string.h>

#define POSE .kind = FGOI_TAG_VERTEX, .bare = 1, .value = 7, .manifold = { "SE3" }

const fgoi_tag fgoi_tags_tum[] = {
    { .name = "TUM",
      .format = FGO_FORMAT_TUM,
      POSE,
      .timed = 1,
      .numbers = 7,
      .decode = fgoi_decode_quaternion,
      .encode = fgoi_encode_quaternion },
    { .name = NULL },
};

const fgoi_tag fgoi_tags_kitti[] = {
    { .name = "KITTI",
      .format = FGO_FORMAT_KITTI,
      POSE,
      .numbers = 12,
      .decode = fgoi_decode_matrix,
      .encode = fgoi_encode_matrix },
    { .name = NULL },
};

/* Matrices are written with six digits or more, so that theirs differ from rotations by some 1e-6; and the nearest
 * rotation is meant. What differs by 1e-2 was not meant as one. */
static const double farthest = 1e-2;

static fgo_mat3 matrix_of(const double q[4]) { return fgo_so3_to_matrix((fgo_so3){ { q[0], q[1], q[2], q[3] } }); }

const char *fgoi_decode_matrix(const double *number, double *value, int *bad)
{
    double M[9], difference = 0.0;
    for (int i = 0; i < 3; i++) {
        memcpy(M + 3 * i, number + 4 * i, 3 * sizeof *M);
        value[i] = number[4 * i + 3];
    }
    if (!fgoi_nearest_rotation(M, value + 3)) {
        const fgo_mat3 R = matrix_of(value + 3);
        for (int i = 0; i < 9; i++) difference = fmax(difference, fabs(M[i] - R.m[i]));
        if (difference <= farthest) return NULL;
    }
    *bad = 0;
    return "columns 1-3, 5-7, 9-11 of the line are no rotation matrix; KITTI has [R t], 3 x 4, by rows";
}

void fgoi_encode_matrix(const double *value, double *number)
{
    const fgo_mat3 R = matrix_of(value + 3);
    for (int i = 0; i < 3; i++) {
        memcpy(number + 4 * i, R.m + 3 * i, 3 * sizeof *R.m);
        number[4 * i + 3] = value[i];
    }
}
