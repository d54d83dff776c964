/* SPDX-License-Identifier: BSD-3-Clause */
/* report.c -- what the file held that a graph was read from. */
#include "document.h"
#include "error.h"
#include "graph_private.h"
#include <string.h>

fgo_status fgo_graph_file_report(const fgo_graph *g, fgo_file_report *out)
{
    if (!g || !out) return fgoi_fail(NULL, FGO_ERROR_ARGUMENT, "fgo_graph_file_report: NULL argument");
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

const char *fgo_format_name(fgo_format format)
{
    switch (format) {
    case FGO_FORMAT_AUTO: return "auto";
    case FGO_FORMAT_G2O: return "g2o";
    case FGO_FORMAT_TORO: return "toro";
    case FGO_FORMAT_TUM: return "tum";
    case FGO_FORMAT_KITTI: return "kitti";
    }
    return NULL;
}

const char *fgo_convention_name(fgo_convention convention)
{
    switch (convention) {
    case FGO_CONVENTION_G2O: return "g2o";
    case FGO_CONVENTION_LOG: return "log";
    }
    return NULL;
}
