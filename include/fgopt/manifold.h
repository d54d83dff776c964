/* SPDX-License-Identifier: BSD-3-Clause */
/* manifold.h -- the spaces that variables live in.
 *
 * A value is stored as `ambient` doubles and moves in `tangent` dimensions. These conventions hold everywhere in fgopt:
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
 * Exp and Log are the maps of the group (for SE(2), SE(3) with the left Jacobian V on the translation): J. Sola et al., "A
 * micro Lie theory for state estimation in robotics", 2018, appendices. */
#ifndef FGOPT_MANIFOLD_H
#define FGOPT_MANIFOLD_H
#include <fgopt/status.h>
#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

enum { FGO_NAME_SIZE = 24, FGO_MAX_DIMENSION = 4096 };

/* What a value is in the world. Factor classes and traits say what counts as a point, never a dimension alone. */
typedef enum fgo_manifold_kind {
    FGO_MANIFOLD_UNKNOWN = 0, /* it is not known whether and how rigid motions act */
    FGO_MANIFOLD_POSE,        /* a position and an orientation */
    FGO_MANIFOLD_ROTATION,    /* an orientation alone */
    FGO_MANIFOLD_POINT,       /* a position alone */
    FGO_MANIFOLD_DIRECTION,   /* turns with the world, but has no position */
    FGO_MANIFOLD_VECTOR       /* numbers that no rigid motion moves: scales, slips, biases */
} fgo_manifold_kind;

enum { FGO_MAX_MOVED = 32 }; /* tangent dimensions of a manifold whose values rigid motions move */

typedef struct fgo_manifold fgo_manifold;

/* What fgopt may know about a manifold beyond how to move on it: enough for the gauge rule, initialization, comparison, files and
 * plots to treat it like a built-in one. Set .size and the members that apply; the others stay 0. The struct must live as long as
 * the program.
 *
 * The rigid motions of a world are numbered: translations along its axes, then rotations about them (3 in the plane, 6 in
 * space). A motion T takes a pose X to T X and a point p to T p. */
typedef struct fgo_manifold_traits {
    size_t size; /* sizeof(fgo_manifold_traits) */
    fgo_manifold_kind kind;
    int world;         /* 2: values live in the plane, 3: in space; 0 for vectors and unknown kinds */
    int translations;  /* poses: the number of degrees of freedom that are the translation, which come first; others: unused */
    int position;      /* poses, points: the index in a value of its coordinates, `world` numbers in metres; -1: see place */
    int rotation;      /* poses, rotations: the index in a value of (cos, sin) or of the unit quaternion qx, qy, qz, qw; -1: see
                       * place. If there is one, the degrees of freedom of the rotation must follow those of the translation
                       * and be a right perturbation of the rotation; chordal initialization then computes it. */
    unsigned prevents; /* bit k: motion k takes values off the manifold (a pose whose z axis stays vertical: bits 3, 4) */
    const char *noun;  /* what a value is called in reports, "SE(2) pose", its plural with an s; NULL: "NAME variable" */
    const char *const *dof;         /* names of the tangent numbers, `tangent` of them; NULL: by number */
    const char *const *dof_unit;    /* their units, "m", "rad", "" */
    const char *const *number;      /* names of the ambient numbers, `ambient` of them */
    const char *const *number_unit; /* their units */
    const double *identity;         /* a value to start from, `ambient` numbers; the identity of a group; NULL: zeros */
    /* Computes the tangent by which motion k moves x, per metre or per radian, for rotations about `centre`: the derivative of
     * local(x, T(s) x) at s = 0. All kinds but vectors and unknown ones have this function. */
    void (*move)(const fgo_manifold *m, const double *centre, const double *x, int k, double *delta);
    /* Optional. Computes out = T x for an fgo_se2 or fgo_se3 T given as ambient numbers. out may be x. */
    void (*act)(const fgo_manifold *m, const double *T, const double *x, double *out);
    /* Optional, for values that do not store position or rotation. Computes where x is drawn: the position (z = 0 in the plane)
     * and the orientation as a quaternion of space. Returns FGO_PLACE_ flags of what was written. */
    int (*place)(const fgo_manifold *m, const double *x, double *position, double *quaternion);
    /* The tag of vertices in g2o files, or NULL: an id follows, then the `ambient` numbers, at most 24, as they are; normalize
     * brings them onto the manifold. Files have the tag once the manifold is registered (fgo_register_manifold in registry.h). */
    const char *tag;
} fgo_manifold_traits;

enum { FGO_PLACE_POSITION = 1, FGO_PLACE_ORIENTATION = 2 };

struct fgo_manifold {
    char name[FGO_NAME_SIZE]; /* the name that factor classes ask for. A graph refuses a second manifold of the same name with
                               * other dimensions, functions or user, and any other manifold with a built-in name ("SE2") */
    int ambient;              /* doubles that store a value, 1 .. FGO_MAX_DIMENSION */
    int tangent;              /* dimension of the tangent space, 1 .. FGO_MAX_DIMENSION */
    /* Computes out, the value that x becomes when it moves by delta. out may be x. */
    void (*retract)(const fgo_manifold *m, const double *x, const double *delta, double *out);
    /* Computes delta such that retract(x, delta) = y, the shortest where there are several. */
    void (*local)(const fgo_manifold *m, const double *x, const double *y, double *delta);
    /* Brings numbers close to the manifold onto it (a quaternion to unit length). Returns nonzero if that is impossible (zero or
     * not finite). NULL: every finite value is valid. */
    int (*normalize)(const fgo_manifold *m, double *x);
    void *user;                        /* for the functions; fgopt only passes it on */
    const fgo_manifold_traits *traits; /* NULL: nothing is known */
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

/* Fills *out with R^n, named "R1", "R2", ..., n in 1 .. FGO_MAX_DIMENSION. R^2 and R^3 are points of the plane and of space, the
 * others are vectors. */
FGO_API fgo_status fgo_manifold_rn(int n, fgo_manifold *out);

/* Returns manifold i: first the built-in ones, without R^n, then the registered ones in their order; NULL past the end. */
FGO_API const fgo_manifold *fgo_manifold_get(size_t i);

/* Fills *out with the manifold of a name: a built-in one, such as "SE2" or "R7", or a registered one. FGO_ERROR_ARGUMENT if there
 * is none. */
FGO_API fgo_status fgo_manifold_find(const char *name, fgo_manifold *out);

/* Computes where the value x is drawn, by the traits of its manifold m: `position` (z = 0 in the plane) and the orientation as
 * qx, qy, qz, qw. Returns FGO_PLACE_ flags of what the value has; the other output is untouched. */
FGO_API int fgo_manifold_place(const fgo_manifold *m, const double *x, double position[3], double quaternion[4]);

/* Returns how many degrees of freedom of m are lengths: all of points and vectors, the first ones of poses, else none. */
FGO_API int fgo_manifold_translations(const fgo_manifold *m);

#ifdef __cplusplus
}
#endif
#endif
