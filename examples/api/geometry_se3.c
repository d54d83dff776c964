/* SPDX-License-Identifier: BSD-3-Clause */
/* geometry_se3.c -- poses in space over dual numbers: a point of the world as a camera's pose sees it. */
#define FGO_PARTIALS (FGO_SE3 + FGO_R3)
#include <fgopt/geometry_se3.h>
#include <fgopt/residual.h>
#include <stdio.h>

FGO_RESIDUAL2(seen_point, 3, fgo_none, se3, camera, r3, point)
{
    const vec3 p = se3_untransform(camera, point); /* camera^-1 point */
    (void)z;
    r[0] = p.x;
    r[1] = p.y;
    r[2] = p.z;
}

int main(void)
{
    const double camera[7] = { 1, 0, 0, 0, 0, 0, 1 }, point[3] = { 1, 2, 5 }, *x[2] = { camera, point };
    double e[3], J[27];
    if (fgo_seen_point.evaluate(&fgo_seen_point, 1, x, NULL, e, J)) return 1;
    printf("seen at (%g, %g, %g); one step of the camera along z changes the depth by %g\n", e[0], e[1], e[2], J[2 * 9 + 2]);
    return e[0] == 0 && e[1] == 2 && e[2] == 5 && J[2 * 9 + 2] == -1 ? 0 : 1;
}
