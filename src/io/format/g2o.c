/* SPDX-License-Identifier: BSD-3-Clause */
/* g2o.c -- the tags of g2o files: its types slam2d and slam3d (R. Kuemmerle et al., "g2o: a general framework for graph
 * optimization", ICRA 2011). Information matrices are upper triangles by rows. */
#include "format.h"

#define G2O       .format = &fgoi_format_g2o
#define VERTEX    G2O, .kind = FGOI_TAG_VERTEX, .ids = 1
#define EDGE(n)   G2O, .kind = FGOI_TAG_EDGE, .ids = n
#define PARAMETER G2O, .kind = FGOI_TAG_PARAMETER, .ids = 1

/* How the numbers of a line are read and written. */
#define XY  .numbers = 2, .columns = fgoi_columns_xyz, .value = 2, .decode = fgoi_decode_xy, .encode = fgoi_encode_xy
#define XYZ .numbers = 3, .columns = fgoi_columns_xyz, .value = 3, .decode = fgoi_decode_xyz, .encode = fgoi_encode_xyz
#define XYT .numbers = 3, .columns = fgoi_columns_xyt, .value = 4, .decode = fgoi_decode_xyt, .encode = fgoi_encode_xyt
#define ANGLE                                                                                                                    \
    .numbers = 1, .columns = fgoi_columns_angle_range, .value = 2, .decode = fgoi_decode_angle, .encode = fgoi_encode_angle
#define QUATERNION                                                                                                               \
    .numbers = 7, .columns = fgoi_columns_camera, .value = 7, .decode = fgoi_decode_quaternion, .encode = fgoi_encode_quaternion
#define CAMERA                                                                                                                   \
    .numbers = 11, .columns = fgoi_columns_camera, .value = 11, .decode = fgoi_decode_camera, .encode = fgoi_encode_camera

/* What an edge takes beside its vertices. */
#define PARAMETERS(n, tag) .parameters = n, .parameter = tag

/* clang-format off */
static const fgoi_tag tags[] = {
    { .name = "VERTEX_SE2", VERTEX, XYT, .manifold = { "SE2" } },
    { .name = "EDGE_SE2", EDGE(2), XYT, .rows = 3, .manifold = { "SE2", "SE2" },
      .factor = &fgo_between_se2 },
    { .name = "VERTEX_SE3:QUAT", VERTEX, QUATERNION, .manifold = { "SE3" } },
    { .name = "EDGE_SE3:QUAT", EDGE(2), QUATERNION, .rows = 6, .manifold = { "SE3", "SE3" },
      .factor = &fgo_between_se3 },
    { .name = "FIX", G2O, .kind = FGOI_TAG_FIX, .ids = 1 },

    { .name = "VERTEX_XY", VERTEX, XY, .manifold = { "R2" } },
    { .name = "PARAMS_SE2OFFSET", PARAMETER, XYT, .manifold = { "SE2" } },
    { .name = "EDGE_PRIOR_SE2", EDGE(1), XYT, .rows = 3, .manifold = { "SE2" }, .factor = &fgo_prior_se2 },
    { .name = "EDGE_PRIOR_SE2_XY", EDGE(1), XY, .rows = 2, .manifold = { "SE2" }, .factor = &fgo_position_se2 },
    { .name = "EDGE_PRIOR_XY", EDGE(1), XY, .rows = 2, .manifold = { "R2" }, .vector_class = fgo_prior_rn },
    { .name = "EDGE_POINTXY", EDGE(2), XY, .rows = 2, .manifold = { "R2", "R2" }, .vector_class = fgo_between_rn },
    { .name = "EDGE_SE2_XY", EDGE(2), XY, .rows = 2, .manifold = { "SE2", "R2" }, .factor = &fgo_landmark_se2 },
    { .name = "EDGE_BEARING_SE2_XY", EDGE(2), ANGLE, .rows = 1, .manifold = { "SE2", "R2" }, .factor = &fgo_bearing_se2 },
    { .name = "EDGE_SE2_OFFSET", EDGE(2), XYT, .rows = 3, .manifold = { "SE2", "SE2" },
      PARAMETERS(2, "PARAMS_SE2OFFSET"), .factor = &fgo_between_se2_offset },
    { .name = "EDGE_SE2_POINTXY_OFFSET", EDGE(2), XY, .rows = 2, .manifold = { "SE2", "R2" },
      PARAMETERS(1, "PARAMS_SE2OFFSET"), .factor = &fgo_landmark_se2_offset },

    { .name = "VERTEX_TRACKXYZ", VERTEX, XYZ, .manifold = { "R3" } },
    { .name = "PARAMS_SE3OFFSET", PARAMETER, QUATERNION, .manifold = { "SE3" } },
    { .name = "PARAMS_CAMERACALIB", PARAMETER, CAMERA, .manifold = { "SE3" } },
    { .name = "EDGE_SE3_PRIOR", EDGE(1), QUATERNION, .rows = 6, .manifold = { "SE3" },
      PARAMETERS(1, "PARAMS_SE3OFFSET"), .factor = &fgo_prior_se3_offset },
    { .name = "EDGE_SE3_XYZ_PRIOR", EDGE(1), XYZ, .rows = 3, .manifold = { "SE3" },
      PARAMETERS(1, "PARAMS_SE3OFFSET"), .factor = &fgo_position_se3 }, /* g2o names a sensor here and does not use it */
    { .name = "EDGE_SE3_OFFSET", EDGE(2), QUATERNION, .rows = 6, .manifold = { "SE3", "SE3" },
      PARAMETERS(2, "PARAMS_SE3OFFSET"), .factor = &fgo_between_se3_offset },
    { .name = "EDGE_SE3_TRACKXYZ", EDGE(2), XYZ, .rows = 3, .manifold = { "SE3", "R3" },
      PARAMETERS(1, "PARAMS_SE3OFFSET"), .factor = &fgo_landmark_se3_offset },
    { .name = "EDGE_POINTXYZ", EDGE(2), XYZ, .rows = 3, .manifold = { "R3", "R3" }, .vector_class = fgo_between_rn },
    { .name = "EDGE_PROJECT_DEPTH", EDGE(2), XYZ, .rows = 3, .manifold = { "SE3", "R3" },
      PARAMETERS(1, "PARAMS_CAMERACALIB"), .factor = &fgo_depth_se3 },
    { .name = "EDGE_PROJECT_DISPARITY", EDGE(2), XYZ, .rows = 3, .manifold = { "SE3", "R3" },
      PARAMETERS(1, "PARAMS_CAMERACALIB"), .factor = &fgo_disparity_se3 },
    { .name = NULL },
};
/* clang-format on */

static const char *const endings[] = { ".g2o", NULL };

const fgoi_format fgoi_format_g2o = {
    .c = { .size = sizeof(fgo_format_class),
           .name = "g2o",
           .endings = endings,
           .holds =
               FGO_HOLDS_POSES | FGO_HOLDS_TIMES | FGO_HOLDS_POINTS | FGO_HOLDS_FACTORS | FGO_HOLDS_FIXED | FGO_HOLDS_COMMENTS },
    .layout = FGOI_LAYOUT_TAGS,
    .tags = tags,
};
