/* SPDX-License-Identifier: BSD-3-Clause */
/* manifold.h -- the spaces that variables live in.
 *
 * A value is stored as `ambient` doubles and moves in `tangent` dimensions. Conventions, the same everywhere in fgopt:
 *   - right perturbation:  retract(x, delta) = x * Exp(delta),   local(x, y) = Log(x^-1 * y);
 *   - tangent order: translation first (metres), then rotation (radians);
 *   - a pose a_T_b maps coordinates in frame b to frame a; its translation is the origin of b seen in a.
 *
 *   name   ambient storage                          tangent
 *   "Rn"   n numbers                                n
 *   "SO2"  cos, sin                                 angle
 *   "SE2"  x, y, cos, sin                           x, y, angle            (in the frame of the pose)
 *   "SO3"  quaternion qx, qy, qz, qw                rotation vector
 *   "SE3"  x, y, z, quaternion qx, qy, qz, qw       x, y, z, rotation vector
 *
 * Exp and Log are those of the group (for SE(2), SE(3) with the left Jacobian V on the translation): J. Sola et al., "A
 * micro Lie theory for state estimation in robotics", 2018, appendices. */
#ifndef FGOPT_MANIFOLD_H
#define FGOPT_MANIFOLD_H
#include <fgopt/status.h>

#ifdef __cplusplus
extern "C" {
#endif

enum { FGO_NAME_SIZE = 24, FGO_MAX_DIMENSION = 4096 };

typedef struct fgo_manifold fgo_manifold;
struct fgo_manifold {
    char name[FGO_NAME_SIZE]; /* what factor classes ask for; two manifolds with one name are the same */
    int ambient;              /* doubles that store a value, 1 .. FGO_MAX_DIMENSION */
    int tangent;              /* dimension of the tangent space, 1 .. FGO_MAX_DIMENSION */
    /* out = x moved by delta. out may be x. */
    void (*retract)(const fgo_manifold *m, const double *x, const double *delta, double *out);
    /* delta such that retract(x, delta) = y, the shortest where there are several. */
    void (*local)(const fgo_manifold *m, const double *x, const double *y, double *delta);
    /* Brings numbers close to the manifold onto it (a quaternion to unit length); nonzero if that cannot be done (zero
     * or not finite). NULL: every finite value is valid. */
    int (*normalize)(const fgo_manifold *m, double *x);
    void *user; /* for the three functions above; fgopt only passes it on */
};

/* Values of the built-in manifolds as plain structs, laid out as their ambient storage. pose.h computes with them. */
typedef struct fgo_r2 {
    double x, y;
} fgo_r2;
typedef struct fgo_r3 {
    double x, y, z;
} fgo_r3;
typedef struct fgo_so2 {
    double c, s;
} fgo_so2; /* cos, sin */
typedef struct fgo_se2 {
    double x, y, c, s;
} fgo_se2; /* metres; cos, sin */
typedef struct fgo_so3 {
    double q[4];
} fgo_so3; /* qx qy qz qw, unit */
typedef struct fgo_se3 {
    double t[3], q[4];
} fgo_se3; /* metres; qx qy qz qw, unit */

FGO_API extern const fgo_manifold fgo_manifold_so2, fgo_manifold_se2, fgo_manifold_so3, fgo_manifold_se3;

/* R^n, named "R1", "R2", ... for n in 1 .. FGO_MAX_DIMENSION. */
FGO_API fgo_status fgo_manifold_rn(int n, fgo_manifold *out);

#ifdef __cplusplus
}
#endif
#endif
