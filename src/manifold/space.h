/* SPDX-License-Identifier: BSD-3-Clause */
/* space.h -- what a manifold is in the world of rigid motions: a pose, a rotation, a point, or nothing that moves. */
#ifndef FGOI_SPACE_H
#define FGOI_SPACE_H
#include <fgopt/manifold.h>

typedef enum fgoi_space {
    FGOI_SPACE_RN,
    FGOI_SPACE_SO2,
    FGOI_SPACE_SE2,
    FGOI_SPACE_SO3,
    FGOI_SPACE_SE3,
    FGOI_SPACE_OTHER
} fgoi_space;

fgoi_space fgoi_space_of(const fgo_manifold *m);

/* Dimension of the world that rotations of this space turn: 2, 3, or 0 for R^n and others. */
int fgoi_space_world(fgoi_space s);

/* Numbers of translation before the rotation: 0 for rotations alone, 2 or 3 for poses. */
int fgoi_space_translation(fgoi_space s);
#endif
