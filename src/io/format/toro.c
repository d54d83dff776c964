/* SPDX-License-Identifier: BSD-3-Clause */
/* toro.c -- the tags of TORO files (G. Grisetti et al., "A tree parameterization for efficiently computing maximum likelihood
 * maps using gradient descent", RSS 2007, and its program) and of their dialects: VERTEX and EDGE are older names; ODOMETRY and
 * LANDMARK are names of iSAM (M. Kaess et al., 2008), which writes the square root of the information; BR has bearing, range and
 * their standard deviations. Any edge may end after its measurement: Omega is then I. */
#include "format.h"

/* EDGE2 writes its information as 11 12 22 33 13 23; packed upper triangles are 11 12 13 22 23 33. */
const unsigned char fgoi_toro_order[6] = { 0, 1, 3, 5, 2, 4 };

#define TORO     .format = &fgoi_format_toro
#define VERTEX2  TORO, .kind = FGOI_TAG_VERTEX, .ids = 1, XYT, .manifold = { "SE2" }
#define EDGE     TORO, .kind = FGOI_TAG_EDGE, .ids = 2, .optional_information = 1
#define XYT      .numbers = 3, .columns = fgoi_columns_xyt, .value = 4, .decode = fgoi_decode_xyt, .encode = fgoi_encode_xyt
#define BETWEEN2 EDGE, XYT, .rows = 3, .manifold = { "SE2", "SE2" }, .factor = &fgo_between_se2
#define EULER    .numbers = 6, .columns = fgoi_columns_euler, .value = 7, .decode = fgoi_decode_euler, .encode = fgoi_encode_euler
/* A point that is seen need not have a line of its own. */
#define SEEN EDGE, .rows = 2, .manifold = { "SE2", "R2" }, .implies = 1

/* clang-format off */
static const fgoi_tag tags[] = {
    { .name = "VERTEX2", VERTEX2 },
    { .name = "EDGE2", BETWEEN2, .information_order = fgoi_toro_order },
    { .name = "VERTEX3", TORO, .kind = FGOI_TAG_VERTEX, .ids = 1, EULER, .manifold = { "SE3" } },
    { .name = "EDGE3", EDGE, EULER, .rows = 6, .manifold = { "SE3", "SE3" },
      .factor = &fgo_between_se3 },
    { .name = "EQUIV", TORO, .kind = FGOI_TAG_EQUIVALENCE, .ids = 2 },

    { .name = "VERTEX", VERTEX2 },
    { .name = "EDGE", BETWEEN2, .information_order = fgoi_toro_order },
    { .name = "ODOMETRY", BETWEEN2, .weight = FGOI_WEIGHT_ROOT },
    { .name = "LANDMARK", SEEN, .weight = FGOI_WEIGHT_ROOT, .numbers = 2, .columns = fgoi_columns_xyz, .value = 2,
      .decode = fgoi_decode_xy, .encode = fgoi_encode_xy, .factor = &fgo_landmark_se2 },
    { .name = "BR", SEEN, .weight = FGOI_WEIGHT_SIGMAS, .numbers = 2, .columns = fgoi_columns_angle_range, .value = 3, .decode = fgoi_decode_bearing_range,
      .encode = fgoi_encode_bearing_range, .factor = &fgo_bearing_range_se2 },
    { .name = NULL },
};
/* clang-format on */

static const char *const endings[] = { ".graph", ".toro", NULL };

const fgoi_format fgoi_format_toro = {
    .c = { .size = sizeof(fgo_format_class),
           .name = "toro",
           .endings = endings,
           .holds = FGO_HOLDS_POSES | FGO_HOLDS_TIMES | FGO_HOLDS_FACTORS | FGO_HOLDS_COMMENTS },
    .layout = FGOI_LAYOUT_TAGS,
    .tags = tags,
};
