/* SPDX-License-Identifier: BSD-3-Clause */
/* traits.h -- what a manifold is in the world of rigid motions, as its traits say it. */
#ifndef FGOI_TRAITS_H
#define FGOI_TRAITS_H
#include <fgopt/manifold.h>

static inline fgo_manifold_kind fgoi_kind_of(const fgo_manifold *m) { return m->traits ? m->traits->kind : FGO_MANIFOLD_UNKNOWN; }

/* The world that a value turns with: that of poses, rotations and directions; 0 of points, vectors and unknown ones. */
int fgoi_turned_world(const fgo_manifold *m);

/* The same for rotations that stand in the value as (cos, sin) or a quaternion, which linear initialization can write; 0 if
 * there is none. */
int fgoi_stored_rotation(const fgo_manifold *m);

/* Translations before that rotation in the tangent. */
static inline int fgoi_translations_of(const fgo_manifold *m)
{
    return fgoi_kind_of(m) == FGO_MANIFOLD_POSE ? m->traits->translations : 0;
}

/* The position of a value in its world, z = 0 in the plane; 0 if it has none, and p is left as it was. */
int fgoi_position_of(const fgo_manifold *m, const double *x, double p[3]);

/* The value that stands for "nothing known yet": the identity of the traits, zeros without one. */
void fgoi_identity_of(const fgo_manifold *m, double *x);

/* 1 for poses, which trajectories are made of. */
static inline int fgoi_is_pose(const fgo_manifold *m) { return fgoi_kind_of(m) == FGO_MANIFOLD_POSE; }

/* 1 if both are the same to all that use them: name, dimensions, functions, traits. */
int fgoi_same_manifold(const fgo_manifold *a, const fgo_manifold *b);

/* Adds a manifold to those that fgo_manifold_get lists; the caller has checked it, and sees to it that nobody else adds one
 * meanwhile. Returns 0, or -1 if there are FGOI_MOST_MANIFOLDS. */
enum { FGOI_MOST_MANIFOLDS = 256 };
int fgoi_manifold_append(const fgo_manifold *m);

/* The registered manifold of a name; NULL if there is none. */
const fgo_manifold *fgoi_registered_manifold(const char *name);

/* The built-in manifold of a name into *out: 1, or 0 if there is none. */
int fgoi_builtin_manifold(const char *name, fgo_manifold *out);

/* Whether a manifold has a name, its functions and dimensions that are allowed. */
fgo_status fgoi_check_manifold_fields(const fgo_manifold *m);

/* Whether traits are in order, and whether the name is that of a built-in manifold that is another. */
fgo_status fgoi_check_traits(const fgo_manifold *m);
#endif
