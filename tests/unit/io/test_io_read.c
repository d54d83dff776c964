/* SPDX-License-Identifier: BSD-3-Clause */
/* test_io_read.c -- what good files mean: values, weights, order and the report. */
#include "io_fixture.h"

#define I6  " 1 0 0 0 0 0 1 0 0 0 0 1 0 0 0 1 0 0 1 0 1"
#define V01 "VERTEX_SE2 0 0 0 0\nVERTEX_SE2 1 1 0 0\n"

static fgo_file_report report_of(const fgo_graph *g)
{
    fgo_file_report report;
    memset(&report, 0xFF, sizeof report);
    assert_int_equal(fgo_graph_file_report(g, &report), FGO_OK);
    return report;
}

static void assert_information(fgo_graph *g, size_t factor, int rows, const double *expected)
{
    double Omega[36];
    assert_int_equal(fgo_graph_factor_information(g, factor, Omega), FGO_OK);
    for (int i = 0; i < rows * rows; i++) assert_close(Omega[i], expected[i], 1e-12 * fabs(expected[i]) + 1e-13);
}

static void test_plane(void **state)
{
    (void)state;
    fgo_graph *g = read_good("VERTEX_SE2 3 1 2 0.5\nVERTEX_SE2 -4 -1 .25 -3\nEDGE_SE2 3 -4 0.1 0.2 7 50 1 2 60 3 70\nFIX -4\n");
    const double *x = fgo_graph_variable_value(g, 0);
    const fgo_se2 *z = fgo_graph_factor_measurement(g, 0);
    const double Omega[9] = { 50, 1, 2, 1, 60, 3, 2, 3, 70 };
    int64_t keys[2];
    assert_int_equal(fgo_graph_variable_count(g), 2);
    assert_true(fgo_graph_variable_key(g, 0) == 3 && fgo_graph_variable_key(g, 1) == -4);
    assert_true(x[0] == 1.0 && x[1] == 2.0);
    assert_close(x[2], cos(0.5), 1e-16);
    assert_close(x[3], sin(0.5), 1e-16);
    assert_string_equal(fgo_graph_factor_class(g, 0)->name, fgo_between_se2.name);
    assert_int_equal(fgo_graph_factor_keys(g, 0, keys), FGO_OK);
    assert_true(keys[0] == 3 && keys[1] == -4);
    assert_true(z->x == 0.1 && z->y == 0.2);
    assert_close(z->c, cos(7.0), 1e-16);
    assert_close(z->s, sin(7.0), 1e-16);
    assert_information(g, 0, 3, Omega);
    assert_int_equal(fgo_graph_variable_held(g, 0), 0);
    assert_int_equal(fgo_graph_variable_held(g, 1), 3);
    fgo_graph_free(g);
}

static void test_space(void **state)
{
    /* upper triangle by rows; quaternions of any length, measurement and vertex */
    const char *text = "VERTEX_SE3:QUAT 0 1 2 3 0 0 0 2\nVERTEX_SE3:QUAT 1 4 5 6 1e-300 0 0 1e-300\n"
                       "EDGE_SE3:QUAT 0 1 7 8 9 0 3e200 0 4e200 "
                       "11 .12 .13 .14 .15 .16 22 .23 .24 .25 .26 33 .34 .35 .36 44 .45 .46 55 .56 66\n";
    double Omega[36];
    (void)state;
    fgo_graph *g = read_good(text);
    const double *x = fgo_graph_variable_value(g, 1);
    const fgo_se3 *z = fgo_graph_factor_measurement(g, 0);
    for (int i = 0; i < 6; i++)
        for (int j = 0; j < 6; j++) {
            int row = i < j ? i : j, column = i < j ? j : i;
            Omega[6 * i + j] = i == j ? 11.0 * (i + 1) : (10.0 * (row + 1) + column + 1) / 100.0;
        }
    assert_true(fgo_graph_variable_value(g, 0)[6] == 1.0);
    assert_close(x[3], sqrt(0.5), 1e-15);
    assert_close(x[6], sqrt(0.5), 1e-15);
    assert_true(z->t[0] == 7 && z->t[1] == 8 && z->t[2] == 9);
    assert_close(z->q[1], 0.6, 1e-15);
    assert_close(z->q[3], 0.8, 1e-15);
    assert_string_equal(fgo_graph_factor_class(g, 0)->name, fgo_between_se3.name);
    assert_information(g, 0, 6, Omega);
    fgo_graph_free(g);
}

static void test_toro_plane(void **state)
{
    (void)state;
    fgo_graph *g = read_good("VERTEX2 0 0 0 0\nVERTEX2 1 1 0 0\nEDGE2 1 0 -1 0 0 11 1.2 22 33 1.3 2.3\nEQUIV 1 0\n");
    const double Omega[9] = { 11, 1.2, 1.3, 1.2, 22, 2.3, 1.3, 2.3, 33 };
    int64_t keys[2];
    fgo_file_report report = report_of(g);
    assert_information(g, 0, 3, Omega);
    assert_int_equal(fgo_graph_factor_keys(g, 0, keys), FGO_OK);
    assert_true(keys[0] == 1 && keys[1] == 0);
    assert_int_equal(report.format, FGO_FORMAT_TORO);
    assert_int_equal(report.equivalences, 1);
    assert_int_equal(fgo_graph_factor_count(g), 1);
    fgo_graph_free(g);
}

/* Rz(yaw) Ry(pitch) Rx(roll), checked by rotating the unit vectors: for yaw alone x goes to y, for pitch alone z goes
 * to x, for roll alone y goes to z; and in this order. */
static void rotate(const double q[4], const double v[3], double out[3])
{
    double c[3] = { q[1] * v[2] - q[2] * v[1], q[2] * v[0] - q[0] * v[2], q[0] * v[1] - q[1] * v[0] };
    out[0] = v[0] + 2 * (q[3] * c[0] + q[1] * c[2] - q[2] * c[1]);
    out[1] = v[1] + 2 * (q[3] * c[1] + q[2] * c[0] - q[0] * c[2]);
    out[2] = v[2] + 2 * (q[3] * c[2] + q[0] * c[1] - q[1] * c[0]);
}

static void test_toro_space(void **state)
{
    (void)state;
    fgo_graph *g = read_good("VERTEX3 0 1 2 3 0.1 0.2 0.3\nVERTEX3 1 0 0 0 0 0 1.5707963267948966\n"
                             "EDGE3 0 1 4 5 6 0.1 -0.2 0.3\nEDGE3 1 0 4 5 6 0 0 0" I6 "\n");
    const double *x = fgo_graph_variable_value(g, 0), unit_x[3] = { 1, 0, 0 }, unit_z[3] = { 0, 0, 1 };
    const double identity[36] = { [0] = 1, [7] = 1, [14] = 1, [21] = 1, [28] = 1, [35] = 1 };
    double v[3];
    assert_true(x[0] == 1 && x[1] == 2 && x[2] == 3);
    rotate(x + 3, unit_x, v); /* first column of Rz Ry Rx */
    assert_close(v[0], cos(0.3) * cos(0.2), 1e-15);
    assert_close(v[1], sin(0.3) * cos(0.2), 1e-15);
    assert_close(v[2], -sin(0.2), 1e-15);
    rotate(x + 3, unit_z, v); /* third column */
    assert_close(v[0], cos(0.3) * sin(0.2) * cos(0.1) + sin(0.3) * sin(0.1), 1e-15);
    assert_close(v[1], sin(0.3) * sin(0.2) * cos(0.1) - cos(0.3) * sin(0.1), 1e-15);
    assert_close(v[2], cos(0.2) * cos(0.1), 1e-15);
    rotate(fgo_graph_variable_value(g, 1) + 3, unit_x, v);
    assert_close(v[1], 1.0, 1e-15);
    assert_information(g, 0, 6, identity);
    assert_information(g, 1, 6, identity);
    assert_int_equal(report_of(g).without_information, 1);
    fgo_graph_free(g);
}

static void test_layout_of_lines(void **state)
{
    (void)state;
    /* byte order mark, CRLF, tabs, blank and comment lines, a comment behind fields, no newline at the end, vertices
     * last, numbers with signs and exponents, the extreme ids */
    fgo_graph *g = read_good("\xEF\xBB\xBF"
                             "EDGE_SE2\t9223372036854775807 \t-9223372036854775808  1 0 0\t1 0 0 1 0 1\r\n"
                             "\r\n   \n#comment\n\t # another\n"
                             "  VERTEX_SE2 9223372036854775807 +1.5e1 -2E-1 0 # behind\r\n"
                             "VERTEX_SE2 -9223372036854775808 .5 5. 0");
    fgo_file_report report = report_of(g);
    assert_int_equal(report.vertices, 2);
    assert_int_equal(report.edges, 1);
    assert_int_equal(report.lines, 7);
    assert_true(fgo_graph_variable_value(g, 0)[0] == 15.0 && fgo_graph_variable_value(g, 0)[1] == -0.2);
    assert_true(fgo_graph_variable_value(g, 1)[0] == 0.5 && fgo_graph_variable_value(g, 1)[1] == 5.0);
    fgo_graph_free(g);
}

static void test_report_and_tags(void **state)
{
    const char *text = V01 "LASER 0 7 1 2 3 4\nEDGE_SE2 0 1 1 0 0 1 0 0 1 0 1\nODOM 7 1 1\nLASER 0 8 1 2 3 4\nFIX 0 1\n";
    static const struct {
        const char *name;
        size_t count;
    } tags[] = { { "VERTEX_SE2", 2 }, { "LASER", 2 }, { "EDGE_SE2", 1 }, { "ODOM", 1 }, { "FIX", 1 } };
    size_t count = 0;
    (void)state;
    fgo_graph *g = read_good(text);
    fgo_file_report report = report_of(g);
    assert_int_equal(report.format, FGO_FORMAT_G2O);
    assert_int_equal(report.convention, FGO_CONVENTION_G2O);
    assert_int_equal(report.bytes, strlen(text));
    assert_int_equal(report.lines, 7);
    assert_int_equal(report.vertices, 2);
    assert_int_equal(report.edges, 1);
    assert_int_equal(report.fixed, 2);
    assert_int_equal(report.unknown, 3);
    assert_int_equal(report.unknown_first_line, 3);
    assert_int_equal(report.equivalences + report.without_information + report.projected, 0);
    assert_int_equal(report.edges_only, 0);
    for (size_t i = 0; i < 5; i++) {
        assert_string_equal(fgo_graph_file_tag(g, i, &count), tags[i].name);
        assert_int_equal(count, tags[i].count);
    }
    assert_null(fgo_graph_file_tag(g, 5, &count));
    fgo_graph_free(g);

    assert_int_equal(fgo_graph_create(&g), FGO_OK);
    report = report_of(g);
    assert_int_equal(report.lines + report.bytes + report.vertices + (size_t)report.format, 0);
    assert_null(fgo_graph_file_tag(g, 0, NULL));
    fgo_graph_free(g);
}

/* Thousands of different tags: the table of tags grows. */
static void test_many_tags(void **state)
{
    enum { TAGS = 5000 };
    char *text = malloc(TAGS * 32 + 128), *end = text, name[32];
    size_t count;
    (void)state;
    assert_non_null(text);
    end += sprintf(end, V01);
    for (int pass = 0; pass < 2; pass++)
        for (int i = 0; i < TAGS; i++) end += sprintf(end, "TAG%d 1\n", i);
    fgo_graph *g = read_good(text);
    assert_int_equal(report_of(g).unknown, 2 * TAGS);
    for (int i = 0; i < TAGS; i++) {
        snprintf(name, sizeof name, "TAG%d", i);
        assert_string_equal(fgo_graph_file_tag(g, (size_t)i + 1, &count), name);
        assert_int_equal(count, 2);
    }
    fgo_graph_free(g);
    free(text);
}

static void test_convention(void **state)
{
    fgo_read_options o = fgo_read_options_default();
    o.convention = FGO_CONVENTION_LOG;
    (void)state;
    fgo_graph *g = read_good_with("EDGE_SE2 0 1 1 0 0 1 0 0 1 0 1\nEDGE_SE3:QUAT 2 3 0 0 0 0 0 0 1" I6 "\n", &o);
    assert_string_equal(fgo_graph_factor_class(g, 0)->name, fgo_between_se2_log.name);
    assert_string_equal(fgo_graph_factor_class(g, 1)->name, fgo_between_se3_log.name);
    assert_int_equal(report_of(g).convention, FGO_CONVENTION_LOG);
    fgo_graph_free(g);
}

static void test_formats(void **state)
{
    const char *mixed = "VERTEX2 0 0 0 0\nVERTEX_SE2 1 1 0 0\nEDGE_SE2 0 1 1 0 0 1 0 0 1 0 1\n";
    fgo_read_options o = fgo_read_options_default();
    fgo_graph *g = read_good(mixed), *none = NULL;
    (void)state;
    assert_int_equal(report_of(g).format, FGO_FORMAT_TORO); /* that of the first known tag */
    assert_int_equal(report_of(g).vertices, 2);
    fgo_graph_free(g);
    o.format = FGO_FORMAT_TORO; /* then the tags of others are unknown */
    g = read_good_with(mixed, &o);
    assert_int_equal(report_of(g).vertices, 1);
    assert_int_equal(report_of(g).unknown, 2);
    fgo_graph_free(g);
    o.format = FGO_FORMAT_G2O;
    assert_int_equal(fgo_graph_read_memory(mixed, strlen(mixed), "m", &o, &none), FGO_ERROR_PARSE);
    assert_string_equal(fgo_last_message(), "m:3:10: EDGE_SE2 names vertex 0, which is not in the file");
    assert_string_equal(fgo_format_name(FGO_FORMAT_AUTO), "auto");
    assert_string_equal(fgo_format_name(FGO_FORMAT_G2O), "g2o");
    assert_string_equal(fgo_format_name(FGO_FORMAT_TORO), "toro");
    assert_string_equal(fgo_convention_name(FGO_CONVENTION_G2O), "g2o");
    assert_string_equal(fgo_convention_name(FGO_CONVENTION_LOG), "log");
}

static void test_edges_only(void **state)
{
    (void)state;
    fgo_graph *g = read_good("EDGE_SE2 5 3 1 0 1.5707963267948966 1 0 0 1 0 1\nEDGE_SE2 3 4 2 0 0 1 0 0 1 0 1\nFIX 5\n");
    fgo_file_report report = report_of(g);
    size_t v;
    assert_int_equal(report.edges_only, 1);
    assert_int_equal(report.vertices, 0);
    assert_int_equal(report.edges, 2);
    assert_int_equal(fgo_graph_variable_count(g), 3);
    assert_int_equal(fgo_graph_find(g, 4, &v), FGO_OK);
    const double *x = fgo_graph_variable_value(g, v); /* 5 at the origin, 3 one ahead looking left, 4 two to its front */
    assert_close(x[0], 1.0, 1e-15);
    assert_close(x[1], 2.0, 1e-15);
    assert_close(x[3], 1.0, 1e-15);
    fgo_graph_free(g);
}

static void test_projection(void **state)
{
    const double projected[9] = { 1, 0, 0, 0, 0, 0, 0, 0, 4 };
    fgo_read_options o = fgo_read_options_default();
    o.project_information = 1;
    (void)state;
    fgo_graph *g = read_good_with(V01 "EDGE_SE2 0 1 1 0 0 1 0 0 -2 0 4\nEDGE_SE2 0 1 1 0 0 1 0 0 2 0 4\n", &o);
    assert_int_equal(report_of(g).projected, 1);
    assert_information(g, 0, 3, projected);
    fgo_graph_free(g);
}

/* Information may be singular: zero, or of rank one. */
static void test_semi_definite_information(void **state)
{
    const double one[9] = { 1, 2, 0, 2, 4, 0, 0, 0, 0 }, zero[9] = { 0 };
    (void)state;
    fgo_graph *g = read_good(V01 "EDGE_SE2 0 1 1 0 0 1 2 0 4 0 0\nEDGE_SE2 0 1 1 0 0 0 0 0 0 0 0\n");
    assert_information(g, 0, 3, one);
    assert_information(g, 1, 3, zero);
    fgo_graph_free(g);
}

static void test_standard_input(void **state)
{
    static const char text[] = V01 "EDGE_SE2 0 1 1 0 0 1 0 0 1 0 1\n";
    int ends[2], saved = dup(STDIN_FILENO);
    fgo_graph *g = NULL;
    (void)state;
    assert_int_equal(pipe(ends), 0);
    assert_int_equal(write(ends[1], text, sizeof text - 1), sizeof text - 1);
    close(ends[1]);
    dup2(ends[0], STDIN_FILENO);
    close(ends[0]);
    assert_int_equal(fgo_graph_read("-", NULL, &g), FGO_OK);
    assert_int_equal(fgo_graph_factor_count(g), 1);
    fgo_graph_free(g);
    g = NULL;
    assert_int_equal(fgo_graph_read("-", NULL, &g), FGO_ERROR_PARSE); /* the pipe is at its end */
    assert_string_equal(fgo_last_message(), "stdin:1:1: the file is empty");
    dup2(saved, STDIN_FILENO);
    close(saved);
}

/* Puts the numbers behind the measurement in other words: blanks and zeros, other ones in each line. */
static void spell(char *out, const char *matrix, int line, int other)
{
    int zeros = other ? line % 7 : 0, blanks = other ? 1 + line % 3 : 1;
    for (const char *p = matrix; *p; p++) {
        if (*p == ' ')
            for (int k = 0; k < blanks; k++) *out++ = ' ';
        else
            *out++ = *p;
    }
    if (matrix[0] && zeros) *out++ = '.';
    while (matrix[0] && zeros-- > 0) *out++ = '0';
    *out = '\0';
}

/* A graph of all kinds of edges in any order, most with the matrix of the one before; the same text for the same seed.
 */
static char *mixed_edges(uint64_t seed, int other)
{
    static const struct {
        const char *tag, *end, *measured, *matrix[3];
    } kinds[] = {
        { "EDGE_SE2", " ", "1 0.5", { "4 1 0 4 0 9", "4 1 0 4 0 10", "9 0 0 9 0 9" } },
        { "EDGE2", " ", "1 0.5", { "4 1 4 9 0 0", "4 1 4 10 0 0", "" } },
        { "EDGE_SE2_XY", " 1", "1", { "4 1 4", "4 1 5", "9 0 9" } },
        { "EDGE_BEARING_SE2_XY", " 1", "", { "4", "5", "6" } },
        { "EDGE_PRIOR_SE2", " 0.", "1", { "4 1 0 4 0 9", "4 1 0 4 0 10", "9 0 0 9 0 9" } },
    };
    rng r = { seed };
    char *text = calloc(1, 40000), *p = text;
    for (int v = 0; v < 5; v++) p += sprintf(p, "VERTEX_SE2 %d %d 0 0\nVERTEX_XY 1%d %d 1\n", v, v, v, v);
    for (int line = 0, kind = 0, which = 0; line < 300; line++) {
        char matrix[64];
        if (rng_below(&r, 4) == 0) kind = rng_below(&r, 5);
        if (rng_below(&r, 4) == 0) which = rng_below(&r, 3);
        const int a = rng_below(&r, 5), b = rng_below(&r, 7); /* itself and one that is not there among them */
        p += sprintf(p, "%s %d%s%d %s %d ", kinds[kind].tag, a, kinds[kind].end, b, kinds[kind].measured, rng_below(&r, 3));
        spell(matrix, kinds[kind].matrix[which], line, other);
        p += sprintf(p, "%s\n", matrix);
    }
    return text;
}

/* A matrix that stands in the line before is not read again; the graph is the same as if it were. */
static void test_repeated_matrices(void **state)
{
    size_t edges = 0, dropped = 0, without = 0;
    (void)state;
    for (int i = 0; i < 60; i++) {
        fgo_read_options o = { .size = sizeof o,
                               .lenient = 1,
                               .convention = i % 2,
                               .weights = { i / 2 % 5, i / 10 % 3, i / 10 % 3 == 1 ? 0 : i / 30 },
                               .project_information = 1 };
        char *same = mixed_edges((uint64_t)i, 0), *other = mixed_edges((uint64_t)i, 1);
        fgo_graph *g = read_good_with(same, &o), *h = read_good_with(other, &o);
        const fgo_file_report a = report_of(g), b = report_of(h);
        edges += a.edges, dropped += a.dropped, without += a.without_information;
        assert_int_equal(a.edges, b.edges);
        assert_int_equal(a.dropped, b.dropped);
        assert_int_equal(a.without_information, b.without_information);
        for (size_t f = 0; f < fgo_graph_factor_count(g); f++) {
            double A[9], B[9];
            int64_t keys[2][2];
            const fgo_factor_class *c = fgo_graph_factor_class(g, f);
            assert_string_equal(c->name, fgo_graph_factor_class(h, f)->name);
            assert_int_equal(fgo_graph_factor_information(g, f, A), FGO_OK);
            assert_int_equal(fgo_graph_factor_information(h, f, B), FGO_OK);
            assert_memory_equal(A, B, (size_t)(c->rows * c->rows) * sizeof *A);
            assert_memory_equal(fgo_graph_factor_measurement(g, f), fgo_graph_factor_measurement(h, f), c->measurement_size);
            assert_int_equal(fgo_graph_factor_keys(g, f, keys[0]), FGO_OK);
            assert_int_equal(fgo_graph_factor_keys(h, f, keys[1]), FGO_OK);
            assert_memory_equal(keys[0], keys[1], (size_t)c->arity * sizeof **keys);
        }
        fgo_graph_free(g);
        fgo_graph_free(h);
        free(same);
        free(other);
    }
    assert_true(edges > 5000 && dropped > 1000 && without > 500); /* there was something to tell apart */
}

/* The second of two bad lines with the same matrix is at fault in its own place. */
static void test_what_is_wrong_behind_a_repeated_matrix(void **state)
{
    fgo_graph *g = NULL;
    static const char text[] = V01 "EDGE_SE2 0 1 1 0 0 1 0 0 1 0 1\nEDGE_SE2 0 7 1 0 0 1 0 0 1 0 1\n";
    (void)state;
    assert_int_equal(fgo_graph_read_memory(text, sizeof text - 1, "t", NULL, &g), FGO_ERROR_PARSE);
    assert_non_null(strstr(fgo_last_message(), "t:4:12: "));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_plane),
        cmocka_unit_test(test_space),
        cmocka_unit_test(test_toro_plane),
        cmocka_unit_test(test_toro_space),
        cmocka_unit_test(test_layout_of_lines),
        cmocka_unit_test(test_report_and_tags),
        cmocka_unit_test(test_many_tags),
        cmocka_unit_test(test_convention),
        cmocka_unit_test(test_formats),
        cmocka_unit_test(test_edges_only),
        cmocka_unit_test(test_projection),
        cmocka_unit_test(test_semi_definite_information),
        cmocka_unit_test(test_standard_input),
        cmocka_unit_test(test_repeated_matrices),
        cmocka_unit_test(test_what_is_wrong_behind_a_repeated_matrix),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
