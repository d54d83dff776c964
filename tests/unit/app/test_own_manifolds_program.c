/* SPDX-License-Identifier: BSD-3-Clause */
/* test_own_manifolds_program.c -- each command of the program on a file of a manifold that somebody has registered: nothing in the
 * program knows manifolds by their names. */
#include "app/commands/commands.h"
#include "app/shell/cli.h"
#include "io_fixture.h"
#include "level.h"

static char *input, *output, *trajectory;

enum { MOST_WORDS = 8 };

/* Runs `fgopt COMMAND input ...`. Returns what it wrote to `output`. */
static char *run(cli_exit wanted, const char *command, const char *const *more)
{
    char *words[MOST_WORDS] = { input };
    int n = 1;
    for (; more[n - 1]; n++) assert_non_null(words[n] = strdup(more[n - 1]));
    assert_int_equal(cli_run(cli_find_command(command), n, words), wanted);
    while (n > 1) free(words[--n]);
    return slurp(output, NULL);
}
#define RUN(wanted, command, ...) run(wanted, command, (const char *const[MOST_WORDS]){ __VA_ARGS__ })

static int has(const char *text, const char *part)
{
    if (strstr(text, part)) return 1;
    print_error("no %s in\n%s\n", part, text);
    return 0;
}

static void test_info(UNUSED_STATE)
{
    (void)state;
    char *text = RUN(CLI_OK, "info", "--json", output);
    assert_true(has(text, "\"Level\": 4"));
    assert_true(has(text, "\"heading\"") && has(text, "\"forward\"") && has(text, "\"rad\""));
    assert_true(has(text, "\"level_between\": 4"));
    free(text);
}

static void test_optimize(UNUSED_STATE)
{
    (void)state;
    char *text = RUN(CLI_OK, "optimize", "-o", output);
    fgo_graph *g = read_good(text);
    double cost;
    assert_ok(fgo_graph_cost(g, &cost));
    assert_close(cost, 0, 1e-12);
    assert_close(fgo_graph_variable_value(g, 0)[X], 0.1, 0); /* the gauge rule holds it */
    fgo_graph_free(g);
    free(text);
}

static void test_convert(UNUSED_STATE)
{
    (void)state;
    char *text = RUN(CLI_OK, "convert", output, "--to", "tum");
    assert_true(has(text, "1 1.2 0 0.1 0 0 "));
    free(text);
    text = RUN(CLI_OK, "convert", output, "--to", "g2o");
    char *before = slurp(input, NULL);
    assert_string_equal(text, before);
    free(before);
    free(text);
}

static void test_plot(UNUSED_STATE)
{
    (void)state;
    char *text = RUN(CLI_OK, "plot", "--to", "svg", "-o", output);
    assert_true(has(text, "4 poses, 4 edges"));
    size_t lines = 0;
    for (const char *at = text; (at = strstr(at, "<path stroke=")); at++) lines++;
    assert_true(lines >= 4);
    free(text);
    text = RUN(CLI_OK, "plot", "--to", "html", "-o", output, "--optimize");
    assert_true(has(text, "\"points\": 4") && has(text, "\"edges\": 4") && has(text, "\"level_between\""));
    free(text);
}

static void test_check(UNUSED_STATE)
{
    (void)state;
    char *text = RUN(CLI_OK, "check", "--json", output);
    assert_true(has(text, "\"findings\""));
    free(text);
}

static void test_compare(UNUSED_STATE)
{
    (void)state;
    free(RUN(CLI_OK, "convert", trajectory, "--to", "kitti"));
    char *text = RUN(CLI_OK, "compare", trajectory, "--json", output);
    assert_true(has(text, "\"matched\": 4"));
    free(text);
}

int main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(test_info),    cmocka_unit_test(test_optimize),
                                        cmocka_unit_test(test_convert), cmocka_unit_test(test_plot),
                                        cmocka_unit_test(test_check),   cmocka_unit_test(test_compare) };
    input = scratch_path("level.g2o"), output = scratch_path("out"), trajectory = scratch_path("poses");
    cli_begin();
    fgo_graph *g = level_graph();
    if (fgo_register_manifold(&level) || fgo_register_factor_class(&level_row) || fgo_graph_write(g, input, FGO_FORMAT_G2O))
        return 1;
    fgo_graph_free(g);
    const int failed = cmocka_run_group_tests(tests, NULL, NULL);
    remove_scratch(output);
    remove_scratch(trajectory);
    remove_scratch(input);
    return failed;
}
