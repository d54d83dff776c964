/* SPDX-License-Identifier: BSD-3-Clause */
/* status.c -- a call that fails says what is wrong, and leaves everything as it was. */
#include <fgopt/graph.h>
#include <fgopt/status.h>
#include <stdio.h>

int main(void)
{
    fgo_graph *g = NULL;
    if (fgo_graph_create(&g)) return 1;
    fgo_graph_add_se2(g, 7, 0, 0, 0);
    fgo_status st = fgo_graph_add_se2(g, 7, 1, 0, 0); /* the key is taken */
    printf("%s: %s\n", fgo_status_text(st), fgo_last_message());
    fgo_graph_free(g);
    return st == FGO_ERROR_KEY ? 0 : 1;
}
