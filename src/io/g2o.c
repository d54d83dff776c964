/* SPDX-License-Identifier: BSD-3-Clause */
/* g2o.c -- the tags of g2o files (R. Kuemmerle et al., "g2o: a general framework for graph optimization", ICRA 2011).
 * Information matrices are upper triangles by rows. */
#include "tags.h"

/* clang-format off */
const fgoi_tag fgoi_tags_g2o[] = {
    { .name = "VERTEX_SE2", .format = FGO_FORMAT_G2O, .kind = FGOI_TAG_VERTEX, .ids = 1, .numbers = 3,
      .manifold = &fgo_manifold_se2, .origin = fgoi_origin_se2, .decode = fgoi_decode_xyt, .encode = fgoi_encode_xyt },
    { .name = "EDGE_SE2", .format = FGO_FORMAT_G2O, .kind = FGOI_TAG_EDGE, .ids = 2, .numbers = 3, .rows = 3,
      .manifold = &fgo_manifold_se2, .factor = { &fgo_between_se2, &fgo_between_se2_log },
      .decode = fgoi_decode_xyt, .encode = fgoi_encode_xyt },
    { .name = "VERTEX_SE3:QUAT", .format = FGO_FORMAT_G2O, .kind = FGOI_TAG_VERTEX, .ids = 1, .numbers = 7,
      .manifold = &fgo_manifold_se3, .origin = fgoi_origin_se3,
      .decode = fgoi_decode_quaternion, .encode = fgoi_encode_quaternion },
    { .name = "EDGE_SE3:QUAT", .format = FGO_FORMAT_G2O, .kind = FGOI_TAG_EDGE, .ids = 2, .numbers = 7, .rows = 6,
      .manifold = &fgo_manifold_se3, .factor = { &fgo_between_se3, &fgo_between_se3_log },
      .decode = fgoi_decode_quaternion, .encode = fgoi_encode_quaternion },
    { .name = "FIX", .format = FGO_FORMAT_G2O, .kind = FGOI_TAG_FIX, .ids = 1 },
    { .name = NULL },
};
/* clang-format on */
