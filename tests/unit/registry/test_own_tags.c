/* SPDX-License-Identifier: BSD-3-Clause */
/* test_own_tags.c -- a registered class with a tag of its own is read from g2o files and written to them. */
#include "support.h"

/* A trailer: its pose seen from the car, the angle of its hitch, and how long it is. */
typedef struct trailer {
    fgo_se2 pose;
    fgo_so2 hitch;
    double length;
} trailer;

static int trailer_evaluate(const fgo_factor_class *self, size_t count, const double *const *x, const void *z, double *e,
                            double *J)
{
    const trailer *m = z;
    (void)self;
    for (size_t f = 0; f < count; f++) {
        if (fgo_between_se2.evaluate(&fgo_between_se2, 1, x + 2 * f, &m[f].pose, e + 3 * f, J ? J + 18 * f : NULL)) return 1;
        e[3 * f] += m[f].length + m[f].hitch.s;
    }
    return 0;
}
static const fgo_factor_class trailer_class = { .abi = FGO_FACTOR_ABI,
                                                .arity = 2,
                                                .rows = 3,
                                                .partials = 6,
                                                .name = "test_trailer",
                                                .measurement_size = sizeof(trailer),
                                                .variable = { { "SE2", 3 }, { "SE2", 3 } },
                                                .evaluate = trailer_evaluate,
                                                .gauge = FGO_GAUGE_RELATIVE };
static const fgo_measurement_field fields[] = {
    { "pose", FGO_FIELD_SE2, offsetof(trailer, pose), 4, "m, rad", "a", 0 },
    { "hitch", FGO_FIELD_SO2, offsetof(trailer, hitch), 2, "rad", "a", 0 },
    { "length", FGO_FIELD_LENGTH, offsetof(trailer, length), 1, "m", "", 0 },
};
static const fgo_factor_registration row = { .size = sizeof row,
                                             .name = "test_trailer",
                                             .c = &trailer_class,
                                             .field = fields,
                                             .fields = 3,
                                             .formula = "(t, angle) of z^-1 (a^-1 b) + (length + sin hitch, 0, 0)",
                                             .tag = "EDGE_TEST_TRAILER" };

static const char *const text = "VERTEX_SE2 1 0 0 0\nVERTEX_SE2 2 1 0 0.5\n"
                                "EDGE_TEST_TRAILER 1 2 1 0 0.5 0.25 7.5 4 0 0 4 0 4\n";

static fgo_graph *read_text(const char *lines)
{
    fgo_graph *g;
    FILE *f = fopen("own_tags.g2o", "w");
    assert_non_null(f);
    fputs(lines, f);
    fclose(f);
    assert_ok(fgo_graph_read("own_tags.g2o", NULL, &g));
    return g;
}

static void expect_file(const char *wanted)
{
    char got[400] = "";
    FILE *f = fopen("own_tags.g2o", "r");
    assert_non_null(f);
    got[fread(got, 1, sizeof got - 1, f)] = '\0';
    fclose(f);
    assert_string_equal(got, wanted);
}

static void test_read_and_written(UNUSED_STATE)
{
    (void)state;
    fgo_graph *g = read_text(text);
    assert_int_equal(fgo_graph_factor_count(g), 0); /* not known yet: kept as it is */
    fgo_graph_free(g);
    assert_ok(fgo_register_factor_class(&row));
    g = read_text(text);
    assert_int_equal(fgo_graph_factor_count(g), 1);
    assert_true(fgo_factor_class_same(fgo_graph_factor_class(g, 0), &trailer_class));
    assert_string_equal(fgo_factor_class_tag(&row, 0), "EDGE_TEST_TRAILER");
    assert_null(fgo_factor_class_tag(&row, 1));
    const trailer *z = fgo_graph_factor_measurement(g, 0);
    assert_close(z->pose.c, cos(0.5), 1e-15);
    assert_close(z->hitch.s, sin(0.25), 1e-15);
    assert_close(z->length, 7.5, 0);
    double cost;
    assert_ok(fgo_graph_cost(g, &cost));
    assert_close(cost, 4 * (7.5 + sin(0.25)) * (7.5 + sin(0.25)), 1e-12);
    assert_ok(fgo_graph_write(g, "own_tags.g2o", FGO_FORMAT_G2O));
    expect_file(text);
    fgo_graph_free(g);
}

static void test_added_and_written(UNUSED_STATE)
{
    (void)state;
    fgo_graph *g, *back;
    const trailer z = { fgo_se2_from_angle(1, 0, 0.5), fgo_so2_from_angle(0.25), 7.5 };
    assert_ok(fgo_graph_create(&g));
    assert_ok(fgo_graph_add_se2(g, 1, 0, 0, 0));
    assert_ok(fgo_graph_add_se2(g, 2, 1, 0, 0.5));
    assert_ok(fgo_graph_add_factor(g, &trailer_class, (int64_t[]){ 1, 2 }, &z, fgo_noise_sigma(0.5), fgo_loss_none()));
    assert_ok(fgo_graph_write(g, "own_tags.g2o", FGO_FORMAT_G2O));
    expect_file(text);
    assert_ok(fgo_graph_read("own_tags.g2o", NULL, &back));
    assert_int_equal(fgo_graph_factor_count(back), 1);
    assert_int_equal(fgo_graph_write(g, "own_tags.graph", FGO_FORMAT_TORO), FGO_ERROR_UNSUPPORTED);
    assert_int_equal(fgo_graph_write(g, "own_tags.csv", FGO_FORMAT_CSV), FGO_ERROR_UNSUPPORTED);
    assert_int_equal(fgo_graph_write(back, "own_tags.csv", FGO_FORMAT_CSV), FGO_ERROR_UNSUPPORTED); /* with a line of a file */
    assert_non_null(strstr(fgo_last_message(), "csv"));
    fgo_graph_free(back);
    fgo_graph_free(g);
}

static void test_refused_tags(UNUSED_STATE)
{
    (void)state;
    static const char *const tags[] = { "", "TWO WORDS", "#X" };
    for (int i = 0; i < 3; i++) {
        fgo_factor_registration other = row;
        other.tag = tags[i];
        assert_int_equal(fgo_register_factor_class(&other), FGO_ERROR_ARGUMENT);
        assert_non_null(strstr(fgo_last_message(), "tag"));
    }
    static fgo_factor_class taken_class;
    static fgo_factor_registration taken;
    taken_class = trailer_class, taken = row;
    taken.c = &taken_class, taken.name = taken_class.name = "test_taken", taken.tag = "EDGE_SE2";
    assert_ok(fgo_register_factor_class(&taken)); /* but the tag stays that of between_se2 */
    fgo_graph *g = read_text("VERTEX_SE2 1 0 0 0\nVERTEX_SE2 2 1 0 0.5\nEDGE_SE2 1 2 1 0 0.5 4 0 0 4 0 4\n");
    assert_true(fgo_factor_class_same(fgo_graph_factor_class(g, 0), &fgo_between_se2));
    fgo_graph_free(g);
    remove("own_tags.g2o");
}

static void test_tags_of_rows(UNUSED_STATE)
{
    (void)state;
    const fgo_factor_registration *landmark = fgo_factor_class_find("landmark_se2"),
                                  *vector = fgo_factor_class_find("between_rn");
    assert_string_equal(fgo_factor_class_tag(landmark, 0), "EDGE_SE2_XY");
    assert_string_equal(fgo_factor_class_tag(landmark, 1), "LANDMARK"); /* TORO's */
    assert_null(fgo_factor_class_tag(landmark, 2));
    assert_string_equal(fgo_factor_class_tag(vector, 1), "EDGE_POINTXYZ");
    assert_null(fgo_factor_class_tag(fgo_factor_class_find("range_se2"), 0));
    assert_null(fgo_factor_class_tag(NULL, 0));
}

/* ---- matrices that are not what their tags say ---- */

static fgo_factor_class between, between_log, plain;
static const fgo_measurement_field pose[] = { { "pose", FGO_FIELD_SE2, 0, 4, "m, rad", "a", 0 } };
#define ROW(CLASS, TAG, LOG)                                                                                                     \
    {                                                                                                                            \
        .size = sizeof(fgo_factor_registration), .name = "test_" #CLASS, .c = &CLASS, .log = LOG, .field = pose, .fields = 1,    \
        .formula = "that of between_se2", .tag = TAG                                                                             \
    }
static const fgo_factor_registration with_log = ROW(between, "EDGE_TEST_BETWEEN", &between_log),
                                     without = ROW(plain, "EDGE_TEST_PLAIN", NULL);

static void information(const char *tag, const char *weights, double Omega[9])
{
    char lines[300];
    fgo_graph *g;
    fgo_read_options o = fgo_read_options_default();
    assert_ok(fgo_weights_parse(weights, &o.weights));
    snprintf(lines, sizeof lines, "VERTEX_SE2 1 0 0 0\nVERTEX_SE2 2 1 0 0.5\n%s 1 2 1 0 0.5 11 2 22 33 3 4\n", tag);
    assert_ok(fgo_graph_read_memory(lines, strlen(lines), "a.g2o", &o, &g));
    assert_int_equal(fgo_graph_factor_count(g), 1);
    assert_ok(fgo_graph_factor_information(g, 0, Omega));
    fgo_graph_free(g);
}

/* A class that measures a pose in full is read as between_se2 is; between residuals only if it says that it has others. */
static void test_weights_of_poses(UNUSED_STATE)
{
    (void)state;
    double wanted[9], got[9], as_written[9];
    between = plain = fgo_between_se2, between_log = fgo_between_se2_log;
    between.name = "test_between", between_log.name = "test_between_log", plain.name = "test_plain";
    assert_ok(fgo_register_factor_class(&with_log));
    assert_ok(fgo_register_factor_class(&without));
    information("EDGE_TEST_PLAIN", "toro", as_written);
    assert_close(as_written[4], 22, 1e-12);
    assert_close(as_written[8], 33, 1e-12);
    static const char *const weights[] = { "toro", "toro,ceres", "toro,euler" };
    for (int i = 0; i < 3; i++) {
        information("EDGE_SE2", weights[i], wanted);
        information("EDGE_TEST_BETWEEN", weights[i], got);
        for (int k = 0; k < 9; k++) assert_close(got[k], wanted[k], 1e-12);
        information("EDGE_TEST_PLAIN", weights[i], got);
        for (int k = 0; k < 9; k++) assert_close(got[k], as_written[k], 1e-12);
        if (i) assert_true(fabs(wanted[0] - as_written[0]) > 1.0);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(test_read_and_written), cmocka_unit_test(test_added_and_written),
                                        cmocka_unit_test(test_refused_tags), cmocka_unit_test(test_tags_of_rows),
                                        cmocka_unit_test(test_weights_of_poses) };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
