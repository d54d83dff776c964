/* SPDX-License-Identifier: BSD-3-Clause */
/* heap_overflow.c -- the library, not this file, writes past the block: that is seen only if the library itself is
 * instrumented. */
#include <fgopt/fgopt.h>
#include <stdlib.h>

int main(void)
{
    double *rho = malloc(sizeof *rho);
    if (rho) fgo_loss_evaluate(fgo_loss_huber(1.0), 2.0, rho, rho + 1);
    free(rho);
    return 0;
}
