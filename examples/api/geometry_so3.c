/* SPDX-License-Identifier: BSD-3-Clause */
/* geometry_so3.c -- rotations over dual numbers: how a rotated vector moves when the rotation is perturbed from the right. */
#define FGO_PARTIALS FGO_SO3
#include <fgopt/geometry_so3.h>
#include <fgopt/residual.h>
#include <stdio.h>

FGO_RESIDUAL1(turned, 3, fgo_none, so3, R)
{
    const double along_x[3] = { 1, 0, 0 };
    const vec3 p = so3_rotate(R, v3_const(along_x));
    (void)z;
    r[0] = p.x;
    r[1] = p.y;
    r[2] = p.z;
}

int main(void)
{
    const double q[4] = { 0, 0, 0, 1 }, *x[1] = { q };
    double e[3], J[9];
    if (fgo_turned.evaluate(&fgo_turned, 1, x, NULL, e, J)) return 1;
    printf("R e_x = (%g, %g, %g); about z it moves along (%g, %g, %g)\n", e[0], e[1], e[2], J[2], J[5], J[8]);
    return e[0] == 1 && J[5] == 1 && J[7] == -1 ? 0 : 1; /* Exp(w) e_x = e_x + w x e_x + ... */
}
