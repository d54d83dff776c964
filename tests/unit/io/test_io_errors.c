/* SPDX-License-Identifier: BSD-3-Clause */
/* test_io_errors.c -- every way a file can be wrong, with the line and column that the message must name. */
#include "io_fixture.h"

typedef struct wrong {
    const char *text;
    const char *where; /* line:column */
    const char *what;  /* a part of the message */
} wrong;

#define V01 "VERTEX_SE2 0 0 0 0\nVERTEX_SE2 1 1 0 0\n"
#define W01 "VERTEX_SE3:QUAT 0 0 0 0 0 0 0 1\nVERTEX_SE3:QUAT 1 0 0 0 0 0 0 1\n"
#define I6  " 1 0 0 0 0 0 1 0 0 0 0 1 0 0 0 1 0 0 1 0 1"

static const wrong cases[] = {
    /* lines that end early: one past the end */
    { "VERTEX_SE2 0 0 0\n", "1:17", "the line ends early: VERTEX_SE2 takes 1 id and 3 numbers, 4 in all; found 3" },
    { "VERTEX_SE2", "1:11", "found 0" },
    { "VERTEX_SE2 0 0 0 0\nVERTEX_SE2 1 0 0\r\n", "2:17", "the line ends early" },
    { V01 "EDGE_SE2 0 1 1 0 0 1 0 0 1 0\n", "3:29", "found 10" },
    { V01 "EDGE_SE2 0 1 1 0 0 # no information\n", "3:20", "found 5" },
    { V01 "EDGE_SE2 0\n", "3:11", "EDGE_SE2 takes 2 ids and 3 numbers, then 6 of the information matrix, 11 in all; found 1" },
    { W01 "EDGE_SE3:QUAT 0 1 0 0 0 0 0 0 1 1 0 0 0 0 0\n", "3:44", "found 15" },
    { V01 "FIX\n", "3:4", "FIX takes at least one id" },
    { V01 "EQUIV 1\n", "3:8", "EQUIV takes 2 ids" },
    { "VERTEX3 0 0 0 0 0 0 0\nVERTEX3 1 0 0 0 0 0 0\nEDGE3 0 1 1 0 0 0 0\n", "3:20", "found 7" },
    { "VERTEX3 0 0 0 0 0 0 0\nVERTEX3 1 0 0 0 0 0 0\nEDGE3 0 1 1 0 0 0 0 0 1 2 3\n", "3:28", "found 11" },
    /* too many fields: the first that is too many */
    { "VERTEX_SE2 0 0 0 0 9\n", "1:20", "too many fields: VERTEX_SE2" },
    { V01 "EDGE_SE2 0 1 1 0 0 1 0 0 1 0 1 0 0\n", "3:32", "too many fields" },
    { V01 "EQUIV 0 1 0\n", "3:11", "too many fields" },
    /* information of the wrong size: a 2-D one in space, a full square in the plane */
    { W01 "EDGE_SE3:QUAT 0 1 0 0 0 0 0 0 1 1 0 0 1 0 1\n", "3:44", "then 21 of the information matrix" },
    { V01 "EDGE_SE2 0 1 1 0 0 1 0 0 0 1 0 0 0 1\n", "3:32", "too many fields" },
    /* words and odd numbers */
    { "VERTEX_SE2 0 0 zero 0\n", "1:16", "'zero' is not a number" },
    { "VERTEX_SE2 0 0 0 nan\n", "1:18", "'nan' is not a number; every number must be finite" },
    { "VERTEX_SE2 0 -nan(ind) 0 0\n", "1:14", "'-nan(ind)' is not a number; every number must be finite" },
    { "VERTEX_SE2 0 0 -inf 0\n", "1:16", "'-inf' is infinite" },
    { "VERTEX_SE2 0 0 Infinity 0\n", "1:16", "'Infinity' is infinite" },
    { "VERTEX_SE2 0 0,5 0 0\n", "1:14", "'0,5' has a comma; write a decimal point" },
    { "VERTEX_SE2 0 1e999 0 0\n", "1:14", "'1e999' does not fit into a double" },
    { "VERTEX_SE2 0 0x10 0 0\n", "1:14", "'0x10' is not a number" },
    { V01 "EDGE_SE2 0 1 1 0 0 1 0 NaN 1 0 1\n", "3:24", "'NaN'" },
    { "VERTEX_SE2 0 0\t\t1.2.3 0\n", "1:17", "'1.2.3' is not a number" },
    { "VERTEX_SE2 0 0 aaaaaaaaaabbbbbbbbbbccccccccccddddddddddeeeeeeeeee 0\n", "1:16",
      "'aaaaaaaaaabbbbbbbbbbccccccccccdddddddd...' is not" },
    /* ids */
    { "VERTEX_SE2 1.5 0 0 0\n", "1:12", "'1.5' is not an id; an id is a whole number" },
    { "VERTEX_SE2 x1 0 0 0\n", "1:12", "'x1' is not an id" },
    { "VERTEX_SE2 9223372036854775808 0 0 0\n", "1:12", "the id '9223372036854775808' does not fit into 64 bits" },
    { V01 "EDGE_SE2 0 -99999999999999999999 1 0 0 1 0 0 1 0 1\n", "3:12", "does not fit into 64 bits" },
    { V01 "FIX 0 1 one\n", "3:9", "'one' is not an id" },
    /* graphs that cannot be */
    { V01 "EDGE_SE2 0 7 1 0 0 1 0 0 1 0 1\n", "3:12", "EDGE_SE2 names vertex 7, which is not in the file" },
    { "EDGE_SE2 7 0 1 0 0 1 0 0 1 0 1\n" V01, "1:10", "names vertex 7" },
    { V01 "FIX 0 -7\n", "3:7", "FIX names vertex -7, which is not in the file" },
    { V01 "EQUIV 0 7\n", "3:9", "EQUIV names vertex 7" },
    { V01 "EQUIV 7 0\n", "3:7", "EQUIV names vertex 7" },
    { V01 "# a comment\n\nVERTEX_SE2  0 5 5 0\n", "5:13", "vertex 0 exists already, from line 1" },
    { V01 "EDGE_SE2 1 1 1 0 0 1 0 0 1 0 1\n", "3:12", "the edge joins vertex 1 to itself" },
    { "EDGE_SE2 5 5 1 0 0 1 0 0 1 0 1\n", "1:12", "the edge joins vertex 5 to itself" },
    { V01 "VERTEX_SE3:QUAT 2 0 0 0 0 0 0 1\nEDGE_SE2 0 2 1 0 0 1 0 0 1 0 1\n", "4:12",
      "vertex 2 is of type SE3, but EDGE_SE2 joins vertices of type SE2" },
    { "EDGE_SE2 0 1 1 0 0 1 0 0 1 0 1\nEDGE_SE3:QUAT 1 2 0 0 0 0 0 0 1" I6 "\n", "2:15", "vertex 1 is of type SE2" },
    /* numbers that are no rotation, no weight */
    { "VERTEX_SE3:QUAT 0 0 0 0 0 0 0 0\n", "1:25", "the quaternion is zero" },
    { W01 "EDGE_SE3:QUAT 0 1 1 2 3 0 0 0 -0" I6 "\n", "3:25", "the quaternion is zero" },
    { V01 "EDGE_SE2 0 1 1 0 0 1 0 0 -3 0 1\n", "3:20", "not positive semi-definite (eigenvalue -3)" },
    { V01 "EDGE_SE2 0 1 1 0 0  1 2 0 1 0 1\n", "3:21", "correct it, or have it projected" },
    { W01 "EDGE_SE3:QUAT 0 1 0 0 0 0 0 0 1 1 0 0 0 0 0 1 0 0 0 0 1 0 0 0 1 0 0 1 0 -1\n", "3:33", "not positive semi-definite" },
    { "VERTEX2 0 0 0 0\nVERTEX2 1 0 0 0\nEDGE2 0 1 1 0 0 1 2 1 1 0 0\n", "3:17", "not positive semi-definite" },
    /* what is no graph */
    { "", "1:1", "the file is empty" },
    { "\xEF\xBB\xBF", "1:1", "there is no vertex and no edge" },
    { "# nothing\n\n   # here\n", "1:1", "there is no vertex and no edge in the file" },
    { "FIX 0\n", "1:1", "there is no vertex and no edge in the file" },
    { "# words\nhello world\nfoo\n", "2:1", "the first unknown tag is 'hello'" },
    { "{\"nodes\": []}\n", "1:1", "'{\"nodes\":' is not a tag" },
    { "12 13 14\n", "1:1", "a line that starts with a number is a pose: time x y z qx qy qz qw (TUM)" },
    { "1 2 3 4 5 6 7 8\n1 2 3 4 5 6 7\n", "2:14",
      "the line ends early: TUM takes a time stamp and 7 numbers, 8 in all; found 7" },
    { "1 2 3 4 5 6 7 8\n# x\n1 2 3 4 5 6,0 7 8\n", "3:11", "'6,0' has a comma" },
    { "1 2 3 4 0 0 0 0\n", "1:9", "the quaternion is zero" },
    { "1 0 0 4 0 1 0 0 0 0 1 0\n1 0 0 4 0 1 0 0 0 0 1 0 7\n", "2:25", "too many fields: KITTI takes 12 numbers, 12 in all" },
    { "1 0 0 4 0 2 0 0 0 0 1 0\n", "1:1", "columns 1-3, 5-7, 9-11 of the line are no rotation matrix" },
    { V01 " \x89PNG\x1a 1\n", "3:2", "'\\x89PNG\\x1a' is not a tag such as VERTEX_SE2 or EDGE3: binary data" },
    { V01 "EDGE_SE2\x01 0 1\n", "3:1", "'EDGE_SE2\\x01' is not a tag" },
    { "\xFF\xFEV\x01", "1:1", "UTF-16" },
    { "\xEF\xBB\xBFVERTEX_SE2 0 a 0 0\n", "1:14", "'a' is not a number" },
};

/* 1 if reading fails at this place with this message, else it says what happened instead. */
static int goes_wrong(const char *text, size_t size, const char *where, const char *what)
{
    fgo_graph *g = NULL;
    char start[64];
    fgo_status status = fgo_graph_read_memory(text, size, "dir/f.g2o", NULL, &g);
    const char *message = fgo_last_message();
    snprintf(start, sizeof start, "dir/f.g2o:%s: ", where);
    if (status == FGO_ERROR_PARSE && !g && strncmp(message, start, strlen(start)) == 0 && strstr(message, what)) return 1;
    print_error("expected: %s... %s\nstatus %d: %s\nfor:\n%.200s\n", start, what, (int)status, message, text);
    fgo_graph_free(g);
    return 0;
}

static void assert_wrong(const char *text, size_t size, const char *where, const char *what)
{
    assert_true(goes_wrong(text, size, where, what));
}

static void test_every_case(void **state)
{
    size_t good = 0, count = sizeof cases / sizeof *cases;
    (void)state;
    for (size_t i = 0; i < count; i++)
        good += (size_t)goes_wrong(cases[i].text, strlen(cases[i].text), cases[i].where, cases[i].what);
    assert_int_equal(good, count);
}

static void test_nul_bytes(void **state)
{
    static const char number[] = "VERTEX_SE2 0 0 1\0 0\n", tag[] = "VERTEX_SE2 0 0 0 0\n\0\0\0\0",
                      unknown[] = "VERTEX_SE2 0 0 0 0\nOTHER a\0b\n";
    (void)state;
    assert_wrong(number, sizeof number - 1, "1:16", "'1\\x00' is not a number");
    assert_wrong(tag, sizeof tag - 1, "2:1", "'\\x00\\x00\\x00\\x00' is not a tag");
    assert_wrong(unknown, sizeof unknown - 1, "2:8", "a NUL byte: binary data");
}

/* A message has 511 bytes; neither a long path nor a long field may push out what is wrong. */
static void test_long_names_keep_the_message(void **state)
{
    char name[3001];
    fgo_graph *g = NULL;
    (void)state;
    memset(name, 'd', sizeof name - 1);
    memcpy(name + sizeof name - 10, "/last.g2o", 10);
    assert_int_equal(fgo_graph_read_memory("VERTEX_SE2 0 0 no 0\n", 20, name, NULL, &g), FGO_ERROR_PARSE);
    assert_non_null(strstr(fgo_last_message(), "/last.g2o:1:16: 'no' is not a number"));
    assert_true(strncmp(fgo_last_message(), "...ddd", 6) == 0);
}

static void test_a_very_long_line(void **state)
{
    const size_t blanks = 300000;
    char *text = malloc(blanks + 64);
    (void)state;
    assert_non_null(text);
    strcpy(text, "VERTEX_SE2 0");
    memset(text + 12, ' ', blanks);
    strcpy(text + 12 + blanks, "0 0 bad\n");
    assert_wrong(text, strlen(text), "1:300017", "'bad' is not a number");
    strcpy(text + 12 + blanks, "0 0 0\n");
    assert_unchanged(text);
    free(text);
}

static void test_files_that_cannot_be_read(void **state)
{
    fgo_graph *g = NULL;
    (void)state;
    assert_int_equal(fgo_graph_read("/nonexistent/x.g2o", NULL, &g), FGO_ERROR_IO);
    assert_string_equal(fgo_last_message(), "/nonexistent/x.g2o: cannot be read: No such file or directory");
    assert_int_equal(fgo_graph_read("/", NULL, &g), FGO_ERROR_IO);
    assert_string_equal(fgo_last_message(), "/: cannot be read: Is a directory");
    assert_null(g);
}

static void test_arguments(void **state)
{
    fgo_graph *g = NULL;
    fgo_read_options o = fgo_read_options_default();
    (void)state;
    assert_int_equal(fgo_graph_read(NULL, NULL, &g), FGO_ERROR_ARGUMENT);
    assert_int_equal(fgo_graph_read("/", NULL, NULL), FGO_ERROR_ARGUMENT);
    assert_int_equal(fgo_graph_read_memory(NULL, 1, "x", NULL, &g), FGO_ERROR_ARGUMENT);
    assert_int_equal(fgo_graph_read_memory("x", 1, "x", NULL, NULL), FGO_ERROR_ARGUMENT);
    assert_int_equal(fgo_graph_read_memory("x", SIZE_MAX, "x", NULL, &g), FGO_ERROR_ARGUMENT);
    o.format = 7;
    assert_int_equal(fgo_graph_read_memory("x", 1, "x", &o, &g), FGO_ERROR_ARGUMENT);
    o.format = FGO_FORMAT_AUTO;
    o.convention = -1;
    assert_int_equal(fgo_graph_read_memory("x", 1, "x", &o, &g), FGO_ERROR_ARGUMENT);
    assert_null(g);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_every_case),
        cmocka_unit_test(test_nul_bytes),
        cmocka_unit_test(test_long_names_keep_the_message),
        cmocka_unit_test(test_a_very_long_line),
        cmocka_unit_test(test_files_that_cannot_be_read),
        cmocka_unit_test(test_arguments),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
