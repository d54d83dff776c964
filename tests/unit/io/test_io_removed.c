/* SPDX-License-Identifier: BSD-3-Clause */
/* test_io_removed.c -- elements know the line that they came from, and files are written without the lines of what is gone. */
#include "io_fixture.h"
#include <fgopt/arrays.h>

static const char text[] = "# a comment\n"
                           "VERTEX_SE2 0 0 0 0\n"
                           "VERTEX_SE2 1 1 0 0\n"
                           "VERTEX_SE2 2 2 0 0   # with a remark\n"
                           "UNKNOWN 1 2 3\n"
                           "FIX 0\n"
                           "EDGE_SE2 0 1 1 0 0 1 0 0 1 0 1\n"
                           "EDGE_SE2 1 2 1 0 0 1 0 0 1 0 1\n"
                           "EDGE_SE2 0 2 2 0 0 1 0 0 1 0 1\n";

static void test_lines(UNUSED_STATE)
{
    (void)state;
    fgo_graph *g = read_good(text), *copy = NULL;
    for (size_t f = 0; f < 3; f++) assert_int_equal(fgo_graph_factor_line(g, f), 7 + f);
    for (size_t v = 0; v < 3; v++) assert_int_equal(fgo_graph_variable_line(g, v), 2 + v);
    assert_ok(fgo_graph_add_se2(g, 9, 1, 2, 3));
    assert_ok(fgo_graph_add_factor(g, &fgo_between_se2, (int64_t[]){ 0, 9 }, &(fgo_se2){ 1, 0, 1, 0 }, fgo_noise_unit(),
                                   fgo_loss_none()));
    assert_int_equal(fgo_graph_factor_line(g, 3), 0);
    assert_int_equal(fgo_graph_variable_line(g, 3), 0);
    assert_int_equal(fgo_graph_factor_line(g, 4), 0);
    assert_int_equal(fgo_graph_factor_line(NULL, 0), 0);
    assert_ok(fgo_graph_remove_variable(g, 0));
    assert_ok(fgo_graph_copy(g, &copy));
    for (fgo_graph *one = g; one; one = one == g ? copy : NULL) {
        assert_int_equal(fgo_graph_variable_line(one, 0), 3);
        assert_int_equal(fgo_graph_variable_line(one, 2), 0);
        assert_int_equal(fgo_graph_factor_line(one, 0), 0); /* removed with the variable */
        assert_int_equal(fgo_graph_factor_line(one, 1), 8);
    }
    assert_ok(fgo_graph_compact(g));
    assert_int_equal(fgo_graph_factor_count(g), 1);
    assert_int_equal(fgo_graph_factor_line(g, 0), 8);
    fgo_graph_free(g);
    fgo_graph_free(copy);
}

static void test_files_lose_the_lines_of_what_is_gone(UNUSED_STATE)
{
    (void)state;
    fgo_graph *g = read_good(text), *before = NULL;
    assert_ok(fgo_graph_copy(g, &before));
    assert_ok(fgo_graph_remove_factor(g, 1));
    static const char without_edge[] = "# a comment\n"
                                       "VERTEX_SE2 0 0 0 0\n"
                                       "VERTEX_SE2 1 1 0 0\n"
                                       "VERTEX_SE2 2 2 0 0   # with a remark\n"
                                       "UNKNOWN 1 2 3\n"
                                       "FIX 0\n"
                                       "EDGE_SE2 0 1 1 0 0 1 0 0 1 0 1\n"
                                       "EDGE_SE2 0 2 2 0 0 1 0 0 1 0 1\n";
    assert_written(g, FGO_FORMAT_G2O, without_edge);
    assert_ok(fgo_graph_compact(g)); /* numbers change, the file does not */
    assert_written(g, FGO_FORMAT_G2O, without_edge);
    assert_ok(fgo_graph_remove_variable(g, 0));
    assert_ok(fgo_graph_set_value(g, 2, (double[]){ 2, 0.5, 1, 0 }));
    assert_written(g, FGO_FORMAT_G2O,
                   "# a comment\n"
                   "VERTEX_SE2 1 1 0 0\n"
                   "VERTEX_SE2 2 2 0.5 0 # with a remark\n"
                   "UNKNOWN 1 2 3\n");
    assert_written(before, FGO_FORMAT_G2O, text); /* copies share the text and nothing else */
    fgo_graph_free(g);
    fgo_graph_free(before);
}

/* Removing and adding until no line stands for anything any more. */
static void test_files_of_other_elements(UNUSED_STATE)
{
    (void)state;
    fgo_graph *g = read_good("VERTEX_SE2 0 0 0 0\nVERTEX_SE2 1 1 0 0\nEDGE_SE2 0 1 1 0 0 1 0 0 1 0 1\n");
    assert_ok(fgo_graph_remove_variable(g, 0));
    assert_ok(fgo_graph_add_se2(g, 0, 5, 6, 0));
    assert_ok(fgo_graph_remove_variable(g, 1));
    assert_ok(fgo_graph_add_se2(g, 7, 8, 9, 0));
    assert_ok(fgo_graph_add_factor(g, &fgo_between_se2, (int64_t[]){ 0, 7 }, &(fgo_se2){ 1, 0, 1, 0 }, fgo_noise_unit(),
                                   fgo_loss_none()));
    assert_written(g, FGO_FORMAT_G2O, "VERTEX_SE2 0 5 6 0\nVERTEX_SE2 7 8 9 0\nEDGE_SE2 0 7 1 0 0 1 0 0 1 0 1\n");
    fgo_graph_free(g);
}

/* A trajectory with as many poses as the file had, which are others. */
static void test_trajectories(UNUSED_STATE)
{
    (void)state;
    fgo_graph *g = read_good("# time x y z q\n1 1 2 3 0 0 0.6 0.8\n2 1 2 3 0 0 0 1\n");
    assert_ok(fgo_graph_remove_variable(g, 0));
    assert_ok(fgo_graph_add_se3(g, 9, (double[]){ 4, 5, 6 }, (double[]){ 0, 0, 0, 1 }));
    assert_ok(fgo_graph_set_time(g, 9, 3));
    char *out = written(g, FGO_FORMAT_TUM);
    assert_non_null(strstr(out, "2 1 2 3 0 0 0 1\n"));
    assert_non_null(strstr(out, "3 4 5 6 0 0 0 1\n"));
    assert_null(strstr(out, "0.6"));
    free(out);
    fgo_graph_free(g);
}

/* Both names of a merged vertex go with it; the other one's line of EQUIV does not, which would name nobody. */
static void test_merged_vertices(UNUSED_STATE)
{
    (void)state;
    static const char merged[] = "VERTEX2 0 0 0 0\nVERTEX2 1 1 0 0\nVERTEX2 2 1 0 0\nVERTEX2 3 2 0 0\n"
                                 "EDGE2 1 0 1 0 0 1 0 1 1 0 0\nEDGE2 3 2 1 0 0 1 0 1 1 0 0\nEQUIV 1 2\n";
    fgo_read_options o = fgo_read_options_default();
    o.merge_equivalent = 1;
    fgo_graph *g = read_good_with(merged, &o);
    assert_int_equal(fgo_graph_variable_count(g), 3);
    assert_ok(fgo_graph_remove_variable(g, 0));
    size_t one = 0, two = 1;
    assert_ok(fgo_graph_find(g, 1, &one));
    assert_ok(fgo_graph_find(g, 2, &two)); /* the alias moved with its variable */
    assert_int_equal(one, two);
    assert_written(g, FGO_FORMAT_TORO,
                   "VERTEX2 1 1 0 0\nVERTEX2 2 1 0 0\nVERTEX2 3 2 0 0\nEDGE2 3 2 1 0 0 1 0 1 1 0 0\nEQUIV 1 2\n");
    assert_ok(fgo_graph_remove_variable(g, 2));
    assert_int_equal(fgo_graph_find(g, 1, NULL), FGO_ERROR_KEY);
    assert_written(g, FGO_FORMAT_TORO, "VERTEX2 3 2 0 0\n");
    fgo_graph_free(g);
}

/* An edge between merged vertices is a line of the file only. It goes with their variable, and neither it nor EQUIV comes back when
 * the keys do. */
static void test_edges_of_merged_vertices(UNUSED_STATE)
{
    (void)state;
    static const char merged[] = "VERTEX2 0 0 0 0\nVERTEX2 1 1 0 0\nVERTEX2 2 1 0 0\n"
                                 "EDGE2 1 0 1 0 0 1 0 1 1 0 0\nEDGE2 2 1 0 0 0 1 0 1 1 0 0\nEQUIV 1 2\n";
    fgo_read_options o = fgo_read_options_default();
    o.merge_equivalent = 1;
    fgo_graph *g = read_good_with(merged, &o);
    assert_written(g, FGO_FORMAT_TORO, merged);
    assert_ok(fgo_graph_remove_variable(g, 1));
    assert_written(g, FGO_FORMAT_TORO, "VERTEX2 0 0 0 0\n");
    assert_ok(fgo_graph_add_se2(g, 1, 3, 4, 0));
    assert_ok(fgo_graph_add_se2(g, 2, 5, 6, 0));
    assert_written(g, FGO_FORMAT_TORO, "VERTEX2 0 0 0 0\nVERTEX2 1 3 4 0\nVERTEX2 2 5 6 0\n");
    fgo_graph_free(g);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_lines),
        cmocka_unit_test(test_files_lose_the_lines_of_what_is_gone),
        cmocka_unit_test(test_files_of_other_elements),
        cmocka_unit_test(test_trajectories),
        cmocka_unit_test(test_merged_vertices),
        cmocka_unit_test(test_edges_of_merged_vertices),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
