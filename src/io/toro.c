/* SPDX-License-Identifier: BSD-3-Clause */
/* toro.c -- the tags of TORO files (G. Grisetti et al., "A tree parameterization for efficiently computing maximum
 * likelihood maps using gradient descent", RSS 2007, and its program). */
#include "tags.h"

/* EDGE2 writes its information as 11 12 22 33 13 23; packed upper triangles are 11 12 13 22 23 33. */
static const unsigned char edge2_order[6] = { 0, 1, 3, 5, 2, 4 };

/* clang-format off */
const fgoi_tag fgoi_tags_toro[] = {
    { .name = "VERTEX2", .format = FGO_FORMAT_TORO, .kind = FGOI_TAG_VERTEX, .ids = 1, .numbers = 3,
      .manifold = &fgo_manifold_se2, .origin = fgoi_origin_se2, .decode = fgoi_decode_xyt, .encode = fgoi_encode_xyt },
    { .name = "EDGE2", .format = FGO_FORMAT_TORO, .kind = FGOI_TAG_EDGE, .ids = 2, .numbers = 3, .rows = 3,
      .information_order = edge2_order, .manifold = &fgo_manifold_se2,
      .factor = { &fgo_between_se2, &fgo_between_se2_log }, .decode = fgoi_decode_xyt, .encode = fgoi_encode_xyt },
    { .name = "VERTEX3", .format = FGO_FORMAT_TORO, .kind = FGOI_TAG_VERTEX, .ids = 1, .numbers = 6,
      .manifold = &fgo_manifold_se3, .origin = fgoi_origin_se3,
      .decode = fgoi_decode_euler, .encode = fgoi_encode_euler },
    { .name = "EDGE3", .format = FGO_FORMAT_TORO, .kind = FGOI_TAG_EDGE, .ids = 2, .numbers = 6, .rows = 6,
      .optional_information = 1, .manifold = &fgo_manifold_se3,
      .factor = { &fgo_between_se3, &fgo_between_se3_log }, .decode = fgoi_decode_euler, .encode = fgoi_encode_euler },
    { .name = "EQUIV", .format = FGO_FORMAT_TORO, .kind = FGOI_TAG_EQUIVALENCE, .ids = 2 },
    { .name = NULL },
};
/* clang-format on */
