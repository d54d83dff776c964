/* SPDX-License-Identifier: BSD-3-Clause */
/* fuzz_window.c -- any bytes as a file that is left where it is and read through a window of 1 to 256 bytes, as the
 * first byte says: in every respect like the same text in memory. Failures have the same message; the graphs are equal;
 * changed alike, they are written alike; the doctor finds the same. */
#include "fuzz.h"
#include "io/read/reader.h"
#include <fgopt/fgopt.h>
#include <unistd.h>

static char path[64], copy[64];

static void spill(const char *text, size_t size)
{
    FILE *file = fopen(path, "wb");
    fuzz_require(file && fwrite(text, 1, size, file) == size && fclose(file) == 0);
}

/* What either graph writes over the first `copy`, to be freed; NULL if it cannot be had in that format. */
static char *written(fgo_graph *g, fgo_format format, size_t *size)
{
    const fgo_status status = fgo_graph_write(g, copy, format);
    fuzz_require(status == FGO_OK || status == FGO_ERROR_UNSUPPORTED);
    *size = 0;
    if (status) return NULL;
    FILE *file = fopen(copy, "rb");
    fuzz_require(file && fseek(file, 0, SEEK_END) == 0);
    *size = (size_t)ftell(file);
    rewind(file);
    char *text = malloc(*size + 1);
    fuzz_require(text && fread(text, 1, *size, file) == *size);
    fclose(file);
    return text;
}

static void check_written(fgo_graph *kept, fgo_graph *left)
{
    static const fgo_format formats[] = { FGO_FORMAT_AUTO, FGO_FORMAT_G2O, FGO_FORMAT_TORO, FGO_FORMAT_CSV, FGO_FORMAT_TUM };
    for (size_t i = 0; i < sizeof formats / sizeof *formats; i++) {
        size_t a_size, b_size;
        char *a = written(kept, formats[i], &a_size), *b = written(left, formats[i], &b_size);
        fuzz_require(!a == !b && a_size == b_size && (!a || memcmp(a, b, a_size) == 0));
        free(a);
        free(b);
    }
}

static void check_values(const fgo_graph *kept, const fgo_graph *left)
{
    size_t size, other;
    const double *a = fgo_graph_values(kept, &size), *b = fgo_graph_values(left, &other);
    fuzz_require(size == other && (!size || memcmp(a, b, size * sizeof *a) == 0));
    fuzz_require(fgo_graph_variable_count(kept) == fgo_graph_variable_count(left));
    fuzz_require(fgo_graph_factor_count(kept) == fgo_graph_factor_count(left));
    fgo_file_report r = { 0 }, s = { 0 };
    fuzz_require(fgo_graph_file_report(kept, &r) == FGO_OK && fgo_graph_file_report(left, &s) == FGO_OK);
    fuzz_require(memcmp(&r, &s, sizeof r) == 0);
}

/* Every other variable goes where its neighbour is, if that is of its kind. */
static void move(fgo_graph *g)
{
    for (size_t v = 1; v < fgo_graph_variable_count(g); v += 2) {
        const int64_t to = fgo_graph_variable_key(g, v);
        if (fgo_graph_variable_manifold(g, v) != fgo_graph_variable_manifold(g, v - 1)) continue;
        double x[16];
        memcpy(x, fgo_graph_variable_value(g, v - 1), sizeof(double) * (size_t)fgo_graph_variable_manifold(g, v)->ambient);
        fuzz_require(fgo_graph_set_value(g, to, x) == FGO_OK);
    }
}

static void check_examined(fgo_graph *kept, fgo_graph *left)
{
    fgo_findings *a = NULL, *b = NULL;
    const fgo_status status = fgo_graph_examine(kept, FGO_DOCTOR_STRUCTURE, 0.01, &a);
    fuzz_require(fgo_graph_examine(left, FGO_DOCTOR_STRUCTURE, 0.01, &b) == status);
    if (status) return;
    fuzz_require(fgo_findings_count(a) == fgo_findings_count(b));
    for (size_t i = 0; i < fgo_findings_count(a); i++)
        fuzz_require(strcmp(fgo_findings_get(a, i)->evidence, fgo_findings_get(b, i)->evidence) == 0);
    fgo_findings_free(a);
    fgo_findings_free(b);
}

static void read_both(const char *text, size_t size, size_t window, const fgo_read_options *o)
{
    fgo_graph *kept = NULL, *left = NULL;
    char message[1024] = "";
    const fgo_status status = fgo_graph_read_memory(text, size, path, o, &kept);
    if (status) snprintf(message, sizeof message, "%s", fgo_last_message());
    fuzz_require(fgoi_graph_read(path, o, 0, window, &left) == status);
    if (status) {
        fuzz_require(strcmp(message, fgo_last_message()) == 0);
        return;
    }
    check_values(kept, left);
    check_written(kept, left);
    move(kept);
    move(left);
    check_written(kept, left);
    check_examined(kept, left);
    fgo_graph_free(kept);
    fgo_graph_free(left);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    enum { SIZE = sizeof(fgo_read_options) };
    static const fgo_read_options ways[] = {
        { SIZE, .format = FGO_FORMAT_AUTO },
        { SIZE, .convention = FGO_CONVENTION_LOG, .project_information = 1, .lenient = 1, .merge_equivalent = 1 },
    };
    if (size < 2) return 0; /* an empty file is never left where it is */
    if (!path[0]) {
        snprintf(path, sizeof path, "/dev/shm/fgopt-fuzz-%ld.in", (long)getpid());
        snprintf(copy, sizeof copy, "/dev/shm/fgopt-fuzz-%ld.out", (long)getpid());
    }
    char *text = fuzz_text(data + 1, size - 1);
    spill(text, size - 1);
    for (size_t i = 0; i < sizeof ways / sizeof *ways; i++) read_both(text, size - 1, (size_t)data[0] + 1, &ways[i]);
    unlink(path);
    unlink(copy);
    free(text);
    return 0;
}
