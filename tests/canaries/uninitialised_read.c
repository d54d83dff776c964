/* SPDX-License-Identifier: BSD-3-Clause */
#include <stdio.h>
#include <stdlib.h>

int main(void)
{
    volatile int *p = malloc(sizeof *p); /* volatile: the compiler must not use that the value is undefined */
    if (!p) return 0;
    if (*p > 7) puts("more than seven");
    free((void *)(size_t)p);
    return 0;
}
