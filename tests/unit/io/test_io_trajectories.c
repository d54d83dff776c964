/* SPDX-License-Identifier: BSD-3-Clause */
/* test_io_trajectories.c -- trajectories: TUM and KITTI lines, and time stamps on their way through the formats. */
#include "io_fixture.h"

#define TUM   "# time x y z qx qy qz qw\n1305031102.175304 1.0 2 3 0 0 0.6 0.8\n\n1305031102.211214\t-1 0 0 0 0 0 -2 # b\n"
#define KITTI "1 0 0 7.50 0 0 -1 8 0 1 0 9\n1 0 0 0 0 1 0 0 0 0 1 0\n"

static fgo_file_report report_of(const fgo_graph *g)
{
    fgo_file_report r;
    assert_ok(fgo_graph_file_report(g, &r));
    return r;
}

static void test_tum(UNUSED_STATE)
{
    (void)state;
    fgo_graph *g = read_good(TUM);
    assert_int_equal(report_of(g).format, FGO_FORMAT_TUM);
    assert_int_equal(fgo_graph_variable_count(g), 2);
    assert_true(fgo_graph_variable_time(g, 0) == 1305031102.175304);
    assert_true(fgo_graph_variable_time(g, 1) == 1305031102.211214);
    assert_true(isnan(fgo_graph_variable_time(g, 2)));
    assert_int_equal(fgo_graph_variable_key(g, 1), 1);
    const double first[7] = { 1, 2, 3, 0, 0, 0.6, 0.8 }, second[7] = { -1, 0, 0, 0, 0, 0, -1 };
    for (int i = 0; i < 7; i++) {
        assert_close(fgo_graph_variable_value(g, 0)[i], first[i], 1e-15);
        assert_close(fgo_graph_variable_value(g, 1)[i], second[i], 1e-15);
    }
    fgo_graph_free(g);
    assert_unchanged(TUM);
}

static void test_kitti(UNUSED_STATE)
{
    (void)state;
    fgo_graph *g = read_good(KITTI);
    assert_int_equal(report_of(g).format, FGO_FORMAT_KITTI);
    const double *x = fgo_graph_variable_value(g, 0), half = sqrt(0.5);
    const double quarter_about_x[7] = { 7.5, 8, 9, half, 0, 0, half };
    for (int i = 0; i < 7; i++) assert_close(x[i], quarter_about_x[i], 1e-15);
    assert_true(isnan(fgo_graph_variable_time(g, 0)));
    fgo_graph_free(g);
    assert_unchanged(KITTI);
    assert_unchanged("0.999999 0 0 1 0 1.000001 0 2 0 0 1 3"); /* not quite a rotation; kept as it stands */
}

/* The format can be told; then the first line does not decide. */
static void test_given_format(UNUSED_STATE)
{
    (void)state;
    fgo_graph *g = NULL;
    fgo_read_options o = fgo_read_options_default();
    o.format = FGO_FORMAT_TUM;
    assert_int_equal(fgo_graph_read_memory(KITTI, strlen(KITTI), "k", &o, &g), FGO_ERROR_PARSE);
    assert_non_null(strstr(fgo_last_message(), "k:1:21: too many fields: TUM takes a time stamp and 7 numbers"));
    o.format = FGO_FORMAT_G2O;
    assert_int_equal(fgo_graph_read_memory(KITTI, strlen(KITTI), "k", &o, &g), FGO_ERROR_PARSE);
    assert_non_null(strstr(fgo_last_message(), "k:1:1: '1' is not a tag"));
}

static void test_times_in_comments(UNUSED_STATE)
{
    (void)state;
    const char *text = "VERTEX_SE2 0 0 0 0 # time 12.5\nVERTEX_SE2 1 0 0 0 #time 13 s\nVERTEX_SE2 2 0 0 0 # time of day\n"
                       "VERTEX_SE2 3 0 0 0 # timed 4\nVERTEX_SE2 4 0 0 0\n";
    fgo_graph *g = read_good(text);
    assert_true(fgo_graph_variable_time(g, 0) == 12.5);
    assert_true(fgo_graph_variable_time(g, 1) == 13);
    for (size_t v = 2; v < 5; v++) assert_true(isnan(fgo_graph_variable_time(g, v)));
    fgo_graph_free(g);
    assert_unchanged(text);
}

static void test_set_time(UNUSED_STATE)
{
    (void)state;
    fgo_graph *g = NULL, *copy = NULL;
    assert_ok(fgo_graph_create(&g));
    for (int i = 0; i < 3; i++) assert_ok(fgo_graph_add_se2(g, 10 + i, 0, 0, 0));
    assert_ok(fgo_graph_set_time(g, 12, NAN)); /* nothing to forget */
    assert_ok(fgo_graph_set_time(g, 11, -4.25));
    assert_int_equal(fgo_graph_set_time(g, 99, 1), FGO_ERROR_KEY);
    assert_int_equal(fgo_graph_set_time(g, 11, INFINITY), FGO_ERROR_ARGUMENT);
    assert_int_equal(fgo_graph_set_time(NULL, 11, 1), FGO_ERROR_ARGUMENT);
    assert_ok(fgo_graph_copy(g, &copy));
    assert_ok(fgo_graph_set_time(g, 11, NAN));
    assert_true(isnan(fgo_graph_variable_time(g, 1)));
    assert_true(isnan(fgo_graph_variable_time(copy, 0)));
    assert_true(fgo_graph_variable_time(copy, 1) == -4.25);
    assert_true(isnan(fgo_graph_variable_time(copy, 2)));
    fgo_graph_free(copy);
    fgo_graph_free(g);
}

/* A changed pose is rewritten, its stamp with all digits of the file; the others stand as they stood. */
static void test_changed_poses(UNUSED_STATE)
{
    (void)state;
    fgo_graph *g = read_good("1403636579.763555584 1.0 2 3 0 0 0 1 # a\r\n8 1.0 2 3 0 0 0 1\r\n");
    assert_ok(fgo_graph_set_value(g, 0, (double[]){ 1, -2.5, 3, 0, 0, 0, 1 }));
    assert_written(g, FGO_FORMAT_AUTO, "1403636579.763555584 1 -2.5 3 0 0 0 1 # a\r\n8 1.0 2 3 0 0 0 1\r\n");
    assert_ok(fgo_graph_set_time(g, 1, 9.5));
    assert_written(g, FGO_FORMAT_TUM, "1403636579.763555584 1 -2.5 3 0 0 0 1 # a\r\n9.5 1 2 3 0 0 0 1\r\n");
    fgo_graph_free(g);
}

/* Times go with a vertex through all formats, all digits of them; comments go where there are some. */
static void test_times_through_formats(UNUSED_STATE)
{
    (void)state;
    const char *g2o = "# head\nVERTEX_SE3:QUAT 0 1.5 2 3 0 0 0 1 # time 1403636579.763555584\n"
                      "VERTEX_SE3:QUAT 1 0.1 2 3 0 0 0 1 # time 2.5\n";
    const char *tum = "# head\n1403636579.763555584 1.50 2 3 0 0 0 1\n2.5 0.1 2 3 0 0 0 1.0\n";
    const char *csv = "id,time,x,y,z,qx,qy,qz,qw\n0,1403636579.763555584,1.5,2,3,0,0,0,1\n1,2.5,0.1,2,3,0,0,0,1\n";
    fgo_graph *g = read_good(tum);
    assert_written(g, FGO_FORMAT_G2O, g2o);
    assert_written(g, FGO_FORMAT_CSV, csv);
    assert_written(g, FGO_FORMAT_TORO,
                   "# head\nVERTEX3 0 1.5 2 3 0 0 0 # time 1403636579.763555584\n"
                   "VERTEX3 1 0.1 2 3 0 0 0 # time 2.5\n");
    fgo_graph_free(g);
    g = read_good(csv);
    assert_written(g, FGO_FORMAT_G2O, g2o + strlen("# head\n"));
    fgo_graph_free(g);
    g = read_good(g2o); /* sorted by time */
    assert_written(g, FGO_FORMAT_TUM, "2.5 0.1 2 3 0 0 0 1\n1403636579.7635555 1.5 2 3 0 0 0 1\n");
    assert_written(g, FGO_FORMAT_CSV, csv);
    assert_ok(fgo_graph_set_time(g, 0, NAN)); /* of this pose no longer known */
    assert_written(g, FGO_FORMAT_AUTO,
                   "# head\nVERTEX_SE3:QUAT 0 1.5 2 3 0 0 0 1\nVERTEX_SE3:QUAT 1 0.1 2 3 0 0 0 1 # time 2.5\n");
    char *path = scratch_path("out.tum");
    assert_int_equal(fgo_graph_write(g, path, FGO_FORMAT_TUM), FGO_ERROR_UNSUPPORTED);
    assert_non_null(strstr(fgo_last_message(), "pose 0 has no time stamp, but others have"));
    spill(path, "");
    remove_scratch(path);
    fgo_graph_free(g);
}

/* Of a graph the poses alone are written, those of the plane at z = 0, by their ids, which stand for times too. */
static void test_graph_to_trajectory(UNUSED_STATE)
{
    (void)state;
    fgo_graph *g = read_good("VERTEX_SE2 7 1 2 3.141592653589793\nVERTEX_XY 9 5 5\nVERTEX_SE2 3 0 0.5 0\n"
                             "EDGE_SE2 3 7 1 0 0 1 0 0 1 0 1\n");
    assert_written(g, FGO_FORMAT_TUM, "3 0 0.5 0 0 0 0 1\n7 1 2 0 0 0 1 6.123233995736766e-17\n");
    fgo_graph_free(g);
    g = read_good("VERTEX_SE2 7 1 2 0\nVERTEX_SE2 3 0 0.5 0\n");
    assert_written(g, FGO_FORMAT_KITTI, "1 0 0 0 0 1 0 0.5 0 0 1 0\n1 0 0 1 0 1 0 2 0 0 1 0\n");
    fgo_graph_free(g);
    g = read_good("VERTEX_XY 9 5 5\n");
    char *path = scratch_path("out.kitti");
    assert_int_equal(fgo_graph_write(g, path, FGO_FORMAT_AUTO), FGO_ERROR_UNSUPPORTED); /* by its ending */
    assert_non_null(strstr(fgo_last_message(), "there are no poses, and kitti format has nothing else"));
    spill(path, "");
    remove_scratch(path);
    fgo_graph_free(g);
}

/* A file that was read and is written under the name of another kind of format is converted. */
static void test_endings(UNUSED_STATE)
{
    (void)state;
    static const struct {
        const char *name, *text;
    } files[] = { { "a.tum", "0 1 2 3 0 0 0 1\n" },
                  { "a.kitti", "1 0 0 1 0 1 0 2 0 0 1 3\n" },
                  { "a.csv", "id,x,y,z,qx,qy,qz,qw\n0,1,2,3,0,0,0,1\n" },
                  { "a.txt", "VERTEX_SE3:QUAT 0 1 2 3 0 0 0 1\n" },
                  { "a.graph", "VERTEX_SE3:QUAT 0 1 2 3 0 0 0 1\n" } }; /* lines with tags stay what they were */
    for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
        fgo_graph *g = read_good("VERTEX_SE3:QUAT 0 1 2 3 0 0 0 1\n");
        char *path = scratch_path(files[i].name);
        assert_ok(fgo_graph_write(g, path, FGO_FORMAT_AUTO));
        char *text = slurp(path, NULL);
        assert_string_equal(text, files[i].text);
        free(text);
        remove_scratch(path);
        fgo_graph_free(g);
    }
    assert_int_equal(fgo_format_of_path("x.tum.gz"), FGO_FORMAT_TUM);
    assert_int_equal(fgo_format_of_path("x.toro"), FGO_FORMAT_TORO);
    assert_int_equal(fgo_format_of_path("tum"), FGO_FORMAT_AUTO);
    assert_int_equal(fgo_format_of_path(NULL), FGO_FORMAT_AUTO);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_tum),
        cmocka_unit_test(test_kitti),
        cmocka_unit_test(test_given_format),
        cmocka_unit_test(test_times_in_comments),
        cmocka_unit_test(test_set_time),
        cmocka_unit_test(test_changed_poses),
        cmocka_unit_test(test_times_through_formats),
        cmocka_unit_test(test_graph_to_trajectory),
        cmocka_unit_test(test_endings),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
