/* SPDX-License-Identifier: BSD-3-Clause */
/* fuzz_graph.c -- any bytes as a graph file, in every way of reading. What is read can be written: unchanged it is the
 * input again, byte by byte, and in either format it reads back as a graph of the same size. */
#include "fuzz.h"
#include <fgopt/fgopt.h>
#include <unistd.h>

static char path[64];

static char *slurp(size_t *size)
{
    FILE *file = fopen(path, "rb");
    fuzz_require(file);
    fuzz_require(fseek(file, 0, SEEK_END) == 0);
    *size = (size_t)ftell(file);
    rewind(file);
    char *text = malloc(*size + 1);
    fuzz_require(text && fread(text, 1, *size, file) == *size);
    fclose(file);
    return text;
}

/* The lines stand for the whole graph: nothing is added to what was read. */
static int is_complete(const fgo_file_report *r) { return !r->edges_only && !r->implied; }

static void check_unchanged(fgo_graph *g, const char *text, size_t size)
{
    size_t written;
    fuzz_require(fgo_graph_write(g, path, FGO_FORMAT_AUTO) == FGO_OK);
    char *out = slurp(&written);
    fuzz_require(written == size && memcmp(out, text, size) == 0);
    free(out);
}

static void check_written(fgo_graph *g, fgo_format format)
{
    fgo_graph *again;
    fgo_read_options o = fgo_read_options_default();
    o.project_information = 1; /* digits that rounded may make a singular matrix indefinite */
    const fgo_status status = fgo_graph_write(g, path, format);
    fuzz_require(status == FGO_OK || status == FGO_ERROR_UNSUPPORTED);
    if (status) return;
    fuzz_require(fgo_graph_read(path, &o, &again) == FGO_OK);
    fuzz_require(fgo_graph_variable_count(again) == fgo_graph_variable_count(g));
    fuzz_require(fgo_graph_factor_count(again) == fgo_graph_factor_count(g));
    fgo_graph_free(again);
}

static void read_once(const char *text, size_t size, const fgo_read_options *o)
{
    fgo_graph *g = NULL;
    fgo_file_report report;
    size_t lines = 0, count;
    double cost;
    const fgo_status status = fgo_graph_read_memory(text, size, "input", o, &g);
    if (status) {
        fuzz_require(!g && fgo_last_message()[0]);
        return;
    }
    fuzz_require(fgo_graph_file_report(g, &report) == FGO_OK);
    for (size_t i = 0; fgo_graph_file_tag(g, i, &count); i++) lines += count;
    fuzz_require(lines <= report.lines && report.bytes <= size);
    fgo_graph_cost(g, &cost);
    if (!o->lenient && !o->merge_equivalent) {
        if (is_complete(&report)) check_unchanged(g, text, size);
        /* of a file read in one format the lines of the other are kept, and mean something when all tags are known */
        static const fgo_format formats[] = { FGO_FORMAT_AUTO, FGO_FORMAT_G2O, FGO_FORMAT_TORO, FGO_FORMAT_CSV };
        for (size_t i = 0; o->format == FGO_FORMAT_AUTO && i < sizeof formats / sizeof *formats; i++)
            check_written(g, formats[i]);
    }
    fgo_graph_free(g);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    enum { SIZE = sizeof(fgo_read_options) };
    static const fgo_read_options ways[] = {
        { SIZE, .format = FGO_FORMAT_AUTO },
        { SIZE, .convention = FGO_CONVENTION_LOG, .project_information = 1, .lenient = 1 },
        { SIZE, .format = FGO_FORMAT_TORO, .project_information = 1, .merge_equivalent = 1 },
        { SIZE, .format = FGO_FORMAT_G2O, .project_information = 1 },
        { SIZE, .convention = FGO_CONVENTION_CERES,
          .weights = { FGO_WEIGHTS_EULER, FGO_WEIGHTS_COVARIANCE, FGO_WEIGHTS_TORO_ORDER } },
    };
    char *text = fuzz_text(data, size);
    if (!path[0]) snprintf(path, sizeof path, "/dev/shm/fgopt-fuzz-%ld", (long)getpid());
    for (size_t i = 0; i < sizeof ways / sizeof *ways; i++) read_once(text, size, &ways[i]);
    unlink(path);
    free(text);
    return 0;
}
