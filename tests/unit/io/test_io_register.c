/* SPDX-License-Identifier: BSD-3-Clause */
/* test_io_register.c -- formats of users that are registered: what is refused, which one a file is taken for, what the graph remembers. */
#include "io/format/format.h"
#include "support.h"

/* ---- formats that make one pose, at x = user, of any text ---- */

static fgo_status read_one(const fgo_format_class *c, const fgo_format_text *text, const fgo_read_options *o, fgo_graph *g)
{
    (void)o;
    if (text->begin == text->end) return fgo_format_reject(text, NULL, "nothing");
    return fgo_graph_add_se2(g, 1, *(const double *)c->user, 0.0, 0.0);
}

static fgo_status write_one(const fgo_format_class *c, const fgo_graph *g, fgo_output *out)
{
    (void)g;
    fgo_output_text(out, c->name);
    return FGO_OK;
}

/* 60 for lines that begin as the name of the format, 100 with a ! after it. */
static int detect_name(const fgo_format_class *c, const char *line, size_t length)
{
    const size_t n = strlen(c->name);
    if (length < n || memcmp(line, c->name, n) != 0) return 0;
    return length > n && line[n] == '!' ? 100 : 60;
}

static double at[] = { 1.0, 2.0, 3.0 };
static const char *const one_endings[] = { ".one", ".uno", NULL }, *const mark_endings[] = { ".mark", ".one", ".g2o", NULL };
#define FORMAT(NAME) .size = sizeof(fgo_format_class), .name = NAME, .read = read_one, .write = write_one
static const fgo_format_class one = { FORMAT("one"), .endings = one_endings, .user = &at[0] };
static const fgo_format_class mark = { FORMAT("#mark"), .endings = mark_endings, .detect = detect_name, .user = &at[1] };
static const fgo_format_class stranger = { FORMAT("stranger"), .user = &at[2] };
static int ONE, MARK; /* the numbers after those of the built-in formats */

static void test_refusals(UNUSED_STATE)
{
    (void)state;
    fgo_format_class c[5];
    for (int i = 0; i < 5; i++) c[i] = one;
    c[0].size = 8, c[1].name = NULL, c[2].name = "", c[3].read = NULL, c[3].write = NULL, c[4].name = "g2o";
    for (int i = 0; i < 4; i++) assert_int_equal(fgo_register_format(&c[i]), FGO_ERROR_ARGUMENT);
    assert_int_equal(fgo_register_format(&c[4]), FGO_ERROR_TYPE);
    c[4].name = "auto";
    assert_int_equal(fgo_register_format(&c[4]), FGO_ERROR_TYPE);
    assert_null(fgo_format_of((fgo_format)ONE));
}

static void test_numbers(UNUSED_STATE)
{
    (void)state;
    assert_ok(fgo_register_format(&one));
    assert_ok(fgo_register_format(&mark));
    assert_ok(fgo_register_format(&one)); /* again */
    const fgo_format_class other = { FORMAT("one"), .user = &at[0] };
    assert_int_equal(fgo_register_format(&other), FGO_ERROR_TYPE);
    assert_ptr_equal(fgo_format_of((fgo_format)ONE), &one);
    assert_ptr_equal(fgo_format_of((fgo_format)MARK), &mark);
    assert_null(fgo_format_of((fgo_format)(MARK + 1)));
    assert_string_equal(fgo_format_name((fgo_format)MARK), "#mark");
    assert_int_equal(fgo_format_of_path("a.uno.gz"), ONE);
    assert_int_equal(fgo_format_of_path("a.one"), ONE); /* the first one keeps it */
    assert_int_equal(fgo_format_of_path("a.mark"), MARK);
    assert_int_equal(fgo_format_of_path("a.g2o"), FGO_FORMAT_G2O);
}

/* Reads a text and returns the format that the graph remembers. */
static int format_of(const char *text, const char *name)
{
    fgo_graph *g;
    fgo_file_report r;
    assert_ok(fgo_graph_read_memory(text, strlen(text), name, NULL, &g));
    assert_ok(fgo_graph_file_report(g, &r));
    assert_string_equal(r.format_name, fgo_format_name((fgo_format)r.format));
    assert_int_equal(r.bytes, strlen(text));
    if (r.format >= ONE) assert_true(fgo_graph_values(g, NULL)[0] == at[r.format - ONE] && r.vertices == 1 && r.edges == 0);
    fgo_graph_free(g);
    return r.format;
}

static void test_which_format(UNUSED_STATE)
{
    (void)state;
    const char *g2o = "# a comment\nVERTEX_SE2 0 0 0 0\n", *tum = "1 0 0 0 0 0 0 1\n";
    assert_int_equal(format_of("?", "a.one"), ONE);
    assert_int_equal(format_of("?", "a.uno.zst"), ONE);
    assert_int_equal(format_of("?", "a.mark"), MARK);
    assert_int_equal(format_of("#mark\n", "a"), MARK);    /* by a first line that is a comment elsewhere */
    assert_int_equal(format_of("#mark", NULL), MARK);     /* or has no end */
    assert_int_equal(format_of("#mark", "a.one"), ONE);   /* an ending is more certain than 60, */
    assert_int_equal(format_of("#mark!", "a.one"), MARK); /* and less than 100 */
    assert_int_equal(format_of(tum, "a.one"), ONE);       /* and more than what the lines look like */
    assert_int_equal(format_of(tum, "a.txt"), FGO_FORMAT_TUM);
    assert_int_equal(format_of(g2o, "a.txt"), FGO_FORMAT_G2O);
    assert_int_equal(format_of(g2o, "a.g2o"), FGO_FORMAT_G2O);
    assert_int_equal(format_of(g2o, "a.tum"), FGO_FORMAT_G2O); /* of formats without a reader the lines decide */
    assert_int_equal(format_of("\xEF\xBB\xBF#mark", "a") - MARK, 0);
}

/* The first line of a text is cut where it is very long. */
static void test_long_lines(UNUSED_STATE)
{
    (void)state;
    static char text[10000] = "#mark";
    memset(text + 5, 'x', sizeof text - 6);
    assert_int_equal(format_of(text, "a"), MARK);
    memset(text, ' ', sizeof text - 1);
    memcpy(text + 5000, "\nVERTEX_XY 1 2 3\n", 17);
    assert_int_equal(format_of(text, "a"), FGO_FORMAT_G2O);
}

static void test_by_number(UNUSED_STATE)
{
    (void)state;
    fgo_read_options o = fgo_read_options_default();
    fgo_graph *g = NULL;
    o.format = ONE;
    assert_ok(fgo_graph_read_memory("#mark!", 6, "a.mark", &o, &g));
    assert_true(fgo_graph_values(g, NULL)[0] == at[0]);
    fgo_graph_free(g);
    g = NULL;
    o.format = MARK + 1;
    assert_int_equal(fgo_graph_read_memory("#mark!", 6, "a.mark", &o, &g), FGO_ERROR_ARGUMENT);
    o.format = ONE;
    assert_int_equal(fgo_graph_read_memory("", 0, "a.one", &o, &g), FGO_ERROR_PARSE);
    assert_null(g);
}

static void assert_written(const fgo_graph *g, const char *path, fgo_format format, const char *begin)
{
    char text[64] = { 0 };
    assert_ok(fgo_graph_write(g, path, format));
    FILE *f = fopen(path, "r");
    assert_non_null(f);
    assert_true(fread(text, 1, sizeof text - 1, f) > 0);
    fclose(f);
    remove(path);
    assert_memory_equal(text, begin, strlen(begin));
}

/* A graph and its copies know what they were read from, and are written as that unless somebody says otherwise. */
static void test_memory_of_a_file(UNUSED_STATE)
{
    (void)state;
    fgo_graph *g, *copy;
    fgo_file_report r;
    assert_ok(fgo_graph_read_memory("?\n?\n?", 5, "a.one", NULL, &g));
    assert_ok(fgo_graph_copy(g, &copy));
    fgo_graph_free(g);
    assert_ok(fgo_graph_file_report(copy, &r));
    assert_string_equal(r.format_name, "one");
    assert_true(r.lines == 3 && r.bytes == 5 && r.format == ONE);
    assert_null(fgo_graph_file_tag(copy, 0, NULL));
    assert_ok(fgo_graph_add_se2(copy, 2, 0.0, 0.0, 0.0));
    assert_ok(fgo_graph_remove_variable(copy, 1));
    assert_written(copy, "test_io_register.x", FGO_FORMAT_AUTO, "one");
    assert_written(copy, "test_io_register.mark", FGO_FORMAT_AUTO, "#mark");
    assert_written(copy, "test_io_register.g2o", FGO_FORMAT_AUTO, "VERTEX_SE2 2 0 0 0\n");
    assert_written(copy, "test_io_register.x", (fgo_format)MARK, "#mark");
    fgo_findings *found;
    assert_ok(fgo_graph_examine(copy, FGO_DOCTOR_ALL, 0.01, &found));
    fgo_findings_free(found);
    fgo_graph_free(copy);
}

/* A format that is passed and not registered has a name, and no number. */
static void test_a_stranger(UNUSED_STATE)
{
    (void)state;
    fgo_read_options o = fgo_read_options_default();
    fgo_graph *g;
    fgo_file_report r;
    char name[] = "stranger";
    fgo_format_class c = stranger;
    c.name = name;
    o.format_class = &c;
    assert_ok(fgo_graph_read_memory("#mark!", 6, "a.one", &o, &g));
    memset(name, 'x', strlen(name)); /* calls borrow the class */
    assert_ok(fgo_graph_file_report(g, &r));
    assert_string_equal(r.format_name, "stranger");
    assert_true(r.format == FGO_FORMAT_AUTO && r.lines == 1 && fgo_graph_values(g, NULL)[0] == at[2]);
    assert_written(g, "test_io_register.x", FGO_FORMAT_AUTO, "VERTEX_SE2 1 3 0 0\n");
    fgo_graph_free(g);
    assert_ok(fgo_graph_create(&g));
    assert_ok(fgo_graph_file_report(g, &r));
    assert_null(r.format_name);
    fgo_graph_free(g);
}

static void test_too_many(UNUSED_STATE)
{
    (void)state;
    enum { MANY = 256 };
    static fgo_format_class many[MANY];
    static char name[MANY][8];
    for (int i = 0; i < MANY; i++) {
        snprintf(name[i], sizeof name[i], "n%d", i);
        many[i] = one;
        many[i].name = name[i];
        assert_int_equal(fgo_register_format(&many[i]), i < MANY - 2 ? FGO_OK : FGO_ERROR_TOO_LARGE);
    }
    assert_string_equal(fgo_format_name((fgo_format)(ONE + MANY - 1)), "n253");
    assert_null(fgo_format_name((fgo_format)(ONE + MANY)));
}

int main(void)
{
    for (ONE = 0; !ONE || fgo_format_of((fgo_format)ONE);) ONE++;
    MARK = ONE + 1;
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_refusals),   cmocka_unit_test(test_numbers),   cmocka_unit_test(test_which_format),
        cmocka_unit_test(test_long_lines), cmocka_unit_test(test_by_number), cmocka_unit_test(test_memory_of_a_file),
        cmocka_unit_test(test_a_stranger), cmocka_unit_test(test_too_many),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
