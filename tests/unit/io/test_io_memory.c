/* SPDX-License-Identifier: BSD-3-Clause */
/* test_io_memory.c -- every allocation of reading and writing fails once: FGO_ERROR_MEMORY comes back, nothing leaks, and the
 * graph that was to be written is still good. The allocator of the library is replaced by the one here, at link time. */
#include "base/memory.h"
#include "io_fixture.h"

static size_t made, failing = SIZE_MAX;

void *fgoi_alloc(size_t count, size_t size) { return made++ == failing ? NULL : calloc(count ? count : 1, size ? size : 1); }

/* Grows to just what is needed, so that each growing is a chance to fail. */
int fgoi_grow(void *array, size_t *capacity, size_t need, size_t size)
{
    void *old;
    if (need <= *capacity) return 0;
    memcpy(&old, array, sizeof old);
    void *grown = made++ == failing ? NULL : realloc(old, need * size);
    if (!grown) return -1;
    memcpy(array, &grown, sizeof grown);
    *capacity = need;
    return 0;
}

void fgoi_free(void *p) { free(p); }

size_t fgoi_allocation_count(void) { return made; }

static const char *const texts[] = {
    "VERTEX_SE2 0 0 0 0\nVERTEX_SE2 1 1 0 0\nOTHER 1\nEDGE_SE2 0 1 1 0 0 1 0 0 1 0 1\nFIX 0\n",
    "VERTEX3 0 0 0 0 0 0 0\nVERTEX3 1 0 0 0 0 0 0\nEDGE3 0 1 1 0 0 0 0 0\nEQUIV 0 1\n",
    "EDGE_SE2 0 1 1 0 0 1 0 0 1 0 1\nEDGE_SE2 1 2 1 0 0 1 0 0 1 0 1\n",
    ("tag,id,id2,time,x,y,theta,i11,i12,i13,i22,i23,i33\nVERTEX_SE2,0,,0.5,0,0,0,,,,,,\nVERTEX_SE2,1,,1.5,1,0,0,,,,,,\n"
     "FIX,0,,,,,,,,,,,\nEDGE_SE2,0,1,,1,0,0,1,0,0,1,0,1\n"),
    "0.5 1 2 3 0 0 0 1\n1.5 1 2 3 0 0 0 1\n",
};

static void test_reading(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        fgo_graph *g = NULL;
        size_t n = 0;
        for (;; n++) {
            made = 0;
            failing = n;
            fgo_status status = fgo_graph_read_memory(texts[i], strlen(texts[i]), "t", NULL, &g);
            failing = SIZE_MAX;
            if (status == FGO_OK) break;
            if (status != FGO_ERROR_MEMORY) fail_msg("allocation %zu: %d %s", n, (int)status, fgo_last_message());
            assert_null(g);
        }
        assert_true(n > 10);
        assert_written(g, FGO_FORMAT_AUTO,
                       i == 2 ? "VERTEX_SE2 0 0 0 0\nVERTEX_SE2 1 1 0 0\nVERTEX_SE2 2 2 0 0\n"
                                "EDGE_SE2 0 1 1 0 0 1 0 0 1 0 1\nEDGE_SE2 1 2 1 0 0 1 0 0 1 0 1\n"
                              : texts[i]);
        fgo_graph_free(g);
    }
}

static void write_with_failures(fgo_graph *g, fgo_format format)
{
    char *path = scratch_path("out");
    size_t n = 0;
    spill(path, "old");
    for (;; n++) {
        made = 0;
        failing = n;
        fgo_status status = fgo_graph_write(g, path, format);
        failing = SIZE_MAX;
        if (status == FGO_OK) break;
        assert_int_equal(status, FGO_ERROR_MEMORY);
        char *content = slurp(path, NULL);
        assert_string_equal(content, "old");
        free(content);
    }
    assert_true(n > 5);
    remove_scratch(path);
}

static void test_writing(void **state)
{
    static const fgo_format formats[] = { FGO_FORMAT_G2O, FGO_FORMAT_TUM, FGO_FORMAT_CSV };
    (void)state;
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        fgo_graph *g = read_good(texts[i]);
        for (size_t k = 0; k < sizeof formats / sizeof *formats; k++) write_with_failures(g, formats[k]);
        fgo_graph_free(g);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_reading),
        cmocka_unit_test(test_writing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
