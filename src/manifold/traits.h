/* SPDX-License-Identifier: BSD-3-Clause */
/* traits.h -- what a manifold is in the world of rigid motions, as its traits say it. */
#ifndef FGOI_TRAITS_H
#define FGOI_TRAITS_H
#include <fgopt/manifold.h>

static inline fgo_manifold_kind fgoi_kind_of(const fgo_manifold *m) { return m->traits ? m->traits->kind : FGO_MANIFOLD_UNKNOWN; }

/* Returns the world that a value turns with: the world of poses, rotations and directions; 0 for points, vectors and manifolds of
 * unknown kind. */
int fgoi_turned_world(const fgo_manifold *m);

/* Returns the world of a rotation that stands in the value as (cos, sin) or a quaternion, which linear initialization can write;
 * 0 if the value has no such rotation. */
int fgoi_stored_rotation(const fgo_manifold *m);

/* Returns how many translations a pose has before its rotation in the tangent. */
static inline int fgoi_translations_of(const fgo_manifold *m)
{
    return fgoi_kind_of(m) == FGO_MANIFOLD_POSE ? m->traits->translations : 0;
}

/* Computes the position p of a value in its world, with z = 0 in the plane. Returns 0 if the value has none, and leaves p as it
 * was. */
int fgoi_position_of(const fgo_manifold *m, const double *x, double p[3]);

/* Writes the value that stands for "nothing known yet" to x: the identity of the traits, zeros without one. */
void fgoi_identity_of(const fgo_manifold *m, double *x);

/* Returns 1 for poses, which trajectories are made of. */
static inline int fgoi_is_pose(const fgo_manifold *m) { return fgoi_kind_of(m) == FGO_MANIFOLD_POSE; }

/* Returns 1 if two manifolds are the same to all that use them: name, dimensions, functions, traits. */
int fgoi_same_manifold(const fgo_manifold *a, const fgo_manifold *b);

/* Adds a manifold to the list of fgo_manifold_get. The caller has checked the manifold, and sees to it that nobody else adds one
 * meanwhile. Returns 0, or -1 if there are FGOI_MOST_MANIFOLDS. */
enum { FGOI_MOST_MANIFOLDS = 256 };
int fgoi_manifold_append(const fgo_manifold *m);

/* Returns the registered manifold of a name; NULL if there is none. */
const fgo_manifold *fgoi_registered_manifold(const char *name);

/* Finds the built-in manifold of a name. Returns 1 with the manifold in *out, or 0 if there is none. */
int fgoi_builtin_manifold(const char *name, fgo_manifold *out);

/* Checks that a manifold has a name, its functions and allowed dimensions. */
fgo_status fgoi_check_manifold_fields(const fgo_manifold *m);

/* Checks that the traits of a manifold are in order, and that its name is not the name of a built-in manifold that differs from
 * it. */
fgo_status fgoi_check_traits(const fgo_manifold *m);
#endif
