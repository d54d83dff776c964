/* SPDX-License-Identifier: BSD-3-Clause */
#include "space.h"

fgoi_space fgoi_space_of(const fgo_manifold *m)
{
    if (m->retract == fgo_manifold_se2.retract) return FGOI_SPACE_SE2;
    if (m->retract == fgo_manifold_se3.retract) return FGOI_SPACE_SE3;
    if (m->retract == fgo_manifold_so2.retract) return FGOI_SPACE_SO2;
    if (m->retract == fgo_manifold_so3.retract) return FGOI_SPACE_SO3;
    if (m->name[0] == 'R' && m->ambient == m->tangent && m->name[1] >= '1' && m->name[1] <= '9') return FGOI_SPACE_RN;
    return FGOI_SPACE_OTHER;
}

int fgoi_space_world(fgoi_space s)
{
    switch (s) {
    case FGOI_SPACE_SO2:
    case FGOI_SPACE_SE2: return 2;
    case FGOI_SPACE_SO3:
    case FGOI_SPACE_SE3: return 3;
    case FGOI_SPACE_RN:
    case FGOI_SPACE_OTHER: break;
    }
    return 0;
}

int fgoi_space_translation(fgoi_space s) { return s == FGOI_SPACE_SE2 ? 2 : s == FGOI_SPACE_SE3 ? 3 : 0; }
