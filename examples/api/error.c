/* SPDX-License-Identifier: BSD-3-Clause */
/* error.c -- reads a graph with an indefinite information matrix; the error says as data what is wrong and what to do. */
#include <fgopt/error.h>
#include <fgopt/io.h>
#include <stdio.h>
#include <string.h>

static const char text[] = "VERTEX_SE2 0 0 0 0\nVERTEX_SE2 1 1 0 0\nEDGE_SE2 0 1 1 0 0 1 2 0 1 0 1\n";

int main(void)
{
    fgo_read_options options = fgo_read_options_default();
    fgo_graph *g = NULL;
    fgo_error e;
    if (!fgo_graph_read_memory(text, strlen(text), "two.g2o", &options, &g)) return 1;
    if (fgo_last_error(&e)) return 1;
    printf("%s:%zu: %s, %s %g: %s\n", e.file, e.line, fgo_cause_name(e.cause), fgo_statistic_name(e.statistic), e.value,
           fgo_remedy_name(e.remedy.kind));
    if (e.remedy.kind == FGO_REMEDY_PROJECT) options.project_information = 1;
    const fgo_status st = fgo_graph_read_memory(text, strlen(text), "two.g2o", &options, &g);
    fgo_graph_free(g);
    return st || e.line != 3 || e.cause != FGO_CAUSE_INDEFINITE;
}
