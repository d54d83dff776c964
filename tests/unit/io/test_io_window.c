/* SPDX-License-Identifier: BSD-3-Clause */
/* test_io_window.c -- large files, which are left where they are and read piece by piece: in every respect like those
 * that are kept in memory, as long as nobody changes them. */
#include "io/read/reader.h"
#include "io_fixture.h"
#include <dirent.h>
#include <fgopt/doctor.h>
#include <sys/stat.h>

enum { POSES = 9000, LONG_LINE = 700000 };

/* Some 1.5 MB of all that a file may hold, with a line that no window holds. */
static char *all_sorts(uint64_t seed, const char *newline)
{
    rng r = { seed };
    char *text = malloc(4 << 20), *p = text;
    p += sprintf(p, "\xEF\xBB\xBF# a file of all sorts%s%s", newline, newline);
    for (int i = 0; i < POSES; i++) {
        p += sprintf(p, "VERTEX_SE2 %d %.9g %.*g 0%s%s", i, rng_uniform(&r, -9, 9), 1 + rng_below(&r, 16), rng_uniform(&r, -9, 9),
                     i % 100 ? "" : " # time 1.50", newline);
        if (rng_below(&r, 10) == 0) p += sprintf(p, "# %d%s", i, newline);
        if (rng_below(&r, 10) == 0) p += sprintf(p, "UNKNOWN %d 1.000%s", i, newline);
        if (i == POSES / 2) {
            *p++ = '#';
            memset(p, 'x', LONG_LINE);
            p += LONG_LINE;
            p += sprintf(p, "%s", newline);
        }
        if (i > 0)
            p += sprintf(p, "EDGE_SE2 %d %d\t1 %.3f 0.10  %d 0 0 4 0 9.0%s", i - 1, i, rng_uniform(&r, -1, 1),
                         1 + rng_below(&r, 3), newline);
    }
    sprintf(p, "FIX 0");
    return text;
}

static char *put_file(const char *text)
{
    char *path = scratch_path("large.g2o");
    spill(path, text);
    return path;
}

static fgo_graph *read_left(const char *path)
{
    fgo_graph *g = NULL;
    const fgo_status status = fgoi_graph_read(path, NULL, 0, FGOI_TEXT_WINDOW, &g);
    if (status) fail_msg("%s", fgo_last_message());
    return g;
}

static fgo_file_report report_of(const fgo_graph *g)
{
    fgo_file_report r;
    assert_int_equal(fgo_graph_file_report(g, &r), FGO_OK);
    return r;
}

static void assert_same_text(char *a, char *b)
{
    assert_int_equal(strlen(a), strlen(b));
    assert_memory_equal(a, b, strlen(a));
    free(a);
    free(b);
}

static void move_every(fgo_graph *g, size_t step)
{
    for (size_t v = 0; v < fgo_graph_variable_count(g); v += step) {
        const double x[4] = { 1, (double)v, 0, 1 };
        assert_int_equal(fgo_graph_set_value(g, fgo_graph_variable_key(g, v), x), FGO_OK);
    }
}

static void test_it_is_as_in_memory(void **state)
{
    static const fgo_format formats[] = { FGO_FORMAT_AUTO, FGO_FORMAT_TORO, FGO_FORMAT_CSV, FGO_FORMAT_G2O };
    (void)state;
    for (int k = 0; k < 2; k++) {
        char *text = all_sorts((uint64_t)k, k ? "\r\n" : "\n"), *path = put_file(text);
        fgo_graph *left = read_left(path), *kept = read_good(text);
        const fgo_file_report a = report_of(left), b = report_of(kept);
        assert_memory_equal(&a, &b, sizeof a);
        assert_same_text(written(left, FGO_FORMAT_AUTO), strdup(text));
        move_every(left, 700);
        move_every(kept, 700);
        for (size_t i = 0; i < sizeof formats / sizeof *formats; i++)
            assert_same_text(written(left, formats[i]), written(kept, formats[i]));
        fgo_graph_free(left);
        fgo_graph_free(kept);
        remove_scratch(path);
        free(text);
    }
}

/* Each copy has its own place in the file. */
static void test_copies(void **state)
{
    char *text = all_sorts(3, "\n"), *path = put_file(text);
    fgo_graph *g = read_left(path), *copy = NULL;
    (void)state;
    assert_int_equal(fgo_graph_copy(g, &copy), FGO_OK);
    assert_same_text(written(copy, FGO_FORMAT_AUTO), strdup(text));
    assert_same_text(written(g, FGO_FORMAT_AUTO), strdup(text));
    fgo_graph_free(g);
    assert_same_text(written(copy, FGO_FORMAT_AUTO), strdup(text));
    fgo_graph_free(copy);
    remove_scratch(path);
    free(text);
}

/* The place of a mistake, wherever in the file. */
static void test_mistakes(void **state)
{
    static const char *const mistakes[] = { "VERTEX_SE2 4711 1 2 3\n",
                                            "VERTEX_SE2 4711x 1 2 3\n",
                                            "EDGE_SE2 1 2 1 0 0 1 0 0 1 0\n",
                                            "EDGE_SE2 1 99999 1 0 0 1 0 0 1 0 1\n",
                                            "EDGE_SE2 1 2 1 0 0 1 2 0 1 0 1\n",
                                            "FIX 99999\n",
                                            "\x01\x02\n" };
    char *text = all_sorts(4, "\n"), message[512];
    const size_t length = strlen(text);
    rng r = { 5 };
    (void)state;
    for (size_t i = 0; i < 4 * sizeof mistakes / sizeof *mistakes; i++) {
        const char *mistake = mistakes[i % (sizeof mistakes / sizeof *mistakes)];
        const char *at = text + (size_t)(rng_uniform(&r, 0.3, 1) * (double)length);
        while (at > text && at[-1] != '\n') at--;
        char *bad = calloc(1, length + strlen(mistake) + 1);
        memcpy(bad, text, (size_t)(at - text));
        strcpy(bad + (at - text), mistake);
        strcat(bad + (at - text), at);
        char *path = put_file(bad);
        fgo_graph *g = NULL;
        assert_int_equal(fgo_graph_read_memory(bad, strlen(bad), path, NULL, &g), FGO_ERROR_PARSE);
        snprintf(message, sizeof message, "%s", fgo_last_message());
        assert_int_equal(fgoi_graph_read(path, NULL, 0, FGOI_TEXT_WINDOW, &g), FGO_ERROR_PARSE);
        assert_string_equal(fgo_last_message(), message);
        remove_scratch(path);
        free(bad);
    }
    free(text);
}

/* Something else stands in the file: what the graph holds is written, and says so; its lines are not examined. */
static void test_a_file_that_changes(void **state)
{
    char *text = all_sorts(6, "\n"), *path = put_file(text);
    fgo_graph *g = read_left(path);
    fgo_findings *found = NULL;
    (void)state;
    assert_int_equal(truncate(path, 300000), 0);
    char *out = written(g, FGO_FORMAT_AUTO);
    assert_int_equal(strncmp(out, "# The file that this was read from has changed since", 52), 0);
    fgo_graph *again = read_good(out);
    assert_int_equal(fgo_graph_variable_count(again), POSES);
    assert_int_equal(fgo_graph_factor_count(again), POSES - 1);
    assert_memory_equal(fgo_graph_variable_value(again, 77), fgo_graph_variable_value(g, 77), 2 * sizeof(double));
    assert_int_equal(fgo_graph_examine(g, FGO_DOCTOR_STRUCTURE, 0.05, &found), FGO_ERROR_IO);
    assert_non_null(strstr(fgo_last_message(), "has been changed since it was opened: read it again"));
    fgo_graph_free(again);
    fgo_graph_free(g);
    free(out);
    free(text);
    remove_scratch(path);
}

/* A program that writes over what it has read still has it, whole. */
static void test_written_over_itself(void **state)
{
    char *text = all_sorts(7, "\n"), *path = put_file(text);
    fgo_graph *g = read_left(path);
    (void)state;
    for (int i = 0; i < 3; i++) {
        assert_int_equal(fgo_graph_write(g, path, FGO_FORMAT_AUTO), FGO_OK);
        assert_same_text(slurp(path, NULL), strdup(text));
    }
    fgo_graph_free(g);
    free(text);
    remove_scratch(path);
}

static int open_files(void)
{
    int count = 0;
    DIR *folder = opendir("/proc/self/fd");
    if (!folder) return -1;
    while (readdir(folder)) count++;
    closedir(folder);
    return count;
}

static void test_files_are_closed(void **state)
{
    char *text = all_sorts(8, "\n"), *path = put_file(text);
    const int before = open_files();
    (void)state;
    fgo_graph *g = read_left(path), *copy = NULL;
    assert_int_equal(fgo_graph_copy(g, &copy), FGO_OK);
    if (before >= 0) assert_int_equal(open_files(), before + 1);
    fgo_graph_free(g);
    fgo_graph_free(copy);
    assert_int_equal(open_files(), before);
    assert_int_equal(truncate(path, 300000), 0); /* within a line */
    fgo_graph *none = NULL;
    if (fgoi_graph_read(path, NULL, 0, FGOI_TEXT_WINDOW, &none) == FGO_OK) fgo_graph_free(none);
    assert_int_equal(open_files(), before);
    remove_scratch(path);
    free(text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_it_is_as_in_memory),
        cmocka_unit_test(test_copies),
        cmocka_unit_test(test_mistakes),
        cmocka_unit_test(test_a_file_that_changes),
        cmocka_unit_test(test_written_over_itself),
        cmocka_unit_test(test_files_are_closed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
