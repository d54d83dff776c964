/* SPDX-License-Identifier: BSD-3-Clause */
/* file_report.c -- what the file held that a graph was read from. */
#include "base/error.h"
#include "document.h"
#include "graph/graph_private.h"
#include <string.h>

fgo_status fgo_graph_file_report(const fgo_graph *g, fgo_file_report *out)
{
    if (!g || !out) return fgoi_fail(FGO_ERROR_ARGUMENT, "fgo_graph_file_report: NULL argument");
    memset(out, 0, sizeof *out);
    if (g->document) *out = g->document->report;
    return FGO_OK;
}

const char *fgo_graph_file_tag(const fgo_graph *g, size_t i, size_t *count)
{
    if (!g || !g->document || i >= g->document->tag_count) return NULL;
    if (count) *count = g->document->tag[i].count;
    return g->document->tag[i].name;
}
