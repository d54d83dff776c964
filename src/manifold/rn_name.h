/* SPDX-License-Identifier: BSD-3-Clause */
/* rn_name.h -- the names of the vector spaces, "R1", "R2", ..., as strings that live for ever: a factor class keeps pointers
 * to the names of its manifolds. */
#ifndef FGOI_RN_NAME_H
#define FGOI_RN_NAME_H
/* Returns the name of R^n, n in 1 .. FGO_MAX_DIMENSION. */
const char *fgoi_rn_name(int n);
#endif
