/* SPDX-License-Identifier: BSD-3-Clause */
/* test_io_csv.c -- pose graphs as tables: what a header may say, what is wrong with a cell, and that tables lose nothing. */
#include "io_fixture.h"

#define HEADER "tag,id,id2,x,y,theta,i11,i12,i13,i22,i23,i33\n"
#define V01    "VERTEX_SE2,0,,0.0,0.00,7.0,,,,,,\nVERTEX_SE2,1,,1,0,0,,,,,,\n"
#define E01    "EDGE_SE2,0,1,1.10,0,7.0,1,0,0,1,0,1.0\n"

static void test_a_graph(UNUSED_STATE)
{
    (void)state;
    fgo_file_report report;
    fgo_graph *g = read_good(HEADER V01 E01 "FIX,0,,,,,,,,,,\nOTHER,1,2,3,4,5,6,7,8,9,10,11\n");
    assert_ok(fgo_graph_file_report(g, &report));
    assert_int_equal(report.format, FGO_FORMAT_CSV);
    assert_int_equal(report.vertices, 2);
    assert_int_equal(report.edges, 1);
    assert_int_equal(report.fixed, 1);
    assert_int_equal(report.unknown, 1);
    assert_int_equal(fgo_graph_variable_held(g, 0), 3);
    assert_close(((const double *)fgo_graph_factor_measurement(g, 0))[0], 1.1, 0);
    fgo_graph_free(g);
}

/* Columns in any order, unknown ones, quotes and blanks, no column of tags, no ids; information that is not there. */
static void test_headers(UNUSED_STATE)
{
    (void)state;
    fgo_file_report report;
    fgo_graph *g = read_good("# made by hand\n\"theta\" , y,note,x , time,id\n0.5,2,\"a, b\",\"1\",10.5,7\n\n0.5,3,,1,,8\n");
    assert_int_equal(fgo_graph_variable_key(g, 1), 8);
    assert_true(strcmp(fgo_graph_variable_manifold(g, 0)->name, "SE2") == 0);
    assert_close(fgo_graph_variable_value(g, 0)[0], 1, 0);
    assert_close(fgo_graph_variable_value(g, 0)[1], 2, 0);
    assert_true(fgo_graph_variable_time(g, 0) == 10.5);
    assert_true(isnan(fgo_graph_variable_time(g, 1)));
    fgo_graph_free(g);
    g = read_good("x,y,z,qx,qy,qz,qw\n1,2,3,0,0,0,2\n4,5,6,0,0,0,1\n");
    assert_int_equal(fgo_graph_variable_key(g, 1), 1);
    assert_true(strcmp(fgo_graph_variable_manifold(g, 0)->name, "SE3") == 0);
    fgo_graph_free(g);
    g = read_good("id,id2,x,y,theta\n0,1,1,0,0\n1,2,1,0,0\n");
    assert_ok(fgo_graph_file_report(g, &report));
    assert_int_equal(report.without_information, 2);
    assert_int_equal(report.edges_only, 1);
    fgo_graph_free(g);
}

static const struct {
    const char *text, *where, *what;
} cases[] = {
    { "id,x\n1,2\n", "1:1", "the header of a CSV file names its columns" },
    { "id,x,y,theta,x\n1,2\n", "1:14", "two columns are called 'x'" },
    { "1,2,3\n", "1:1", "the header of a CSV file names its columns" },
    { "id,x,y,theta\n1,2,3,4\n5,6,7\n", "3:1", "the line has 3 cells, but the header 4" },
    { "id,x,y,theta\n1,2,3,4\n5,6,seven,8\n", "3:5", "'seven' is not a number" },
    { "id,x,y,theta\n1,2,,4\n", "2:5", "VERTEX_SE2 needs a number in column y, whose cell is empty" },
    { "id,x,y,theta\n1.5,2,3,4\n", "2:1", "'1.5' is not an id" },
    { "id,x,y,theta\n1,2,3,4\n1,2,3,4\n", "3:1", "vertex 1 exists already, from line 2" },
    { "tag,id,x,y\nVERTEX_SE2,1,2,3\n", "2:1", "VERTEX_SE2 needs a column theta, which the header has not" },
    { "tag,id,x,y,theta\n,1,2,3,4\n", "2:1", "the cell with the tag is empty" },
    { HEADER V01 "EDGE_SE2,0,1,1,0,0,1,0,,1,0,1\n", "4:24", "EDGE_SE2 needs a number in column i13, whose cell is empty" },
    { HEADER V01 "EDGE_SE2,0,1,1,0,0,,0,0,1,0,1\n", "4:21", "EDGE_SE2 needs a number in column i11" },
    { HEADER V01 "EDGE_SE2,0,,1,0,0,1,0,0,1,0,1\n", "4:12", "EDGE_SE2 needs a number in column id2" },
    { HEADER V01 "EDGE_SE2,0,1,1,0,0,1,0,0,-1,0,1\n", "4:20", "not positive semi-definite" },
    { HEADER "VERTEX_SE2,0,,1;0,0,0,,,,,,\n", "2:15", "'1;0' is not a number" },
    { "qx,qy,qz,qw,x,y,z\n0,0,0,0,1,1,1\n", "2:1", "the quaternion is zero" },
};

static void test_what_is_wrong(UNUSED_STATE)
{
    (void)state;
    size_t good = 0, count = sizeof cases / sizeof *cases;
    for (size_t i = 0; i < count; i++) {
        fgo_graph *g = NULL;
        char start[64];
        snprintf(start, sizeof start, "f.csv:%s: ", cases[i].where);
        const fgo_status status = fgo_graph_read_memory(cases[i].text, strlen(cases[i].text), "f.csv", NULL, &g);
        const int as_expected = status == FGO_ERROR_PARSE && !strncmp(fgo_last_message(), start, strlen(start)) &&
                                strstr(fgo_last_message(), cases[i].what);
        if (!as_expected) print_error("wanted %s%s\n   got %s\n", start, cases[i].what, fgo_last_message());
        good += (size_t)as_expected;
    }
    assert_int_equal(good, count);
}

static void test_unchanged_and_changed(UNUSED_STATE)
{
    (void)state;
    const char *text = "tag,id, note ,id2,x,y,theta,i11,i12,i13,i22,i23,i33\r\nVERTEX_SE2,0,\"a,b\",,0.0,0.00,7.0,,,,,,\r\n"
                       "VERTEX_SE2,1,,,1,0,0,,,,,,\r\n# here\r\nEDGE_SE2,0,,1,1.10,0,7.0,1,0,0,1,0,1.0";
    assert_unchanged(text);
    fgo_graph *g = read_good(text);
    assert_ok(fgo_graph_set_value(g, 0, (double[]){ 0, -2.5, cos(0.5), sin(0.5) }));
    assert_ok(fgo_graph_set_noise(g, 0, fgo_noise_sigma(0.5)));
    assert_written(g, FGO_FORMAT_AUTO,
                   "tag,id, note ,id2,x,y,theta,i11,i12,i13,i22,i23,i33\r\n"
                   "VERTEX_SE2,0,\"a,b\",,0.0,-2.5,0.5,,,,,,\r\nVERTEX_SE2,1,,,1,0,0,,,,,,\r\n# here\r\n"
                   "EDGE_SE2,0,,1,1.10,0,7.0,4,0,0,4,0,4");
    fgo_graph_free(g);
}

/* What a program adds takes the columns that there are. */
static void test_additions(UNUSED_STATE)
{
    (void)state;
    const fgo_se2 z = fgo_se2_from_angle(1, 2, 0);
    fgo_graph *g = read_good(HEADER V01 E01);
    assert_ok(fgo_graph_add_se2(g, -9, 0.5, 0, 0));
    assert_ok(fgo_graph_add_factor(g, &fgo_between_se2, (int64_t[]){ 1, -9 }, &z, fgo_noise_sigma(0.1), fgo_loss_none()));
    assert_ok(fgo_graph_hold(g, 1));
    assert_written(g, FGO_FORMAT_AUTO,
                   HEADER V01 E01 "VERTEX_SE2,-9,,0.5,0,0,,,,,,\nFIX,1,,,,,,,,,,\nEDGE_SE2,1,-9,1,2,0,100,0,0,100,0,100\n");
    assert_ok(fgo_graph_add_se3(g, 50, (double[]){ 0, 0, 0 }, (double[]){ 0, 0, 0, 1 }));
    char *path = scratch_path("out.csv");
    assert_int_equal(fgo_graph_write(g, path, FGO_FORMAT_AUTO), FGO_ERROR_UNSUPPORTED);
    assert_non_null(strstr(fgo_last_message(), "VERTEX_SE3:QUAT needs a column qw, which the table has not"));
    spill(path, "");
    remove_scratch(path);
    fgo_graph_free(g);
}

/* From lines with tags to a table and back, every tag and number is there. Comments are not. */
static void assert_there_and_back(const char *text, fgo_format format, const char *table)
{
    fgo_graph *g = read_good(text);
    assert_written(g, FGO_FORMAT_CSV, table);
    fgo_graph_free(g);
    g = read_good(table);
    assert_written(g, format, text);
    fgo_graph_free(g);
}

static void test_there_and_back(UNUSED_STATE)
{
    (void)state;
    assert_there_and_back("VERTEX_SE2 0 0 0 7 # time 1305031102.1753040001\nVERTEX_XY 1 1 0\nFIX 0\n"
                          "PARAMS_SE2OFFSET 3 1 2 7\nEDGE_SE2_XY 0 1 0.1 0 1 0 2\nEDGE_BEARING_SE2_XY 0 1 7 25\n"
                          "EDGE_SE2_POINTXY_OFFSET 0 1 3 0.1 0 1 0 2\n",
                          FGO_FORMAT_G2O,
                          "tag,id,id2,parameter,time,x,y,theta,i11,i12,i22\nVERTEX_SE2,0,,,1305031102.1753040001,0,0,7,,,\n"
                          "VERTEX_XY,1,,,,1,0,,,,\nFIX,0,,,,,,,,,\nPARAMS_SE2OFFSET,3,,,,1,2,7,,,\n"
                          "EDGE_SE2_XY,0,1,,,0.1,0,,1,0,2\nEDGE_BEARING_SE2_XY,0,1,,,,,7,25,,\n"
                          "EDGE_SE2_POINTXY_OFFSET,0,1,3,,0.1,0,,1,0,2\n");
    assert_there_and_back("VERTEX2 0 0 0 7\nVERTEX2 1 1 0 0\nEDGE2 0 1 1 2 3 11 12 22 33 1 2\nEDGE2 1 0 1 2 3\nEQUIV 0 1\n",
                          FGO_FORMAT_TORO,
                          "tag,id,id2,x,y,theta,i11,i12,i13,i22,i23,i33\nVERTEX2,0,,0,0,7,,,,,,\nVERTEX2,1,,1,0,0,,,,,,\n"
                          "EDGE2,0,1,1,2,3,11,12,1,22,2,33\nEDGE2,1,0,1,2,3,,,,,,\nEQUIV,0,1,,,,,,,,,\n");
    assert_there_and_back("VERTEX3 0 1 2 3 7 8 9\n", FGO_FORMAT_TORO, "tag,id,x,y,z,roll,pitch,yaw\nVERTEX3,0,1,2,3,7,8,9\n");
}

/* Dialects: a root of the information and standard deviations have columns of their own. */
static void test_dialects(UNUSED_STATE)
{
    (void)state;
    fgo_graph *g = read_good("VERTEX2 0 0 0 0\nVERTEX2 1 1 0 0\nODOMETRY 0 1 1 0 0 1 0 0 2 0 3\nBR 0 9 0 2 0.1 0.2\n");
    assert_written(g, FGO_FORMAT_CSV,
                   "tag,id,id2,x,y,theta,range,r11,r12,r13,r22,r23,r33,s1,s2\nVERTEX2,0,,0,0,0,,,,,,,,,\n"
                   "VERTEX2,1,,1,0,0,,,,,,,,,\nODOMETRY,0,1,1,0,0,,1,0,0,2,0,3,,\nBR,0,9,,,0,2,,,,,,,0.1,0.2\n"
                   "VERTEX_XY,9,,2,0,,,,,,,,,,\n");
    fgo_graph_free(g);
}

/* Poses of one kind alone need no column of tags; a graph without a file is written like one with. */
static void test_poses_by_program(UNUSED_STATE)
{
    (void)state;
    fgo_graph *g = NULL;
    char *path = scratch_path("poses.csv");
    assert_ok(fgo_graph_create(&g));
    assert_ok(fgo_graph_add_se2(g, 4, 1, 2, 0.5));
    assert_ok(fgo_graph_add_se2(g, 3, 1, 2, 0));
    assert_ok(fgo_graph_set_time(g, 3, 0.25));
    assert_ok(fgo_graph_write(g, path, FGO_FORMAT_AUTO)); /* by its ending */
    char *text = slurp(path, NULL);
    assert_string_equal(text, "id,time,x,y,theta\n4,,1,2,0.5\n3,0.25,1,2,0\n");
    free(text);
    remove_scratch(path);
    fgo_graph_free(g);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_graph),       cmocka_unit_test(test_headers),
        cmocka_unit_test(test_what_is_wrong), cmocka_unit_test(test_unchanged_and_changed),
        cmocka_unit_test(test_additions),     cmocka_unit_test(test_there_and_back),
        cmocka_unit_test(test_dialects),      cmocka_unit_test(test_poses_by_program),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
