/* SPDX-License-Identifier: BSD-3-Clause */
/* world.h -- synthetic worlds: the true poses of a robot's run and the pairs of poses that close loops.
 *
 * Lengths in metres, consecutive poses about 1 m apart. A planar pose is x, y, angle; a spatial one is the translation
 * and the quaternion qx qy qz qw. Right perturbation; relative pose of i and j: T_i^-1 T_j. */
#ifndef CLI_WORLD_H
#define CLI_WORLD_H
#include "random.h"
#include "shell/cli.h"

enum { WORLD_PLANAR = 3, WORLD_SPATIAL = 7 }; /* doubles of a pose */

typedef struct world_closure {
    size_t i, j;
} world_closure; /* j < i */

typedef struct world {
    int stride; /* WORLD_PLANAR or WORLD_SPATIAL */
    size_t poses;
    double *truth; /* poses * stride */
    world_closure *closure;
    size_t closures, closure_capacity;
    double closure_probability;
    random_state walk, choice;
} world;

/* The kinds of worlds, and their names in the same order, NULL at the end. build fills truth and closures; nonzero: out
 * of memory. */
typedef struct world_kind {
    int stride;
    int (*build)(world *w);
} world_kind;
extern const char *const world_names[];
extern const world_kind world_kinds[];

int world_manhattan(world *w);
int world_ring(world *w);
int world_grid3d(world *w);
int world_sphere(world *w);
int world_torus(world *w);

/* Adds the closure of pose i with the earlier pose j, with closure_probability. Returns nonzero if memory ran out. */
int world_close(world *w, size_t i, size_t j);

/* Which poses are in which cell of an integer lattice, by hashing: linear in the number of poses. */
enum { CELL_NONE = -1 };
typedef struct cells {
    int64_t *key;    /* of the slot; three coordinates of 21 bits */
    int64_t *last;   /* the latest pose in the slot's cell, or CELL_NONE: slot free */
    int64_t *before; /* for each pose, the one before it in its cell, or CELL_NONE */
    size_t mask;     /* slots - 1 */
} cells;
int cells_create(cells *c, size_t poses); /* nonzero: out of memory */
void cells_free(cells *c);
void cells_add(cells *c, int64_t x, int64_t y, int64_t z, size_t pose);
int64_t cells_latest(const cells *c, int64_t x, int64_t y, int64_t z); /* pose or CELL_NONE */

/* Compute with poses of the kind that `stride` says. out must not be an argument. */
void pose_compose(int stride, const double *a, const double *b, double *out); /* a b */
void pose_between(int stride, const double *a, const double *b, double *out); /* a^-1 b */
/* Computes out = a Exp(n): n is the translation in the frame of a, then the angle or rotation vector. */
void pose_perturb(int stride, const double *a, const double *n, double *out);
/* Compute the quaternion of a turn by `angle` about coordinate axis 0, 1 or 2, and the product of two quaternions. */
void quaternion_axis(int axis, double angle, double q[4]);
void quaternion_multiply(const double a[4], const double b[4], double out[4]);

/* How a world is disturbed when it is written. */
typedef struct world_noise {
    double translation, rotation; /* standard deviations of each axis, metres and radians */
    double outliers;              /* fraction of the closures whose poses are drawn at random */
    uint64_t seed;
} world_noise;

/* Writes the g2o files: to `noisy` the noisy measurements and the poses that the odometry alone gives; to `truth`, unless it is
 * NULL, the true poses and exact measurements of the true closures. `comment` becomes the first line. Returns nonzero if memory
 * ran out. */
int world_write(const world *w, const world_noise *noise, const char *comment, FILE *noisy, FILE *truth);
#endif
