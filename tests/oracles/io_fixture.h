/* SPDX-License-Identifier: BSD-3-Clause */
/* io_fixture.h -- what the tests of reading and writing share. */
#ifndef FGOPT_TESTS_IO_FIXTURE_H
#define FGOPT_TESTS_IO_FIXTURE_H
#include "support.h"
#include <unistd.h>

static inline fgo_graph *read_good_with(const char *text, const fgo_read_options *o)
{
    fgo_graph *g = NULL;
    fgo_status status = fgo_graph_read_memory(text, strlen(text), "test", o, &g);
    if (status) fail_msg("%s", fgo_last_message());
    return g;
}

static inline fgo_graph *read_good(const char *text) { return read_good_with(text, NULL); }

/* A path in a new directory; remove_scratch takes both away. */
static inline char *scratch_path(const char *name)
{
    const char *base = getenv("TMPDIR");
    char directory[256], *path = malloc(512);
    snprintf(directory, sizeof directory, "%s/fgopt-test-XXXXXX", base && strlen(base) < 200 ? base : "/tmp");
    assert_non_null(path);
    assert_non_null(mkdtemp(directory));
    snprintf(path, 512, "%s/%s", directory, name);
    return path;
}

/* Fails if there is anything in the directory but the file itself. */
static inline void remove_scratch(char *path)
{
    unlink(path);
    *strrchr(path, '/') = '\0';
    assert_int_equal(rmdir(path), 0);
    free(path);
}

/* The content of a file with a NUL behind it. */
static inline char *slurp(const char *path, size_t *size)
{
    FILE *file = fopen(path, "rb");
    if (!file) fail_msg("%s cannot be opened", path);
    char *text = NULL;
    size_t used = 0, got;
    do {
        text = realloc(text, used + 65537);
        assert_non_null(text);
        got = fread(text + used, 1, 65536, file);
        used += got;
    } while (got > 0);
    fclose(file);
    text[used] = '\0';
    if (size) *size = used;
    return text;
}

static inline void spill(const char *path, const char *text)
{
    FILE *file = fopen(path, "wb");
    assert_non_null(file);
    assert_int_equal(fwrite(text, 1, strlen(text), file), strlen(text));
    assert_int_equal(fclose(file), 0);
}

/* What writing the graph gives. */
static inline char *written(fgo_graph *g, fgo_format format)
{
    char *path = scratch_path("out");
    fgo_status status = fgo_graph_write(g, path, format);
    if (status) fail_msg("%s", fgo_last_message());
    char *text = slurp(path, NULL);
    remove_scratch(path);
    return text;
}

static inline void assert_written(fgo_graph *g, fgo_format format, const char *expected)
{
    char *text = written(g, format);
    assert_string_equal(text, expected);
    free(text);
}

/* Reading and writing without a change. */
static inline void assert_unchanged(const char *text)
{
    fgo_graph *g = read_good(text);
    assert_written(g, FGO_FORMAT_AUTO, text);
    fgo_graph_free(g);
}
#endif
