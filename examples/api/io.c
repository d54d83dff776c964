/* SPDX-License-Identifier: BSD-3-Clause */
/* io.c -- reads a graph from text, changes a value, and writes it: all else stays as it stood, comments too. */
#include <fgopt/io.h>
#include <stdio.h>
#include <string.h>

static const char text[] = "# a corridor\n"
                           "VERTEX_SE2 0 0 0 0\n"
                           "VERTEX_SE2 1 1 0 0\n"
                           "EDGE_SE2 0 1 1 0 0 100 0 0 100 0 400\n";

int main(void)
{
    fgo_graph *g = NULL;
    fgo_status st = fgo_graph_read_memory(text, strlen(text), "corridor", NULL, &g);
    if (!st) st = fgo_graph_set_value(g, 1, (double[]){ 1.25, 0, 1, 0 });
    if (!st) st = fgo_graph_write(g, "corridor.g2o", FGO_FORMAT_AUTO);
    fgo_graph_free(g);
    if (st) return fprintf(stderr, "%s\n", fgo_last_message()), 1;
    st = fgo_graph_read("corridor.g2o", NULL, &g); /* corridor.g2o:LINE:COLUMN: ... if it were wrong */
    double x[4] = { 0 };
    if (!st) st = fgo_graph_get_value(g, 1, x);
    printf("pose 1 is at %g; its line is %zu\n", x[0], st ? 0 : fgo_graph_variable_line(g, 1));
    fgo_graph_free(g);
    remove("corridor.g2o");
    return !st && x[0] == 1.25 ? 0 : 1;
}
