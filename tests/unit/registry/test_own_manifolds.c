/* SPDX-License-Identifier: BSD-3-Clause */
/* test_own_manifolds.c -- registered manifolds: what is refused, lines with their tags read and written, and that each is one. */
#include "body.h"
#include "io_fixture.h"
#include "level.h"

/* ---- a factor with a tag: a point of space seen from a level pose ---- */

/* e = l - t - z: where a point is, in the axes of the world. */
static int offset_evaluate(const fgo_factor_class *self, size_t n, const double *const *x, const void *z, double *e, double *J)
{
    (void)self;
    for (size_t f = 0; f < n; f++, e += 3) {
        const double *a = x[2 * f], *l = x[2 * f + 1], c = cos(a[HEADING]), s = sin(a[HEADING]);
        for (int i = 0; i < 3; i++) e[i] = l[i] - a[i] - ((const double *)z)[3 * f + (size_t)i];
        if (!J) continue;
        const double j[21] = { -c, s, 0, 0, 1, 0, 0, -s, -c, 0, 0, 0, 1, 0, 0, 0, -1, 0, 0, 0, 1 };
        memcpy(J + 21 * f, j, sizeof j);
    }
    return 0;
}
static const fgo_factor_class offset_class = { .abi = FGO_FACTOR_ABI,
                                               .arity = 2,
                                               .rows = 3,
                                               .partials = 7,
                                               .name = "level_offset",
                                               .measurement_size = 3 * sizeof(double),
                                               .variable = { { "Level", 4 }, { "R3", 3 } },
                                               .evaluate = offset_evaluate };
static const fgo_measurement_field offset_fields[] = {
    { .name = "offset", .kind = FGO_FIELD_LENGTH, .offset = 0, .count = 3, .unit = "m", .frame = "world" },
};
static const fgo_factor_registration offset_row = { .size = sizeof offset_row,
                                                    .name = "level_offset",
                                                    .c = &offset_class,
                                                    .field = offset_fields,
                                                    .fields = 1,
                                                    .formula = "l - t - z",
                                                    .tag = "EDGE_LEVEL_POINT" };

/* ---- registering ---- */

static void refuse(const fgo_manifold *m, fgo_status wanted, const char *text)
{
    fgo_manifold found = { .name = "kept" };
    assert_int_equal(fgo_register_manifold(m), wanted);
    assert_non_null(strstr(fgo_last_message(), text));
    assert_int_equal(fgo_manifold_find("Wrong", &found), FGO_ERROR_ARGUMENT);
    assert_string_equal(found.name, "kept");
}

static fgo_manifold wrong_level(void)
{
    fgo_manifold m = level;
    strcpy(m.name, "Wrong");
    return m;
}

static void test_refused(UNUSED_STATE)
{
    (void)state;
    static const char *const tags[] = { "", "TWO WORDS", "#X", "TAB\tTAG" };
    for (int i = 0; i < 4; i++) {
        fgo_manifold_traits t = level_traits;
        fgo_manifold m = wrong_level();
        t.tag = tags[i], m.traits = &t;
        refuse(&m, FGO_ERROR_ARGUMENT, "tag");
    }
    fgo_manifold m = wrong_level();
    m.retract = NULL;
    refuse(&m, FGO_ERROR_ARGUMENT, "retract");
    m = wrong_level(), m.ambient = 25;
    refuse(&m, FGO_ERROR_ARGUMENT, "24 numbers");
    m = wrong_level(), memset(m.name, 'a', sizeof m.name);
    refuse(&m, FGO_ERROR_ARGUMENT, "name");
    fgo_manifold_traits t = level_traits;
    m = wrong_level(), m.traits = &t, t.move = NULL;
    refuse(&m, FGO_ERROR_ARGUMENT, "motions");
    m = level, strcpy(m.name, "SE2");
    refuse(&m, FGO_ERROR_TYPE, "built-in");
    assert_int_equal(fgo_register_manifold(NULL), FGO_ERROR_ARGUMENT);
    assert_ok(fgo_register_manifold(&fgo_manifold_se2)); /* is there already */
}

/* Lines with a tag that is not registered are kept, and say nothing. */
static void test_before_registering(UNUSED_STATE)
{
    (void)state;
    fgo_file_report report;
    fgo_graph *g = read_good("VERTEX_LEVEL 1 0 0 0 0\nVERTEX_SE2 2 0 0 0\n");
    fgo_graph_file_report(g, &report);
    assert_int_equal(report.unknown, 1);
    assert_int_equal(fgo_graph_variable_count(g), 1);
    fgo_graph_free(g);
}

static void test_registered(UNUSED_STATE)
{
    (void)state;
    fgo_manifold m, other = level;
    assert_ok(fgo_register_factor_class(&level_row));
    /* edges of a manifold that is not there: no vertex can be made of them */
    assert_int_equal(
        fgo_graph_read_memory("EDGE_LEVEL 1 2 1 0 0 0 1 0 0 0 1 0 0 1 0 1\n", 43, "edges", NULL, &(fgo_graph *){ 0 }),
        FGO_ERROR_PARSE);
    assert_non_null(strstr(fgo_last_message(),
                           "edges:1:12: EDGE_LEVEL names a vertex of type Level, which has no line and is not "
                           "registered"));
    assert_ok(fgo_register_manifold(&level));
    assert_ok(fgo_register_manifold(&level));
    assert_ok(fgo_register_manifold(&other)); /* the same in another place */
    assert_ok(fgo_manifold_find("Level", &m));
    assert_memory_equal(&m, &level, sizeof m);
    assert_ptr_equal(fgo_manifold_get(4), &level);
    assert_null(fgo_manifold_get(5));
    other.local = fgo_manifold_se2.local;
    refuse(&other, FGO_ERROR_TYPE, "Level");
    other = wrong_level();
    refuse(&other, FGO_ERROR_TYPE, "its tag VERTEX_LEVEL is that of Level");
    fgo_manifold_traits t = level_traits;
    other.traits = &t, t.tag = "EDGE_LEVEL";
    refuse(&other, FGO_ERROR_TYPE, "its tag EDGE_LEVEL is that of level_between");
    fgo_factor_registration taken = offset_row;
    taken.tag = "VERTEX_LEVEL";
    assert_int_equal(fgo_register_factor_class(&taken), FGO_ERROR_TYPE);
    taken.tag = "EDGE_LEVEL";
    assert_int_equal(fgo_register_factor_class(&taken), FGO_ERROR_TYPE);
    assert_ok(fgo_register_factor_class(&offset_row));
    assert_ok(fgo_register_manifold(&body));
    assert_ok(fgo_register_factor_class(&body_row));
}

/* A tag of a format keeps its meaning. */
static void test_tag_of_a_format(UNUSED_STATE)
{
    (void)state;
    static fgo_manifold_traits traits;
    static fgo_manifold taken;
    traits = level_traits, traits.tag = "VERTEX_SE3:QUAT";
    taken = level, taken.traits = &traits;
    strcpy(taken.name, "Taken");
    assert_ok(fgo_register_manifold(&taken));
    fgo_graph *g = read_good("VERTEX_SE3:QUAT 1 0 0 0 0 0 0 1\n");
    assert_string_equal(fgo_graph_variable_manifold(g, 0)->name, "SE3");
    assert_ok(fgo_graph_add_variable(g, 2, &taken, (double[]){ 0, 0, 0, 0 }));
    assert_int_equal(fgo_graph_write(g, "taken.g2o", FGO_FORMAT_G2O), FGO_ERROR_UNSUPPORTED);
    fgo_graph_free(g);
}

/* ---- files ---- */

static const char *const world = "# two level poses, and a point that both see\n"
                                 "VERTEX_LEVEL 1 0.5 0 0.1 3 # time 12.5\n"
                                 "VERTEX_LEVEL 2 1 1.0 0 7 # more than a turn\n"
                                 "VERTEX_TRACKXYZ 3 2 2 1\n"
                                 "FIX 1\n"
                                 "EDGE_LEVEL 1 2 1 0 0 0.5 1 0 0 0 1 0 0 1 0 1\n"
                                 "EDGE_LEVEL_POINT 1 3 1 2 1 4 0 0 4 0 4\n"
                                 "EDGE_LEVEL_POINT 2 3 1 1 1 4 0 0 4 0 4\n";

static void test_read(UNUSED_STATE)
{
    (void)state;
    fgo_graph *g = read_good(world);
    assert_int_equal(fgo_graph_variable_count(g), 3);
    assert_int_equal(fgo_graph_factor_count(g), 3);
    assert_string_equal(fgo_graph_variable_manifold(g, 1)->name, "Level");
    assert_close(fgo_graph_variable_value(g, 1)[HEADING], 7 - 6.283185307179586, 1e-15); /* normalized */
    assert_int_equal(fgo_graph_variable_held(g, 0), 4);
    assert_close(fgo_graph_variable_time(g, 0), 12.5, 0);
    assert_int_equal(fgo_graph_variable_line(g, 1), 3);
    assert_written(g, FGO_FORMAT_AUTO, world);
    fgo_graph_free(g);
}

/* Only what changed is written anew; what was added follows; what was removed is gone. */
static void test_changed_and_written(UNUSED_STATE)
{
    (void)state;
    fgo_graph *g = read_good(world), *fresh;
    assert_ok(fgo_graph_set_value(g, 2, (double[]){ 1, 1.25, 0, -0.5 }));
    assert_ok(fgo_graph_release(g, 1));
    assert_ok(fgo_graph_hold(g, 2));
    assert_ok(fgo_graph_add_variable(g, 9, &level, (double[]){ 1, 2, 3, 0.25 }));
    assert_written(g, FGO_FORMAT_AUTO,
                   "# two level poses, and a point that both see\n"
                   "VERTEX_LEVEL 1 0.5 0 0.1 3 # time 12.5\n"
                   "VERTEX_LEVEL 2 1 1.25 0 -0.5 # more than a turn\n"
                   "VERTEX_TRACKXYZ 3 2 2 1\n"
                   "EDGE_LEVEL 1 2 1 0 0 0.5 1 0 0 0 1 0 0 1 0 1\n"
                   "EDGE_LEVEL_POINT 1 3 1 2 1 4 0 0 4 0 4\n"
                   "EDGE_LEVEL_POINT 2 3 1 1 1 4 0 0 4 0 4\n"
                   "VERTEX_LEVEL 9 1 2 3 0.25\n"
                   "FIX 2\n");
    fgo_graph_free(g);
    assert_ok(fgo_graph_create(&fresh));
    assert_ok(fgo_graph_add_variable(fresh, 1, &level, (double[]){ 1, 2, 3, 0.25 }));
    assert_ok(fgo_graph_add_variable(fresh, 2, &level, (double[]){ 2, 2, 3, 0.25 }));
    assert_ok(fgo_graph_add_factor(fresh, &level_class, (int64_t[]){ 1, 2 }, (double[]){ 1, 0, 0, 0 }, fgo_noise_sigma(0.5),
                                   fgo_loss_none()));
    assert_written(fresh, FGO_FORMAT_G2O,
                   "VERTEX_LEVEL 1 1 2 3 0.25\nVERTEX_LEVEL 2 2 2 3 0.25\nEDGE_LEVEL 1 2 1 0 0 0 4 0 0 0 4 0 0 4 0 4\n");
    fgo_graph_free(fresh);
}

/* Files with edges only get their level poses from the edges, along predict. */
static void test_edges_only(UNUSED_STATE)
{
    (void)state;
    fgo_graph *g = read_good("EDGE_LEVEL 1 2 1 0 0.5 0.25 1 0 0 0 1 0 0 1 0 1\nEDGE_LEVEL 2 3 2 0 0 0 1 0 0 0 1 0 0 1 0 1\n");
    const double *x = fgo_graph_variable_value(g, 2);
    assert_close(x[X], 1 + 2 * cos(0.25), 1e-15);
    assert_close(x[Y], 2 * sin(0.25), 1e-15);
    assert_close(x[Z], 0.5, 0);
    assert_close(x[HEADING], 0.25, 0);
    fgo_graph_free(g);
}

static void reject(const char *text, const char *wanted)
{
    fgo_graph *g = NULL;
    assert_int_equal(fgo_graph_read_memory(text, strlen(text), "file", NULL, &g), FGO_ERROR_PARSE);
    if (!strstr(fgo_last_message(), wanted)) fail_msg("%s, wanted %s", fgo_last_message(), wanted);
    assert_null(g);
}

static void test_errors_say_where(UNUSED_STATE)
{
    (void)state;
    reject("VERTEX_LEVEL 1 0 0 nan 0\n", "file:1:20: 'nan' is not a number; every number must be finite");
    reject("VERTEX_LEVEL 1 0 0 0 1e999\n", "file:1:22: '1e999' does not fit into a double");
    reject("VERTEX_LEVEL 1 0 0 0\n",
           "file:1:21: the line ends early: VERTEX_LEVEL takes 1 id and 4 numbers (x y z heading), 5 in all; found 4");
    reject("VERTEX_LEVEL 1 0 0 0 0 0\n", "file:1:24: too many fields: VERTEX_LEVEL takes 1 id and 4 numbers (x y z heading)");
    reject("VERTEX_LEVEL 1 0 0 0 0\n\nVERTEX_LEVEL 1 0 0 0 0\n", "file:3:14: vertex 1 exists already, from line 1");
    reject("VERTEX_BODY 1 0 0 0 0 1 2 3\n", "file:1:15: variable 1: its value cannot be normalized to Body");
    reject("VERTEX_LEVEL 1 0 0 0 0\nVERTEX_SE2 2 0 0 0\nEDGE_LEVEL 1 2 1 0 0 0 1 0 0 0 1 0 0 1 0 1\n",
           "file:3:14: vertex 2 is of type SE2, but EDGE_LEVEL joins vertices of type Level");
    reject("VERTEX_LEVEL 1 0 0 0 0\nFIX 2\n", "file:2:5: FIX names vertex 2, which is not in the file");
}

static void test_other_formats(UNUSED_STATE)
{
    (void)state;
    fgo_graph *g = read_good(world);
    assert_int_equal(fgo_graph_write(g, "own.graph", FGO_FORMAT_TORO), FGO_ERROR_UNSUPPORTED);
    assert_int_equal(fgo_graph_write(g, "own.csv", FGO_FORMAT_CSV), FGO_ERROR_UNSUPPORTED);
    assert_non_null(strstr(fgo_last_message(), "variable 1 of type Level cannot be written in csv format"));
    fgo_graph_free(g);
    fgo_read_options table = { .size = sizeof table, .format = FGO_FORMAT_CSV };
    g = read_good_with("tag,id,x,y,z\nVERTEX_TRACKXYZ,3,2,2,1\n", &table);
    assert_ok(fgo_graph_add_variable(g, 1, &level, (double[]){ 0, 0, 0, 0 }));
    assert_int_equal(fgo_graph_write(g, "own.csv", FGO_FORMAT_AUTO), FGO_ERROR_UNSUPPORTED);
    fgo_graph_free(g);
    assert_ok(fgo_graph_create(&g));
    fgo_manifold other = level; /* has the name, but is another: its numbers may mean something else */
    other.normalize = NULL;
    assert_ok(fgo_graph_add_variable(g, 1, &other, (double[]){ 0, 0, 0, 0 }));
    assert_int_equal(fgo_graph_write(g, "own.g2o", FGO_FORMAT_G2O), FGO_ERROR_UNSUPPORTED);
    fgo_graph_free(g);
}

/* Merged vertices of one place. */
static void test_equivalent(UNUSED_STATE)
{
    (void)state;
    const fgo_read_options o = { .size = sizeof o, .merge_equivalent = 1 };
    fgo_graph *g = read_good_with("VERTEX_LEVEL 1 0 0 0 0\nVERTEX_LEVEL 2 0 0 0 0\nEQUIV 1 2\n", &o);
    assert_int_equal(fgo_graph_variable_count(g), 1);
    fgo_graph_free(g);
}

/* ---- its manifolds are manifolds ---- */

static void assert_named(const char *const *name, int count)
{
    for (int i = 0; i < count && name; i++) assert_true(name[i] && strlen(name[i]) < 40);
}

/* Values of a manifold with a tag of its own come back from a file as they were. */
static int comes_back(const fgo_manifold *m)
{
    rng r = { 11 };
    fgo_graph *g, *back;
    assert_ok(fgo_graph_create(&g));
    for (int k = 0; k < 20; k++) {
        double x[24] = { 0 }, d[FGO_MAX_MOVED];
        if (m->traits->identity) memcpy(x, m->traits->identity, (size_t)m->ambient * sizeof *x);
        for (int i = 0; i < m->tangent; i++) d[i] = rng_uniform(&r, -2.5, 2.5);
        m->retract(m, x, d, x);
        assert_ok(fgo_graph_add_variable(g, k, m, x));
    }
    if (fgo_graph_write(g, "comes_back.g2o", FGO_FORMAT_G2O)) { /* the tag is a format's */
        fgo_graph_free(g);
        return 0;
    }
    assert_ok(fgo_graph_read("comes_back.g2o", NULL, &back));
    remove("comes_back.g2o");
    assert_memory_equal(fgo_graph_values(back, NULL), fgo_graph_values(g, NULL), 20 * (size_t)m->ambient * sizeof(double));
    fgo_graph_free(back);
    fgo_graph_free(g);
    return 1;
}

/* Every manifold that there is, built in or registered, checks, has names of the right number, and its lines if it has a tag. */
static void test_all_conform(UNUSED_STATE)
{
    (void)state;
    size_t count = 0, written_ones = 0;
    const fgo_manifold *m;
    for (; (m = fgo_manifold_get(count)); count++) {
        fgo_manifold_report r;
        assert_ok(fgo_check_manifold(m, NULL, 0, &r));
        if (r.fault) fail_msg("%s: %s", m->name, r.text);
        assert_non_null(m->traits);
        assert_named(m->traits->dof, m->tangent);
        assert_named(m->traits->dof_unit, m->tangent);
        assert_named(m->traits->number, m->ambient);
        assert_named(m->traits->number_unit, m->ambient);
        written_ones += m->traits->tag && comes_back(m);
    }
    assert_true(count >= 7);
    assert_true(written_ones >= 2);
    const fgo_manifold *const levels[] = { &level, &level }, *const bodies[] = { &body, &body };
    fgo_factor_report f;
    assert_ok(fgo_check_factor(&level_class, levels, 8, NULL, NULL, &f));
    if (f.fault) fail_msg("%s", f.text);
    assert_ok(fgo_check_factor(&body_class, bodies, 8, NULL, NULL, &f));
    if (f.fault) fail_msg("%s", f.text);
}

static void test_most(UNUSED_STATE)
{
    (void)state;
    static fgo_manifold many[300];
    size_t n = 0;
    fgo_status status = FGO_OK;
    for (; n < 300 && !status; n++) {
        many[n] = (fgo_manifold){ .ambient = 1, .tangent = 1, .retract = level_retract, .local = level_local };
        snprintf(many[n].name, sizeof many[n].name, "many%zu", n);
        status = fgo_register_manifold(&many[n]);
    }
    assert_int_equal(status, FGO_ERROR_TOO_LARGE);
    assert_int_equal(n - 1 + 3, 256);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_refused),       cmocka_unit_test(test_before_registering),
        cmocka_unit_test(test_registered),    cmocka_unit_test(test_tag_of_a_format),
        cmocka_unit_test(test_read),          cmocka_unit_test(test_changed_and_written),
        cmocka_unit_test(test_edges_only),    cmocka_unit_test(test_errors_say_where),
        cmocka_unit_test(test_other_formats), cmocka_unit_test(test_equivalent),
        cmocka_unit_test(test_all_conform),   cmocka_unit_test(test_most),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
