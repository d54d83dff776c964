/* SPDX-License-Identifier: BSD-3-Clause */
/* test_io_grammar.c -- the tags beyond poses and their edges: each means the factor that it should, comes back as it stood, is
 * written with what has changed, and is refused where it is wrong. */
#include "io_fixture.h"

#define I2 " 1 0 2"
#define I3 " 1 0 0 2 0 3"
#define I6 " 1 0 0 0 0 0 2 0 0 0 0 3 0 0 0 4 0 0 5 0 6"

static const char plane[] = "PARAMS_SE2OFFSET 3 0.5 0.25 0.75\n"
                            "VERTEX_SE2 0 1 2 0.5\nVERTEX_SE2 1 2 2.5 1\nVERTEX_XY 7 3 1\nVERTEX_XY 8 4 4\n"
                            "EDGE_SE2_XY 0 7 1.5 -1.5" I2 "\nEDGE_BEARING_SE2_XY 0 7 -1 4\nEDGE_PRIOR_SE2 0 1 2 0.25" I3
                            "\nEDGE_PRIOR_SE2_XY 1 2 2" I2 "\nEDGE_PRIOR_XY 8 4 4.5" I2 "\nEDGE_POINTXY 7 8 1 2" I2
                            "\nEDGE_SE2_OFFSET 0 1 3 3 1 0 0.25" I3 "\nEDGE_SE2_POINTXY_OFFSET 1 8 3 1 1" I2 "\n";
static const char space[] =
    "PARAMS_SE3OFFSET 0 0.1 0.2 0.3 0.5 0.5 0.5 0.5\n"
    "PARAMS_CAMERACALIB 1 0 0 0 0 0 0 1 500 400 320 240\n"
    "VERTEX_SE3:QUAT 0 0 0 0 0 0 0 1\nVERTEX_SE3:QUAT 1 1 0 0 0 0 0.6 0.8\n"
    "VERTEX_TRACKXYZ 5 1 2 4\nVERTEX_TRACKXYZ 6 0 1 5\n"
    "EDGE_SE3_PRIOR 0 0 0 0 0 0.5 0.5 0.5 0.5" I6 "\nEDGE_SE3_XYZ_PRIOR 1 0 1 0.5 0" I3
    "\nEDGE_SE3_OFFSET 0 1 0 1 1 0 0 0 0 0 1" I6 "\nEDGE_SE3_TRACKXYZ 0 5 0 1 2 3" I3 "\nEDGE_POINTXYZ 5 6 -1 -1 0.5" I3
    "\nEDGE_PROJECT_DEPTH 0 5 1 440 440 4.5" I3 "\nEDGE_PROJECT_DISPARITY 0 6 1 320 322 0.25" I3 "\n";

static void test_unchanged(UNUSED_STATE)
{
    (void)state;
    assert_unchanged(plane);
    assert_unchanged(space);
    assert_unchanged("VERTEX 0 0 0 0\nVERTEX 1 1 0 0\nVERTEX_XY 7 1 1\nEDGE 1 0 -1 0 0 11 1.2 22 33 1.3 2.3\n"
                     "ODOMETRY 0 1 1 0 0 1 0 0 2 0 3\nLANDMARK 0 7 1 1 1 0 2\nBR 0 7 0.78 1.4 0.1 0.2\nEDGE2 0 1 1 0 0\n");
}

static double chi2_of(fgo_graph *g, size_t f)
{
    double s;
    assert_ok(fgo_graph_chi2(g, f, &s));
    return s;
}

/* chi2 of every edge, worked out by hand from the definitions. */
static void test_meaning(UNUSED_STATE)
{
    fgo_graph *g = read_good(plane);
    const double c = cos(0.5), s = sin(0.5);
    const double px = c * 2 + s * -1, py = -s * 2 + c * -1; /* 7 seen from 0 */
    const double bearing = remainder(atan2(py, px) + 1, 6.283185307179586);
    (void)state;
    assert_int_equal(fgo_graph_factor_count(g), 8);
    assert_close(chi2_of(g, 0), pow(px - 1.5, 2) + 2 * pow(py + 1.5, 2), 1e-13);
    assert_close(chi2_of(g, 1), 4 * bearing * bearing, 1e-13);
    assert_close(chi2_of(g, 2), 3 * 0.25 * 0.25, 1e-13);
    assert_close(chi2_of(g, 3), 2 * 0.25, 1e-13);
    assert_close(chi2_of(g, 4), 2 * 0.25, 1e-13);
    assert_close(chi2_of(g, 5), 2, 1e-13);
    { /* sensors: position a + R(0.5) (0.5, 0.25), turned by 0.5 + 0.75 */
        const double ax = 1 + 0.5 * c - 0.25 * s, ay = 2 + 0.5 * s + 0.25 * c, at = 1.25;
        const double C = cos(1.0), S = sin(1.0);
        const double bx = 2 + 0.5 * C - 0.25 * S, by = 2.5 + 0.5 * S + 0.25 * C, bt = 1.75;
        const double dx = cos(at) * (bx - ax) + sin(at) * (by - ay) - 1, dy = cos(at) * (by - ay) - sin(at) * (bx - ax);
        const double zx = cos(0.25) * dx + sin(0.25) * dy, zy = cos(0.25) * dy - sin(0.25) * dx;
        assert_close(chi2_of(g, 6), zx * zx + 2 * zy * zy + 3 * pow(bt - at - 0.25, 2), 1e-13);
        const double lx = cos(bt) * (4 - bx) + sin(bt) * (4 - by), ly = cos(bt) * (4 - by) - sin(bt) * (4 - bx);
        assert_close(chi2_of(g, 7), pow(lx - 1, 2) + 2 * pow(ly - 1, 2), 1e-13);
    }
    fgo_graph_free(g);
}

static void test_meaning_in_space(UNUSED_STATE)
{
    fgo_graph *g = read_good(space);
    (void)state;
    /* delta = z^-1 (x o) with equal rotations R: t = R^-1 (0.1 0.2 0.3), R^-1 (x y z) = (y z x) */
    assert_close(chi2_of(g, 0), 0.04 + 2 * 0.09 + 3 * 0.01, 1e-13);
    assert_close(chi2_of(g, 1), 2 * 0.25, 1e-13); /* the sensor does not count */
    /* a o_a: t (0.1 0.2 0.3); b: t (1 0 0), half angle sine 0.6; t_b - t_a = (0.9 -0.2 -0.3), in a's sensor (-0.2 -0.3
     * 0.9) */
    {
        /* rotation of a's sensor to b: R^-1 Rz: quaternion conj(.5 .5 .5 .5) * (0 0 .6 .8) */
        const double w = 0.5 * 0.8 + 0.5 * 0.6, x = -0.5 * 0.8 - 0.5 * 0.6, y = -0.5 * 0.8 + 0.5 * 0.6,
                     z = -0.5 * 0.8 + 0.5 * 0.6;
        assert_true(w > 0);
        const double t = pow(-0.2 - 1, 2) + 2 * 0.09 + 3 * 0.81;
        assert_close(chi2_of(g, 2), t + 4 * x * x + 5 * y * y + 6 * z * z, 1e-13);
    }
    /* 5 in the sensor: R^-1 (0.9 1.8 3.7) = (1.8 3.7 0.9) */
    assert_close(chi2_of(g, 3), 0.64 + 2 * pow(1.7, 2) + 3 * pow(2.1, 2), 1e-13);
    assert_close(chi2_of(g, 4), 3 * 0.25, 1e-13);
    assert_close(chi2_of(g, 5), 25 + 0 + 3 * 0.25, 1e-12); /* 320 + 500 / 4 = 445, 240 + 400 * 2 / 4 = 440 */
    assert_close(chi2_of(g, 6), 0 + 2 * 4 + 3 * pow(0.2 - 0.25, 2), 1e-12);
    fgo_graph_free(g);
}

static void test_dialects(UNUSED_STATE)
{
    double Omega[9];
    fgo_file_report report;
    (void)state;
    fgo_graph *g = read_good("VERTEX 0 0 0 0\nVERTEX 1 1 0 0\nEDGE 0 1 1 0 0 11 1.2 22 33 1.3 2.3\n"
                             "ODOMETRY 0 1 1 0 0 1 2 3 4 5 6\nBR 0 7 1.5707963267948966 2 0.1 0.5\nLANDMARK 1 9 1 1 1 2 3\n"
                             "EDGE 0 1 1 0 0\nBR 1 7 2.0 2 0.1 0.5\n");
    assert_ok(fgo_graph_factor_information(g, 0, Omega));
    assert_close(Omega[1], 1.2, 1e-14);
    assert_close(Omega[4], 22, 1e-14);
    assert_close(Omega[5], 2.3, 1e-14);
    assert_ok(fgo_graph_factor_information(g, 1, Omega)); /* R' R */
    const double wanted[9] = { 1, 2, 3, 2, 20, 26, 3, 26, 70 };
    for (int i = 0; i < 9; i++) assert_close(Omega[i], wanted[i], 1e-13);
    assert_ok(fgo_graph_factor_information(g, 2, Omega));
    assert_true(fabs(Omega[0] - 100) < 1e-10 && Omega[1] == 0 && fabs(Omega[3] - 4) < 1e-12);
    fgo_graph_file_report(g, &report);
    assert_int_equal(report.implied, 2);
    assert_int_equal(report.without_information, 1);
    double p[2];
    assert_ok(fgo_graph_get_value(g, 7, p)); /* where the first line sees it */
    assert_true(fabs(p[0]) < 1e-15 && fabs(p[1] - 2) < 1e-15);
    assert_ok(fgo_graph_get_value(g, 9, p));
    assert_true(p[0] == 2 && p[1] == 1);
    char *text = written(g, FGO_FORMAT_AUTO);
    assert_non_null(strstr(text, "BR 1 7 2.0 2 0.1 0.5\nVERTEX_XY 7 "));
    free(text);
    fgo_graph_free(g);
}

/* A changed point, a changed bearing, and a new factor whose sensor needs a line. */
static void test_changes(UNUSED_STATE)
{
    (void)state;
    fgo_graph *g = read_good(space);
    fgo_landmark_se3_offset_measurement z = { { { 1, 2, 3 } }, { { 7, 0, 0 }, { 0, 0, 0, 1 } } };
    const double one[9] = { 1, 0, 0, 0, 1, 0, 0, 0, 1 };
    assert_ok(fgo_graph_set_value(g, 6, (double[]){ 0.5, 1, 5 }));
    assert_ok(
        fgo_graph_add_factor(g, &fgo_landmark_se3_offset, (int64_t[]){ 1, 6 }, &z, fgo_noise_information(one), fgo_loss_none()));
    assert_ok(
        fgo_graph_add_factor(g, &fgo_landmark_se3_offset, (int64_t[]){ 0, 6 }, &z, fgo_noise_information(one), fgo_loss_none()));
    char *text = written(g, FGO_FORMAT_AUTO);
    assert_non_null(strstr(text, "VERTEX_TRACKXYZ 5 1 2 4\nVERTEX_TRACKXYZ 6 0.5 1 5\n"));
    assert_non_null(strstr(text, "PARAMS_SE3OFFSET 2 7 0 0 0 0 0 1\nEDGE_SE3_TRACKXYZ 1 6 2 1 2 3 1 0 0 1 0 1\n"
                                 "EDGE_SE3_TRACKXYZ 0 6 2 1 2 3 1 0 0 1 0 1\n"));
    fgo_graph *again = read_good(text);
    double a, b;
    assert_ok(fgo_graph_cost(g, &a));
    assert_ok(fgo_graph_cost(again, &b));
    assert_close(a, b, 1e-14);
    free(text);
    fgo_graph_free(again);
    fgo_graph_free(g);

    g = read_good("VERTEX 0 0 0 0\nBR 0 7 0 2 0.1 0.5 # seen\n");
    const fgo_bearing_range_measurement turned = { { 0, 1 }, 3 };
    assert_ok(fgo_graph_set_measurement(g, 0, &turned));
    text = written(g, FGO_FORMAT_AUTO);
    assert_non_null(strstr(text, "BR 0 7 1.5707963267948966 3 0.1 0.5 # seen\n"));
    free(text);
    const double full[4] = { 2, 1, 1, 2 };
    assert_ok(fgo_graph_set_noise(g, 0, fgo_noise_information(full)));
    char *path = scratch_path("out.graph");
    assert_int_equal(fgo_graph_write(g, path, FGO_FORMAT_AUTO), FGO_ERROR_UNSUPPORTED);
    assert_non_null(strstr(fgo_last_message(), "standard deviations"));
    spill(path, "");
    remove_scratch(path);
    fgo_graph_free(g);
}

static void assert_bad(const char *text, const char *message)
{
    fgo_graph *g = NULL;
    assert_int_equal(fgo_graph_read_memory(text, strlen(text), "bad", NULL, &g), FGO_ERROR_PARSE);
    assert_string_equal(fgo_last_message(), message);
}

static void test_refusals(UNUSED_STATE)
{
    (void)state;
    assert_bad("VERTEX_SE2 0 0 0 0\nVERTEX_XY 1 0 0\nEDGE_SE2_POINTXY_OFFSET 0 1 4 0 0" I2 "\n",
               "bad:3:29: EDGE_SE2_POINTXY_OFFSET names parameter 4, which no PARAMS_SE2OFFSET line defines");
    assert_bad("PARAMS_SE2OFFSET 4 0 0 0\nVERTEX_SE3:QUAT 0 0 0 0 0 0 0 1\nVERTEX_TRACKXYZ 1 0 0 0\n"
               "EDGE_SE3_TRACKXYZ 0 1 4 0 0 0" I3 "\n",
               "bad:4:23: parameter 4 is of type PARAMS_SE2OFFSET, but EDGE_SE3_TRACKXYZ takes PARAMS_SE3OFFSET");
    assert_bad("PARAMS_SE2OFFSET 4 0 0 0\nVERTEX_XY 1 0 0\nPARAMS_SE2OFFSET 4 0 0 0\n",
               "bad:3:18: parameter 4 exists already, from line 1");
    assert_bad("PARAMS_CAMERACALIB 4 0 0 0 0 0 0 1 500 0 1 1\nVERTEX_XY 1 0 0\n", "bad:1:40: the focal length is zero");
    assert_bad("VERTEX_SE2 0 0 0 0\nVERTEX_SE2 1 0 0 0\nEDGE_SE2_XY 0 1 0 0" I2 "\n",
               "bad:3:15: vertex 1 is of type SE2, but EDGE_SE2_XY joins vertices of types SE2 and R2");
    assert_bad("VERTEX_XY 0 0 0\nEDGE_PRIOR_SE2 0 0 0 0" I3 "\n",
               "bad:2:16: vertex 0 is of type R2, but EDGE_PRIOR_SE2 takes a vertex of type SE2");
    assert_bad("VERTEX2 0 0 0 0\nBR 0 1 0 1 0.1 0\n", "bad:2:16: a standard deviation must be positive");
    assert_bad("VERTEX2 0 0 0 0\nBR 0 1 0 -1 0.1 1\n", "bad:2:10: a range is not negative");
    assert_bad("VERTEX2 0 0 0 0\nBR 0 1 0 1 0.1\n",
               "bad:2:15: the line ends early: BR takes 2 ids and 2 numbers, then none or 2 standard deviations, 6 in all; "
               "found 5");
}

static void test_merging(UNUSED_STATE)
{
    const char *text = "VERTEX2 5 1 2 3\nVERTEX2 6 4 5 6\nVERTEX2 7 0 0 0\nVERTEX2 8 9 9 0\nEQUIV 6 5\nEQUIV 6 8\n"
                       "EDGE2 5 6 1 0 0 1 0 1 1 0 0\nEDGE2 6 7 1 0 0 1 0 1 1 0 0\n";
    fgo_read_options o = fgo_read_options_default();
    fgo_file_report report;
    size_t index;
    int64_t keys[2];
    (void)state;
    o.merge_equivalent = 1;
    fgo_graph *g = read_good_with(text, &o);
    fgo_graph_file_report(g, &report);
    assert_int_equal(fgo_graph_variable_count(g), 2);
    assert_int_equal(fgo_graph_factor_count(g), 1);
    assert_int_equal(report.equivalences, 2);
    assert_int_equal(report.merged, 2);
    assert_int_equal(report.dropped, 1);
    for (int64_t key = 5; key <= 8; key++) {
        assert_ok(fgo_graph_find(g, key, &index));
        assert_int_equal(index, key == 7);
    }
    assert_ok(fgo_graph_factor_keys(g, 0, keys));
    assert_true(keys[0] == 5 && keys[1] == 7);
    assert_written(g, FGO_FORMAT_AUTO,
                   "VERTEX2 5 1 2 3\nVERTEX2 6 1 2 3\nVERTEX2 7 0 0 0\nVERTEX2 8 1 2 3\nEQUIV 6 5\nEQUIV 6 8\n"
                   "EDGE2 5 6 1 0 0 1 0 1 1 0 0\nEDGE2 6 7 1 0 0 1 0 1 1 0 0\n");
    fgo_graph_free(g);
    const char *mixed = "VERTEX2 5 1 2 3\nVERTEX_XY 6 4 5\nEQUIV 6 5\n";
    assert_int_equal(fgo_graph_read_memory(mixed, strlen(mixed), "bad", &o, &g), FGO_ERROR_PARSE);
    assert_string_equal(fgo_last_message(), "bad:2:11: vertex 6 of type R2 is equivalent to 5, which is of type SE2");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_unchanged), cmocka_unit_test(test_meaning), cmocka_unit_test(test_meaning_in_space),
        cmocka_unit_test(test_dialects),  cmocka_unit_test(test_changes), cmocka_unit_test(test_refusals),
        cmocka_unit_test(test_merging),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
