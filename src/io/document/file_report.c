/* SPDX-License-Identifier: BSD-3-Clause */
/* file_report.c -- what the file that a graph was read from contained. */
#include "base/refuse.h"
#include "base/sized.h"
#include "document.h"
#include "graph/graph_private.h"

fgo_status fgo_graph_file_report_sized(const fgo_graph *g, fgo_file_report *out, size_t out_size)
{
    FGOI_REQUIRE(g);
    FGOI_REQUIRE(out);
    FGOI_REQUIRE_SIZE(out_size);
    static const fgo_file_report none;
    fgoi_sized_write(out, out_size, g->document ? &g->document->report : &none, sizeof none);
    return FGO_OK;
}

const char *fgo_graph_file_tag(const fgo_graph *g, size_t i, size_t *count)
{
    if (!g || !g->document || i >= g->document->tag_count) return NULL;
    if (count) *count = g->document->tag[i].count;
    return g->document->tag[i].name;
}
