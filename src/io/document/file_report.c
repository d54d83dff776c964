/* SPDX-License-Identifier: BSD-3-Clause */
/* file_report.c -- what the file held that a graph was read from, and what formats and conventions are called. */
#include "io/text/compression.h"
#include "document.h"
#include "base/error.h"
#include "graph/graph_private.h"
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
    case FGO_FORMAT_CSV: return "csv";
    }
    return NULL;
}

fgo_format fgo_format_of_path(const char *path)
{
    static const struct {
        const char *ending;
        fgo_format format;
    } endings[] = { { ".g2o", FGO_FORMAT_G2O }, { ".graph", FGO_FORMAT_TORO },  { ".toro", FGO_FORMAT_TORO },
                    { ".tum", FGO_FORMAT_TUM }, { ".kitti", FGO_FORMAT_KITTI }, { ".csv", FGO_FORMAT_CSV } };
    size_t n;
    if (!path) return FGO_FORMAT_AUTO;
    fgoi_compression_of(path, &n);
    for (size_t i = 0; i < sizeof endings / sizeof *endings; i++) {
        const size_t m = strlen(endings[i].ending);
        if (n >= m && memcmp(path + n - m, endings[i].ending, m) == 0) return endings[i].format;
    }
    return FGO_FORMAT_AUTO;
}

const char *fgo_convention_name(fgo_convention convention)
{
    switch (convention) {
    case FGO_CONVENTION_G2O: return "g2o";
    case FGO_CONVENTION_LOG: return "log";
    case FGO_CONVENTION_CERES: return "ceres";
    }
    return NULL;
}
