/* SPDX-License-Identifier: BSD-3-Clause */
/* dual.c -- a number that carries its derivatives: f(x, y) = x sin(y) and both partials at once. */
#define FGO_PARTIALS FGO_R2
#include <fgopt/dual.h>
#include <fgopt/residual.h>
#include <stdio.h>

FGO_RESIDUAL1(product, 1, fgo_none, r2, p)
{
    (void)z;
    r[0] = r_mul(p.x, r_sin(p.y));
}

int main(void)
{
    const double at[2] = { 2, 0.5 }, *x[1] = { at };
    double f, J[2];
    if (fgo_product.evaluate(&fgo_product, 1, x, NULL, &f, J)) return 1;
    printf("f = %.4f, df/dx = %.4f, df/dy = %.4f\n", f, J[0], J[1]);
    return J[0] == sin(0.5) && J[1] == 2 * cos(0.5) ? 0 : 1;
}
