/* SPDX-License-Identifier: BSD-3-Clause */
/* own_tags.h -- the tags that registered factor classes and manifolds bring along. */
#ifndef FGOI_IO_OWN_TAGS_H
#define FGOI_IO_OWN_TAGS_H
#include "tags.h"

/* Returns the i-th row made from a registered class or manifold; NULL past the last. Rows stay where they are. May be called from
 * any thread. */
const fgoi_tag *fgoi_own_tag(size_t i);
#endif
