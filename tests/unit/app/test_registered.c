/* SPDX-License-Identifier: BSD-3-Clause */
/* test_registered.c -- the program on what it was not made for: a registered format, and in it a class of three variables and eight
 * rows, which no format of its own has. */
#include "support.h"

int fgopt_main(int argc, char **argv);

/* Eight times what the pose in the middle lacks of the middle in x. */
static int middle(const fgo_factor_class *self, size_t count, const double *const *x, const void *z, double *e, double *J)
{
    (void)self, (void)z;
    for (size_t f = 0; f < count; f++, x += 3)
        for (int i = 0; i < 8; i++) {
            *e++ = x[1][0] - 0.5 * (x[0][0] + x[2][0]) + i;
            if (!J) continue;
            memset(J, 0, 9 * sizeof *J);
            for (int k = 0; k < 3; k++) { /* x is along the heading c, s of each pose */
                J[3 * k] = (k == 1 ? 1.0 : -0.5) * x[k][2];
                J[3 * k + 1] = (k == 1 ? -1.0 : 0.5) * x[k][3];
            }
            J += 9;
        }
    return 0;
}
static const fgo_factor_class middle_class = { .abi = FGO_FACTOR_ABI,
                                               .arity = 3,
                                               .rows = 8,
                                               .partials = 9,
                                               .name = "middle",
                                               .variable = { { "SE2", 3 }, { "SE2", 3 }, { "SE2", 3 } },
                                               .evaluate = middle };

/* Reads anything as three poses that are joined by all kinds of factors. */
static fgo_status read_three(const fgo_format_class *c, const fgo_format_text *text, const fgo_read_options *o, fgo_graph *g)
{
    const int64_t keys[] = { 7, 8, 9 };
    const fgo_se2 step = fgo_se2_from_angle(1.0, 0.0, 0.0);
    fgo_status status = FGO_OK;
    (void)c, (void)text, (void)o;
    for (int k = 0; k < 3 && !status; k++) status = fgo_graph_add_se2(g, keys[k], 1.1 * k, 0.0, 0.0);
    for (int k = 0; k < 2 && !status; k++)
        status = fgo_graph_add_factor(g, &fgo_between_se2, keys + k, &step, fgo_noise_sigma(0.1), fgo_loss_none());
    return status ? status : fgo_graph_add_factor(g, &middle_class, keys, NULL, fgo_noise_unit(), fgo_loss_none());
}
static const char *const endings[] = { ".three", NULL };
static const fgo_format_class three = { .size = sizeof three, .name = "three", .endings = endings, .read = read_three };

/* Runs a command; its words are separated by blanks. */
static int run(const char *command)
{
    char text[200], *word[16];
    int n = 0;
    snprintf(text, sizeof text, "fgopt %s", command);
    for (char *p = strtok(text, " "); p; p = strtok(NULL, " ")) word[n++] = p;
    word[n] = NULL;
    return fgopt_main(n, word);
}

static void read_back(const char *path, char text[4096])
{
    FILE *f = fopen(path, "r");
    assert_non_null(f);
    text[fread(text, 1, 4095, f)] = '\0';
    fclose(f);
    remove(path);
}

static void test_report(UNUSED_STATE)
{
    (void)state;
    char text[4096];
    assert_int_equal(run("report test.three -o test_registered.csv"), 0);
    read_back("test_registered.csv", text);
    const char *line = strchr(text, '\n');
    assert_memory_equal(text, "factor,class,id1,id2,id3,rows,chi2,norm,p,weight,redundancy,e1,e2,e3,e4,e5,e6,e7,e8\n",
                        (size_t)(line + 1 - text));
    assert_non_null(strstr(text, "\n0,between_se2,7,8,,3,"));
    assert_non_null(strstr(text, "\n2,middle,7,8,9,8,140,"));
    assert_non_null(strstr(text, ",0,1,2,3,4,5,6,7\n"));
    for (int commas = 0; line && line[1]; commas = 0) { /* a cell for each column */
        for (line++; *line && *line != '\n'; line++) commas += *line == ',';
        assert_int_equal(commas, 18);
    }
}

static void test_info(UNUSED_STATE)
{
    (void)state;
    char text[4096];
    assert_int_equal(run("info test.three --json test_registered.json"), 0);
    read_back("test_registered.json", text);
    assert_non_null(strstr(text, "\"format\": \"three\""));
    assert_non_null(strstr(text, "\"bytes\": 6,"));
    assert_non_null(strstr(text, "\"middle\": 1"));
}

static void test_others(UNUSED_STATE)
{
    (void)state;
    char text[4096];
    assert_int_equal(run("plot test.three -o test_registered.svg"), 0);
    read_back("test_registered.svg", text);
    assert_non_null(strstr(text, "<svg"));
    assert_int_equal(run("check test.three"), 0);                       /* nothing found */
    assert_int_equal(run("convert test.three test_registered.g2o"), 3); /* no tag for such factors */
}

static int set_up(void **state)
{
    (void)state;
    FILE *f = fopen("test.three", "w");
    return !f || fputs("a\nb\nc\n", f) < 0 || fclose(f) || fgo_register_format(&three);
}

static int tear_down(void **state)
{
    (void)state;
    return remove("test.three");
}

int main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(test_report), cmocka_unit_test(test_info),
                                        cmocka_unit_test(test_others) };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
