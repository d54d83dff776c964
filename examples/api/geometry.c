/* SPDX-License-Identifier: BSD-3-Clause */
/* geometry.c -- residuals are composed of the verbs of geometry.h: here the heading in which a pose sees a mark, as an angle. */
#define FGO_PARTIALS (FGO_SE2 + FGO_R2)
#include <fgopt/geometry.h>
#include <fgopt/residual.h>
#include <stdio.h>

FGO_RESIDUAL2(sight, 1, fgo_none, se2, pose, r2, mark)
{
    const vec2 seen = se2_untransform(pose, mark); /* the mark in the frame of the pose */
    (void)z;
    r[0] = r_atan2(seen.y, seen.x);
}

int main(void)
{
    const double pose[4] = { 1, 1, 0, 1 }, mark[2] = { 0, 1 },
                 *x[2] = { pose, mark }; /* it looks along y; the mark is to its left */
    double e, J[5];
    if (fgo_sight.evaluate(&fgo_sight, 1, x, NULL, &e, J)) return 1;
    printf("seen at %.1f degrees; turning the pose by a radian changes that by %.1f\n", e * 180 / 3.14159265358979323846, J[2]);
    return fabs(e - 1.5707963267948966) < 1e-15 && fabs(J[2] + 1) < 1e-15 ? 0 : 1;
}
