/* SPDX-License-Identifier: BSD-3-Clause */
/* test_io_robust.c -- files damaged at random, seeded: reading them gives a graph or an error that names a place, and never
 * crashes; what was read can be written, and read again. The sanitizers do the judging. */
#include "io_fixture.h"

static const char g2o[] = "# a small file\n"
                          "VERTEX_SE2 0 0 0 0\nVERTEX_SE2 1 1.5 -0.25 0.125\nVERTEX_SE2 -3 2e0 1e-3 3.2\n"
                          "VERTEX_SE3:QUAT 10 1 2 3 0 0 0 1\nVERTEX_SE3:QUAT 11 1 2 3.5 0.1 0.2 0.3 0.9\n"
                          "EDGE_SE2 0 1 1 0 0 10 0 1 20 0 30 # comment\r\nEDGE_SE2 1 -3 1 0 0 10 0 0 20 0 30\n\n"
                          "FIX 0 10\nLASER 5 1 2\n"
                          "EDGE_SE3:QUAT 10 11 0 0 .5 0 0 0 1 2 0 0 0 0 0 2 0 0 0 0 2 0 0 0 2 0 0 2 0 2\n";

static const char toro[] = "VERTEX2 0 0 0 0\nVERTEX2 1 1.5 -0.25 0.125\nVERTEX3 10 1 2 3 0 0.1 0.2\n"
                           "VERTEX3 11 1 2 3 0 0 3.14159\nEDGE2 1 0 1 0 0 10 1 20 30 0 0\nEQUIV 0 1\n"
                           "EDGE3 11 10 1 2 3 0.1 0.2 0.3\n"
                           "EDGE3 10 11 1 2 3 0 0 0 2 0 0 0 0 0 2 0 0 0 0 2 0 0 0 2 0 0 2 0 2\n";

static const char edges_only[] = "EDGE_SE2 0 1 1 0 0 10 0 1 20 0 30\nEDGE_SE2 1 2 1 0 0 10 0 0 20 0 30\n"
                                 "EDGE_SE2 2 0 1 0 0 10 0 0 20 0 30\nFIX 0\n";

static const char table[] = "tag,id,id2,time,note,x,y,z,theta,qx,qy,qz,qw,i11,i12,i13,i22,i23,i33\n# a comment\n"
                            "VERTEX_SE2,0,,0.5,\"a, b\",0,0,,0,,,,,,,,,,\nVERTEX_SE2,1,,1e9,,1.5,-.25,,3.2,,,,,,,,,,\r\n"
                            "VERTEX_SE3:QUAT,10,,,,1,2,3,,0,0,0,1,,,,,,\nVERTEX_SE3:QUAT,11,,,,1,2,3,,0,0.6,0,2,,,,,,\n"
                            "EDGE_SE2,0,1,,,1,0,,0,,,,,10,0,1,20,0,30\nEDGE_SE2,1,0,,,1,0,,0,,,,,,,,,,\n"
                            "EDGE_SE3:QUAT,10,11,,,0,0,.5,,0,0,0,1,,,,,,\n\nFIX,0,,,,,,,,,,,,,,,,,\nLASER,,,,,,,,,,,,,,,,,,\n";

static const char tum[] = "# time x y z qx qy qz qw\n1305031102.175304 1 2 3 0 0 0 1\n1305031103 -1 2e0 3 .6 0 0 .8 # x\r\n"
                          "1305031104.25 1 2 3 0 0 0 1\n";

static size_t random_below(rng *seed, size_t n) { return (size_t)rng_below(seed, (int)n); }

/* Replaces, deletes, inserts or doubles something, or cuts the end off. Returns the new size. */
static size_t damage(char *text, size_t size, size_t capacity, rng *seed)
{
    static const char likely[] = "0123456789+-.eE #\t\n\r,_:AVEDGE\0\xFF\x80nai";
    size_t at = random_below(seed, size), length = 1 + random_below(seed, 12);
    if (length > size - at) length = size - at;
    switch (random_below(seed, 6)) {
    case 0: text[at] = (char)random_below(seed, 256); return size;
    case 1: text[at] = likely[random_below(seed, sizeof likely - 1)]; return size;
    case 2: memmove(text + at, text + at + length, size - at - length); return size - length;
    case 3: return at;
    case 4: memmove(text + random_below(seed, size - length + 1), text + at, length); return size;
    default:
        if (size + length > capacity) return size;
        memmove(text + at + length, text + at, size - at);
        return size + length;
    }
}

static void write_and_read_again(fgo_graph *g, const char *path, fgo_format format)
{
    fgo_graph *again = NULL;
    assert_int_equal(fgo_graph_write(g, path, format), FGO_OK);
    fgo_read_options o = fgo_read_options_default();
    o.project_information = 1;
    if (fgo_graph_read(path, &o, &again)) fail_msg("%s", fgo_last_message());
    assert_int_equal(fgo_graph_factor_count(again), fgo_graph_factor_count(g));
    assert_int_equal(fgo_graph_variable_count(again), fgo_graph_variable_count(g));
    fgo_graph_free(again);
}

static void try_damaged(const char *text, size_t size, rng *seed, int rounds)
{
    enum { CAPACITY = 2048 };
    static const fgo_format formats[] = { FGO_FORMAT_AUTO, FGO_FORMAT_G2O, FGO_FORMAT_TORO, FGO_FORMAT_CSV };
    char *path = scratch_path("damaged");
    int read = 0, refused = 0;
    assert_true(size < CAPACITY);
    for (int i = 0; i < rounds; i++) {
        char *copy = malloc(CAPACITY); /* on the heap and of the exact size below, so that reading past it is noticed */
        size_t now = size;
        assert_non_null(copy);
        memcpy(copy, text, size);
        for (size_t times = 1 + random_below(seed, 3); times > 0 && now > 0; times--) now = damage(copy, now, CAPACITY, seed);
        char *exact = malloc(now ? now : 1);
        assert_non_null(exact);
        memcpy(exact, copy, now);
        fgo_read_options o = fgo_read_options_default();
        o.project_information = (int)random_below(seed, 2);
        o.convention = (int)random_below(seed, 2);
        fgo_graph *g = NULL;
        fgo_status status = fgo_graph_read_memory(exact, now, "damaged", &o, &g);
        if (status == FGO_OK) {
            read++;
            if (read % 8 == 0) write_and_read_again(g, path, formats[random_below(seed, 4)]); /* flushes a disk */
            fgo_graph_free(g);
        } else {
            unsigned long line, column;
            refused++;
            assert_int_equal(status, FGO_ERROR_PARSE);
            if (sscanf(fgo_last_message(), "damaged:%lu:%lu: ", &line, &column) != 2 || !line || !column)
                fail_msg("%s", fgo_last_message());
        }
        free(exact);
        free(copy);
    }
    assert_true(read > rounds / 20 && refused > rounds / 20); /* the damage is neither total nor harmless */
    remove_scratch(path);
}

static void test_damaged_g2o(void **state)
{
    rng seed = { 6 };
    (void)state;
    try_damaged(g2o, sizeof g2o - 1, &seed, 2000);
}

static void test_damaged_toro(void **state)
{
    rng seed = { 7 };
    (void)state;
    try_damaged(toro, sizeof toro - 1, &seed, 2000);
}

static void test_damaged_edges_only(void **state)
{
    rng seed = { 8 };
    (void)state;
    try_damaged(edges_only, sizeof edges_only - 1, &seed, 1000);
}

static void test_damaged_tables(void **state)
{
    rng seed = { 10 };
    (void)state;
    try_damaged(table, sizeof table - 1, &seed, 2000);
    try_damaged(tum, sizeof tum - 1, &seed, 1000);
}

static void test_random_bytes(void **state)
{
    rng seed = { 9 };
    char noise[256];
    fgo_graph *g = NULL;
    (void)state;
    for (int i = 0; i < 2000; i++) {
        size_t size = random_below(&seed, sizeof noise);
        for (size_t k = 0; k < size; k++) noise[k] = (char)random_below(&seed, 256);
        assert_int_equal(fgo_graph_read_memory(noise, size, "noise", NULL, &g), FGO_ERROR_PARSE);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_damaged_g2o),    cmocka_unit_test(test_damaged_toro), cmocka_unit_test(test_damaged_edges_only),
        cmocka_unit_test(test_damaged_tables), cmocka_unit_test(test_random_bytes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
