/* SPDX-License-Identifier: BSD-3-Clause */
/* tum.c -- trajectories of the TUM RGB-D benchmark (J. Sturm et al., "A benchmark for the evaluation of RGB-D SLAM systems", IROS
 * 2012): time x y z qx qy qz qw a line. */
#include "format.h"

static const fgoi_tag tags[] = {
    { .name = "TUM",
      .format = &fgoi_format_tum,
      .kind = FGOI_TAG_VERTEX,
      .bare = 1,
      .timed = 1,
      .numbers = 7,
      .value = 7,
      .manifold = { "SE3" },
      .decode = fgoi_decode_quaternion,
      .encode = fgoi_encode_quaternion },
    { .name = NULL },
};

static int detect(const fgo_format_class *c, const char *line, size_t length)
{
    (void)c;
    return fgoi_line_is_numbers(line, length, 8) ? 50 : 0;
}

static const char *const endings[] = { ".tum", NULL };

const fgoi_format fgoi_format_tum = {
    .c = { .size = sizeof(fgo_format_class),
           .name = "tum",
           .endings = endings,
           .holds = FGO_HOLDS_POSES | FGO_HOLDS_TIMES,
           .detect = detect },
    .layout = FGOI_LAYOUT_BARE,
    .tags = tags,
    .line = "time x y z qx qy qz qw (TUM)",
};
