/* SPDX-License-Identifier: BSD-3-Clause */
/* uninitialised_read.c -- reads memory that nobody has written: valgrind and the memory sanitizer must say so. */
#include <stdio.h>
#include <stdlib.h>

int main(void)
{
    int *volatile p = malloc(sizeof *p); /* volatile hides from the compiler, which would warn, where p points */
    if (p && *p > 7) puts("more than seven");
    free(p);
    return 0;
}
