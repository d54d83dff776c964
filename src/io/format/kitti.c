/* SPDX-License-Identifier: BSD-3-Clause */
/* kitti.c -- trajectories of the KITTI odometry benchmark (A. Geiger et al., "Are we ready for autonomous driving?", CVPR 2012):
 * the 12 numbers of [R t], 3 x 4, by rows. */
#include "format.h"
#include "manifold/nearest_rotation.h"
#include <fgopt/pose.h>
#include <math.h>
#include <string.h>

static const fgoi_tag tags[] = {
    { .name = "KITTI",
      .format = &fgoi_format_kitti,
      .kind = FGOI_TAG_VERTEX,
      .bare = 1,
      .numbers = 12,
      .value = 7,
      .manifold = { "SE3" },
      .decode = fgoi_decode_matrix,
      .encode = fgoi_encode_matrix },
    { .name = NULL },
};

static int detect(const fgo_format_class *c, const char *line, size_t length)
{
    (void)c;
    return fgoi_line_is_numbers(line, length, 12) ? 50 : 0;
}

static const char *const endings[] = { ".kitti", NULL };

const fgoi_format fgoi_format_kitti = {
    .c = { .size = sizeof(fgo_format_class), .name = "kitti", .endings = endings, .holds = FGO_HOLDS_POSES, .detect = detect },
    .layout = FGOI_LAYOUT_BARE,
    .tags = tags,
    .line = "the 12 numbers of a 3 x 4 matrix (KITTI)",
};

/* The largest distance between a matrix and its nearest rotation. Matrices are written with six digits or more, so that they
 * differ from rotations by some 1e-6, and the nearest rotation is meant. A matrix that differs by 1e-2 was not meant as a
 * rotation. */
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
