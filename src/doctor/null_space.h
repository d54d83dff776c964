/* SPDX-License-Identifier: BSD-3-Clause */
/* null_space.h -- the directions that no factor of a graph constrains. */
#ifndef FGOI_DOCTOR_NULL_SPACE_H
#define FGOI_DOCTOR_NULL_SPACE_H
#include "system/system.h"

struct fgoi_symbolic;

typedef struct fgoi_null_space {
    int count;     /* number of directions, at most FGOI_NULL_MOST */
    double *basis; /* orthonormal columns in units of D^1/2: entry (i, k) at i * count + k, i as in the system's pattern.
                    * The caller frees it. NULL if count is 0 */
} fgoi_null_space;

enum { FGOI_NULL_MOST = 48 };

/* Finds the null space of H = J' J at the graph's values; s is the system of the graph without losses. The tangent dimensions
 * with open[] = 1 (in pattern order) do not move, like those that the gauge rule holds. D is the diagonal of H. symbolic: the
 * elimination order of the system's pattern. The result is empty if H cannot be evaluated. FGO_ERROR_MEMORY. */
fgo_status fgoi_find_null_space(fgoi_system *s, const struct fgoi_symbolic *symbolic, const unsigned char *open,
                                fgoi_null_space *out);
#endif
