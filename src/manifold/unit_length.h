/* SPDX-License-Identifier: BSD-3-Clause */
/* unit_length.h -- brings (cos, sin) and quaternions to unit length. */
#ifndef FGOI_UNIT_LENGTH_H
#define FGOI_UNIT_LENGTH_H

/* Scales x[0 .. n) to unit length. Returns 0, or -1 if x is zero or not finite; x is then as before. A length within rounding
 * of 1 is left as it is, so that reading a value that was written changes nothing. */
int fgoi_unit_length(double *x, int n);

/* Returns 1 if none of x[0 .. n) is infinite or NaN. */
int fgoi_all_finite(const double *x, int n);
#endif
