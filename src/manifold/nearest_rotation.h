/* SPDX-License-Identifier: BSD-3-Clause */
/* nearest_rotation.h -- the rotation closest to a matrix. */
#ifndef FGOI_NEAREST_ROTATION_H
#define FGOI_NEAREST_ROTATION_H

/* Computes q (qx qy qz qw, unit, qw >= 0), the rotation R that minimizes |R - M| in the Frobenius norm, that is, maximizes
 * trace(R' M), also for singular M and det M < 0. M is 3 x 3, row-major. Returns 0, or -1 if M is zero or not finite. */
int fgoi_nearest_rotation(const double M[9], double q[4]);
#endif
