/* SPDX-License-Identifier: BSD-3-Clause */
/* geometry_se2.c -- poses of the plane over dual numbers: the logarithm of a relative pose, all three rows of it. */
#define FGO_PARTIALS (FGO_SE2 + FGO_SE2)
#include <fgopt/geometry_se2.h>
#include <fgopt/residual.h>
#include <stdio.h>

FGO_RESIDUAL2(relative_pose, 3, fgo_none, se2, a, se2, b)
{
    (void)z;
    se2_log(se2_between(a, b), r); /* Log(a^-1 b): metres, metres, radians */
}

int main(void)
{
    const double a[4] = { 0, 0, 1, 0 }, b[4] = { 1, 0, 1, 0 }, *x[2] = { a, b };
    double e[3], J[18];
    if (fgo_relative_pose.evaluate(&fgo_relative_pose, 1, x, NULL, e, J)) return 1;
    printf("Log(a^-1 b) = (%g, %g, %g)\n", e[0], e[1], e[2]);
    return e[0] == 1 && e[2] == 0 && fabs(J[3] - 1) < 1e-15 ? 0 : 1;
}
