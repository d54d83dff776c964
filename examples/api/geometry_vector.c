/* SPDX-License-Identifier: BSD-3-Clause */
/* geometry_vector.c -- small vectors over dual numbers: the squared distance of two points, and its gradient. */
#define FGO_PARTIALS (FGO_R3 + FGO_R3)
#include <fgopt/geometry_vector.h>
#include <fgopt/residual.h>
#include <stdio.h>

FGO_RESIDUAL2(squared_distance, 1, fgo_none, r3, p, r3, q)
{
    (void)z;
    r[0] = v3_norm2(v3_sub(p, q));
}

int main(void)
{
    const double p[3] = { 1, 2, 3 }, q[3] = { 0, 0, 1 }, *x[2] = { p, q };
    double d, J[6];
    if (fgo_squared_distance.evaluate(&fgo_squared_distance, 1, x, NULL, &d, J)) return 1;
    printf("|p - q|^2 = %g, gradient with respect to p (%g, %g, %g)\n", d, J[0], J[1], J[2]);
    return d == 9 && J[0] == 2 && J[1] == 4 && J[2] == 4 && J[3] == -2 ? 0 : 1;
}
