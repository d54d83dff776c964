/* SPDX-License-Identifier: BSD-3-Clause */
/* test_io_write.c -- what is written: the lines that were read, as far as they still hold, then what was added. */
#include "io_fixture.h"

#define V01 "VERTEX_SE2 0 0.0 0.00 7.0\nVERTEX_SE2 1 1 0 0\n"
#define E01 "EDGE_SE2 0 1 1.10 0 7.0 1 0 0 1 0 1.0\n"
#define W01 "VERTEX_SE3:QUAT 0 0 0 0 0 0 0 2.0\nVERTEX_SE3:QUAT 1 1 0 0 0 0 0 1\n"
#define I6  " 1 0 0 0 0 0 1 0 0 0 0 1 0 0 0 1 0 0 1 0 1"

static void test_unchanged_is_byte_for_byte(void **state)
{
    (void)state;
    assert_unchanged(V01 E01);
    assert_unchanged(V01 "EDGE_SE2 0 1 1.10 0 7.0 1 0 0 1 0 1.0"); /* no newline at the end */
    assert_unchanged("\xEF\xBB\xBF# head\r\n" V01 "\r\n\t\n  \nUNKNOWN \xC3\xA4 1 2\n" E01 "FIX 0 1 # two\nFIX 1\n");
    assert_unchanged(W01 "EDGE_SE3:QUAT 0 1 01 2 3 0 0 0 -3" I6 " # behind\n");
    assert_unchanged("VERTEX3 0 1 2 3 7 8 9\nVERTEX3 1 0 0 0 0 -0 0\nEDGE3 1 0 1 2 3 4 5 6\nEQUIV 1 0\n");
    assert_unchanged("VERTEX2 0 1 2 3\nVERTEX_SE2 1 1 2 3\nEDGE2 0 1 1 2 3 1 .1 2 3 .2 .3\n" E01); /* both formats */
}

static void test_changed_vertices(void **state)
{
    (void)state;
    fgo_graph *g = read_good("#head\r\n  VERTEX_SE2\t5  5 5 5 # here\r\n" V01 E01);
    assert_int_equal(fgo_graph_set_value(g, 5, (double[]){ 1.0 / 3.0, -1e-7, 0, 1 }), FGO_OK);
    assert_written(g, FGO_FORMAT_AUTO, "#head\r\nVERTEX_SE2 5 0.3333333333333333 -1e-07 1.5707963267948966 # here\r\n" V01 E01);
    fgo_graph_free(g);
    g = read_good(W01);
    assert_int_equal(fgo_graph_set_value(g, 1, (double[]){ 1, 2, 1e300, 0.6, 0, 0, -0.8 }), FGO_OK);
    assert_written(g, FGO_FORMAT_AUTO, "VERTEX_SE3:QUAT 0 0 0 0 0 0 0 2.0\nVERTEX_SE3:QUAT 1 1 2 1e+300 0.6 0 0 -0.8\n");
    fgo_graph_free(g);
}

static void test_changed_edges(void **state)
{
    const fgo_se2 z = fgo_se2_from_angle(2, 3, 0);
    const double Omega[9] = { 4, 0, 1, 0, 9, 0, 1, 0, 16 };
    (void)state;
    fgo_graph *g = read_good(V01 "EDGE_SE2 0 1 1.10 0 7.0 1 0 0 1 0 1.0 # a\n" E01 E01);
    assert_int_equal(fgo_graph_set_measurement(g, 0, &z), FGO_OK);
    assert_int_equal(fgo_graph_set_noise(g, 1, fgo_noise_sigma(0.5)), FGO_OK);
    assert_written(g, FGO_FORMAT_AUTO, V01 "EDGE_SE2 0 1 2 3 0 1 0 0 1 0 1 # a\nEDGE_SE2 0 1 1.1 0 7 4 0 0 4 0 4\n" E01);
    fgo_graph_free(g);
    g = read_good("VERTEX2 0 0 0 0\nVERTEX2 1 0 0 0\nEDGE2 0 1 0.50 0 0 1 0 1 1 0 0\n");
    assert_int_equal(fgo_graph_set_noise(g, 0, fgo_noise_information(Omega)), FGO_OK);
    assert_written(g, FGO_FORMAT_AUTO, "VERTEX2 0 0 0 0\nVERTEX2 1 0 0 0\nEDGE2 0 1 0.5 0 0 4 0 9 16 1 0\n");
    fgo_graph_free(g);
    g = read_good("VERTEX3 0 0 0 0 0 0 0\nVERTEX3 1 0 0 0 0 0 0\nEDGE3 0 1 1 0 0 0 0 0\n"); /* identity, not written */
    assert_int_equal(fgo_graph_set_noise(g, 0, fgo_noise_sigma(0.5)), FGO_OK);
    assert_written(g, FGO_FORMAT_AUTO,
                   "VERTEX3 0 0 0 0 0 0 0\nVERTEX3 1 0 0 0 0 0 0\n"
                   "EDGE3 0 1 1 0 0 0 0 0 4 0 0 0 0 0 4 0 0 0 0 4 0 0 0 4 0 0 4 0 4\n");
    fgo_graph_free(g);
}

/* The file's matrix is kept, not its projection: what did not change stands as it stood. */
static void test_projected_information_is_not_written(void **state)
{
    const char *text = V01 "EDGE_SE2 0 1 1.10 0 7.0 1 0 0 -1 0 1.0\n";
    fgo_read_options o = fgo_read_options_default();
    o.project_information = 1;
    (void)state;
    fgo_graph *g = read_good_with(text, &o);
    assert_written(g, FGO_FORMAT_AUTO, text);
    fgo_graph_free(g);
}

static void test_additions_follow(void **state)
{
    const fgo_se2 z = fgo_se2_from_angle(1, 2, 0);
    (void)state;
    fgo_graph *g = read_good(V01 "EDGE_SE2 0 1 1.10 0 7.0 1 0 0 1 0 1.0");
    assert_int_equal(fgo_graph_add_se2(g, -9, 0.5, 0, 0), FGO_OK);
    assert_int_equal(
        fgo_graph_add_factor(g, &fgo_between_se2_log, (int64_t[]){ 1, -9 }, &z, fgo_noise_sigma(0.1), fgo_loss_huber(1)), FGO_OK);
    assert_int_equal(fgo_graph_hold(g, 1), FGO_OK);
    assert_written(g, FGO_FORMAT_AUTO, V01 E01 "VERTEX_SE2 -9 0.5 0 0\nFIX 1\nEDGE_SE2 1 -9 1 2 0 100 0 0 100 0 100\n");
    fgo_graph_free(g);
    g = read_good("# x\r\n"
                  "VERTEX_SE2 0 0 0 0\r\n");
    assert_int_equal(fgo_graph_add_se2(g, 1, 0, 0, 0), FGO_OK);
    assert_written(g, FGO_FORMAT_AUTO, "# x\r\nVERTEX_SE2 0 0 0 0\r\nVERTEX_SE2 1 0 0 0\r\n");
    fgo_graph_free(g);
}

static void test_a_graph_made_by_program(void **state)
{
    const fgo_se3 z = { { 1, 2, 3 }, { 0, 0, 0, 1 } };
    const double t[3] = { 1, 0, 0 }, q[4] = { 0, 0, 0, 1 };
    fgo_graph *g;
    (void)state;
    assert_int_equal(fgo_graph_create(&g), FGO_OK);
    assert_written(g, FGO_FORMAT_AUTO, "");
    assert_int_equal(fgo_graph_add_se3(g, 7, t, q), FGO_OK);
    assert_int_equal(fgo_graph_add_se3(g, 3, t, q), FGO_OK);
    assert_int_equal(fgo_graph_add_factor(g, &fgo_between_se3, (int64_t[]){ 7, 3 }, &z, fgo_noise_unit(), fgo_loss_none()),
                     FGO_OK);
    assert_int_equal(fgo_graph_hold(g, 7), FGO_OK);
    assert_written(g, FGO_FORMAT_AUTO,
                   "VERTEX_SE3:QUAT 7 1 0 0 0 0 0 1\nVERTEX_SE3:QUAT 3 1 0 0 0 0 0 1\nFIX 7\n"
                   "EDGE_SE3:QUAT 7 3 1 2 3 0 0 0 1" I6 "\n");
    char *path = scratch_path("x.graph"); /* by its ending: TORO, which cannot say FIX */
    assert_int_equal(fgo_graph_write(g, path, FGO_FORMAT_AUTO), FGO_OK);
    char *text = slurp(path, NULL);
    assert_string_equal(text, "VERTEX3 7 1 0 0 0 0 0\nVERTEX3 3 1 0 0 0 0 0\n# FIX 7\nEDGE3 7 3 1 2 3 0 0 0" I6 "\n");
    free(text);
    remove_scratch(path);
    fgo_graph_free(g);
}

static void test_edges_only(void **state)
{
    const char *edges = "# CSAIL\nEDGE_SE2 5 -3 1 0 0 1 0 0 1 0 1\nEDGE_SE2 -3 4 2 0 0 1 0 0 1 0 1\n";
    char expected[512];
    (void)state;
    fgo_graph *g = read_good(edges);
    for (int i = 0; i < 3; i++)
        assert_int_equal(fgo_graph_set_value(g, (int64_t[]){ 5, -3, 4 }[i], (double[]){ i, 0, 1, 0 }), FGO_OK);
    snprintf(expected, sizeof expected, "VERTEX_SE2 -3 1 0 0\nVERTEX_SE2 4 2 0 0\nVERTEX_SE2 5 0 0 0\n%s", edges);
    assert_written(g, FGO_FORMAT_AUTO, expected);
    fgo_graph_free(g);
}

static void test_fix_lines_follow_what_is_held(void **state)
{
    (void)state;
    fgo_graph *g = read_good(V01 "VERTEX_SE2 2 0 0 0\nFIX 0  1 # both\n");
    assert_int_equal(fgo_graph_release(g, 0), FGO_OK);
    assert_int_equal(fgo_graph_hold(g, 2), FGO_OK);
    assert_written(g, FGO_FORMAT_AUTO, V01 "VERTEX_SE2 2 0 0 0\nFIX 1\nFIX 2\n");
    assert_int_equal(fgo_graph_hold(g, 0), FGO_OK);
    assert_int_equal(fgo_graph_release(g, 2), FGO_OK);
    assert_written(g, FGO_FORMAT_AUTO, V01 "VERTEX_SE2 2 0 0 0\nFIX 0  1 # both\n");
    fgo_graph_free(g);
}

static void test_g2o_to_toro(void **state)
{
    (void)state;
    fgo_graph *g = read_good("# head\nPARAMS 1\n" V01 "EDGE_SE2 0 1 1.10 0 7.0 11 1.2 1.3 22 2.3 33 # a\nFIX 0 # held\n");
    assert_written(g, FGO_FORMAT_TORO,
                   "# head\n# PARAMS 1\nVERTEX2 0 0 0 7\nVERTEX2 1 1 0 0\nEDGE2 0 1 1.1 0 7 11 1.2 22 33 1.3 2.3 # a\n"
                   "# FIX 0 # held\n");
    assert_written(g, FGO_FORMAT_G2O,
                   "# head\nPARAMS 1\n" V01 "EDGE_SE2 0 1 1.10 0 7.0 11 1.2 1.3 22 2.3 33 # a\nFIX 0 # held\n");
    fgo_graph_free(g);
    g = read_good(W01 "EDGE_SE3:QUAT 0 1 1 2 3 0 0 1 0 1 2 3 4 5 6 700 8 9 10 11 1200 13 14 15 1600 17 18 1900 20 2100\n");
    assert_written(g, FGO_FORMAT_TORO,
                   "VERTEX3 0 0 0 0 0 0 0\nVERTEX3 1 1 0 0 0 0 0\n"
                   "EDGE3 0 1 1 2 3 0 0 3.141592653589793 1 2 3 4 5 6 700 8 9 10 11 1200 13 14 15 1600 17 18 1900 20 2100\n");
    fgo_graph_free(g);
}

static void test_toro_to_g2o(void **state)
{
    (void)state;
    fgo_graph *g = read_good("VERTEX2 0 0 0 7.0\nVERTEX2 1 1 0 0\nEDGE2 1 0 1 0 7.0 11 1.2 22 33 1.3 2.3\nEQUIV 0 1\nLASER 1\n");
    assert_written(g, FGO_FORMAT_G2O,
                   "VERTEX_SE2 0 0 0 7\nVERTEX_SE2 1 1 0 0\nEDGE_SE2 1 0 1 0 7 11 1.2 1.3 22 2.3 33\n# EQUIV 0 1\n# LASER 1\n");
    fgo_graph_free(g);
    g = read_good("VERTEX3 0 1 2 3 0 0 0\nVERTEX3 1 0 0 0 0 0 0\nEDGE3 0 1 1 2 3 0 0 0\n"); /* g2o needs the identity */
    assert_written(g, FGO_FORMAT_G2O,
                   "VERTEX_SE3:QUAT 0 1 2 3 0 0 0 1\nVERTEX_SE3:QUAT 1 0 0 0 0 0 0 1\nEDGE_SE3:QUAT 0 1 1 2 3 0 0 0 1" I6 "\n");
    fgo_graph_free(g);
}

/* ---- what cannot be written ---- */

static void assert_refused(fgo_graph *g, fgo_format format, const char *message)
{
    char *path = scratch_path("kept.g2o");
    spill(path, "old content");
    assert_int_equal(fgo_graph_write(g, path, format), FGO_ERROR_UNSUPPORTED);
    assert_string_equal(fgo_last_message(), message);
    char *text = slurp(path, NULL);
    assert_string_equal(text, "old content");
    free(text);
    remove_scratch(path);
}

static void test_what_formats_cannot_say(void **state)
{
    const fgo_se2 z = fgo_se2_from_angle(0, 0, 0);
    (void)state;
    fgo_graph *g = read_good(V01 E01);
    assert_int_equal(fgo_graph_hold_dof(g, 1, 2), FGO_OK);
    assert_refused(g, FGO_FORMAT_AUTO, "variable 1 has 1 of its 3 degrees of freedom held, which g2o format cannot say");
    assert_int_equal(fgo_graph_release(g, 1), FGO_OK);
    assert_int_equal(fgo_graph_add_factor(g, &fgo_prior_se2, (int64_t[]){ 1 }, &z, fgo_noise_unit(), fgo_loss_none()), FGO_OK);
    assert_refused(g, FGO_FORMAT_TORO, "factor 1 of class prior_se2 cannot be written in toro format");
    fgo_graph_free(g);
    g = read_good(V01 E01);
    assert_int_equal(fgo_graph_add_rn(g, 8, 5, (double[]){ 1, 2, 3, 4, 5 }), FGO_OK);
    assert_refused(g, FGO_FORMAT_AUTO, "variable 8 of type R5 cannot be written in g2o format");
    assert_int_equal(fgo_graph_write(g, NULL, FGO_FORMAT_AUTO), FGO_ERROR_ARGUMENT);
    assert_int_equal(fgo_graph_write(NULL, "x", FGO_FORMAT_AUTO), FGO_ERROR_ARGUMENT);
    assert_int_equal(fgo_graph_write(g, "x", (fgo_format)9), FGO_ERROR_ARGUMENT);
    fgo_graph_free(g);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_unchanged_is_byte_for_byte),
        cmocka_unit_test(test_changed_vertices),
        cmocka_unit_test(test_changed_edges),
        cmocka_unit_test(test_projected_information_is_not_written),
        cmocka_unit_test(test_additions_follow),
        cmocka_unit_test(test_a_graph_made_by_program),
        cmocka_unit_test(test_edges_only),
        cmocka_unit_test(test_fix_lines_follow_what_is_held),
        cmocka_unit_test(test_g2o_to_toro),
        cmocka_unit_test(test_toro_to_g2o),
        cmocka_unit_test(test_what_formats_cannot_say),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
