/* SPDX-License-Identifier: BSD-3-Clause */
/* motions.h -- how the rigid motions of a world move variables: T = Exp(xi) takes a pose X to T X = X Exp(Ad(X^-1) xi),
 * a point p to T p. */
#ifndef FGOI_MOTIONS_H
#define FGOI_MOTIONS_H
#include <fgopt/manifold.h>

enum { FGOI_MOST_MOTIONS = 6 };

/* Returns the number of motions of a world of 2 or 3 dimensions: translations along the axes, then rotations about them. */
static inline int fgoi_motions(int world) { return world == 2 ? 3 : 6; }

/* Computes the velocity v of a point p of the world under motion k, with rotations about `centre`. v has `world` numbers. */
void fgoi_velocity(int world, const double *centre, const double *p, int k, double *v);

/* Computes the tangent `delta` by which motion k moves a variable with value x, with rotations about `centre`. delta has
 * m->tangent numbers; all are zero if motions of this world leave the variable alone (scales, slips, biases, points of another
 * world). */
void fgoi_motion(const fgo_manifold *m, int world, const double centre[3], const double *x, int k, double *delta);
#endif
