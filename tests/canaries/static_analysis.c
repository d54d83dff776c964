/* SPDX-License-Identifier: BSD-3-Clause */
/* static_analysis.c -- compiles without a warning and would seldom fail when run. */
#include <stdlib.h>

int main(int argc, char **argv)
{
    int *p = malloc(sizeof *p);
    (void)argv;
    if (!p) return 0;
    *p = argc;
    if (*p > 1) free(p);
    free(p);
    return 0;
}
