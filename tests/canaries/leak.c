/* SPDX-License-Identifier: BSD-3-Clause */
/* leak.c -- loses a graph: the leak checker must say so. */
#include <fgopt/fgopt.h>

int main(void)
{
    fgo_graph *g;
    if (fgo_graph_create(&g)) return 0;
    g = NULL; /* never freed */
    return g != NULL;
}
