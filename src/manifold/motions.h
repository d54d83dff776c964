/* SPDX-License-Identifier: BSD-3-Clause */
/* motions.h -- how the rigid motions of a world move variables: T = Exp(xi) takes a pose X to T X = X Exp(Ad(X^-1) xi),
 * a point p to T p. */
#ifndef FGOI_MOTIONS_H
#define FGOI_MOTIONS_H
#include <fgopt/manifold.h>

enum { FGOI_MOST_MOTIONS = 6 };

/* Motions of a world of 2 or 3 dimensions: translations along the axes, then rotations about them. */
static inline int fgoi_motions(int world) { return world == 2 ? 3 : 6; }

/* The velocity of a point p of the world under motion k, rotations about `centre`. v: `world` numbers. */
void fgoi_velocity(int world, const double *centre, const double *p, int k, double *v);

/* The tangent by which motion k moves a variable with value x, rotations about `centre`. delta: m->tangent numbers; all
 * zero if motions of this world leave it alone (scales, slips, biases, points of another world). */
void fgoi_motion(const fgo_manifold *m, int world, const double centre[3], const double *x, int k, double *delta);
#endif
