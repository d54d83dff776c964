/* SPDX-License-Identifier: BSD-3-Clause */
/* names.c -- what formats and conventions are called, and the format that the name of a file stands for. */
#include "io/text/compression.h"
#include <fgopt/io.h>
#include <string.h>

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
