/* SPDX-License-Identifier: BSD-3-Clause */
/* test_io_format.c -- the table of formats, and a format of a user's own: "N id id dx" lines, read, written, compressed,
 * refused. */
#include "io/format/format.h"
#include "io_fixture.h"
#include <fgopt/format.h>

/* ---- the format: points on a line, steps between them ---- */

static fgo_factor_class step_class;
static fgo_manifold line_manifold;

static fgo_status add_point(fgo_graph *g, int64_t key)
{
    const double x = 0;
    return fgo_graph_find(g, key, NULL) ? fgo_graph_add_variable(g, key, &line_manifold, &x) : FGO_OK;
}

static fgo_status read_steps(const fgo_format_class *c, const fgo_format_text *t, const fgo_read_options *o, fgo_graph *g)
{
    if (o->lenient) return FGO_ERROR_UNSUPPORTED; /* and no message */
    assert_ptr_equal(c->user, &step_class);
    assert_int_equal(*t->end, '\0');
    for (const char *p = t->begin; p < t->end; p++) {
        char *at;
        int64_t key[2];
        key[0] = strtol(p, &at, 10);
        key[1] = strtol(at, &at, 10);
        const char *number = at;
        const double dx = strtod(number, &at);
        if (at == number) return fgo_format_reject(t, number, "a step is two ids and a number");
        fgo_status status = add_point(g, key[0]);
        if (!status) status = add_point(g, key[1]);
        if (!status) status = fgo_graph_add_factor(g, &step_class, key, &dx, fgo_noise_unit(), fgo_loss_none());
        if (status) return status;
        p = at;
    }
    return FGO_OK;
}

static fgo_status write_steps(const fgo_format_class *c, const fgo_graph *g, fgo_output *out)
{
    (void)c;
    for (size_t f = 0; f < fgo_graph_factor_count(g); f++) {
        int64_t key[2];
        if (strcmp(fgo_graph_factor_class(g, f)->name, step_class.name) != 0) return FGO_ERROR_UNSUPPORTED; /* and no message */
        fgo_graph_factor_keys(g, f, key);
        fgo_output_integer(out, key[0]);
        fgo_output_bytes(out, " ", 1);
        fgo_output_integer(out, key[1]);
        fgo_output_text(out, " ");
        fgo_output_number(out, *(const double *)fgo_graph_factor_measurement(g, f));
        fgo_output_text(out, "\n");
    }
    return FGO_OK;
}

static const char *const endings[] = { ".steps", NULL };
static const fgo_format_class steps = { .size = sizeof(fgo_format_class),
                                        .name = "steps",
                                        .endings = endings,
                                        .holds = FGO_HOLDS_POINTS | FGO_HOLDS_FACTORS,
                                        .read = read_steps,
                                        .write = write_steps,
                                        .user = &step_class };

static fgo_read_options with(const fgo_format_class *c)
{
    fgo_read_options o = fgo_read_options_default();
    o.format_class = c;
    return o;
}

static fgo_status read_text(const char *text, const fgo_format_class *c, fgo_graph **g)
{
    const fgo_read_options o = with(c);
    return fgo_graph_read_memory(text, strlen(text), "a.steps", &o, g);
}

static int set_up(void **state)
{
    (void)state;
    assert_ok(fgo_between_rn(1, &step_class));
    assert_ok(fgo_manifold_rn(1, &line_manifold));
    return 0;
}

/* ---- tests ---- */

static void test_read_solve_write(void **state)
{
    static const char *const names[] = { "a.steps", "a.steps.gz" };
    (void)state;
    for (int i = 0; i < 2; i++) {
        fgo_graph *g, *again;
        char *path = scratch_path(names[i]);
        fgo_file_report report;
        fgo_summary summary;
        const fgo_read_options o = with(&steps);
        assert_ok(read_text("1 2 0.5\n2 3 0.25\n3 -7 1e-3\n", &steps, &g));
        assert_int_equal(fgo_graph_variable_count(g), 4);
        assert_int_equal(fgo_graph_factor_count(g), 3);
        assert_ok(fgo_graph_file_report(g, &report));
        assert_string_equal(report.format_name, steps.name); /* it remembers what the file was, and no lines */
        assert_ok(fgo_solve(g, NULL, &summary));
        assert_ok(fgo_graph_write_in(g, path, &steps));
        assert_ok(fgo_graph_read(path, &o, &again));
        assert_int_equal(fgo_graph_factor_count(again), 3);
        char *back = slurp(path, NULL);
        if (i == 0)
            assert_string_equal(back, "1 2 0.5\n2 3 0.25\n3 -7 0.001\n");
        else
            assert_memory_equal(back, "\x1f\x8b", 2);
        free(back);
        remove_scratch(path);
        fgo_graph_free(g);
        fgo_graph_free(again);
    }
}

static void test_errors_name_the_place(void **state)
{
    fgo_graph *g = NULL;
    fgo_error e;
    (void)state;
    assert_int_equal(read_text("1 2 0.5\n2 3 x\n", &steps, &g), FGO_ERROR_PARSE);
    assert_string_equal(fgo_last_message(), "a.steps:2:4: a step is two ids and a number");
    assert_ok(fgo_last_error(&e));
    assert_int_equal(e.line, 2);
    assert_int_equal(e.column, 4);
    assert_string_equal(e.file, "a.steps");
    assert_int_equal(read_text("", &steps, &g), FGO_ERROR_PARSE);
    assert_string_equal(fgo_last_message(), "a.steps:1:1: the file is empty");
    assert_int_equal(read_text("5 5 1\n", &steps, &g), FGO_ERROR_KEY); /* that of the call which failed */
    assert_int_equal(fgo_format_reject(NULL, NULL, "x"), FGO_ERROR_ARGUMENT);
    assert_null(g);
}

static void test_refusals(void **state)
{
    fgo_graph *g = NULL, *pose = read_good("VERTEX_SE2 0 0 0 0\nEDGE_PRIOR_SE2 0 0 0 0 1 0 0 1 0 1\n");
    fgo_format_class other = steps;
    fgo_read_options o = with(&steps);
    (void)state;
    o.lenient = 1;
    assert_int_equal(fgo_graph_read_memory("1 2 3", 5, "b", &o, &g), FGO_ERROR_UNSUPPORTED);
    assert_string_equal(fgo_last_message(), "b: the reader of format steps failed: not supported");
    assert_int_equal(fgo_graph_write_in(pose, "never", &steps), FGO_ERROR_UNSUPPORTED);
    assert_string_equal(fgo_last_message(), "the writer of format steps failed: not supported");
    other.read = NULL;
    assert_int_equal(read_text("1 2 3", &other, &g), FGO_ERROR_UNSUPPORTED);
    other.write = NULL;
    assert_int_equal(fgo_graph_write_in(pose, "never", &other), FGO_ERROR_UNSUPPORTED);
    other.size = 8;
    assert_int_equal(read_text("1 2 3", &other, &g), FGO_ERROR_ARGUMENT);
    assert_int_equal(fgo_graph_write_in(pose, "never", &other), FGO_ERROR_ARGUMENT);
    assert_int_equal(fgo_graph_write_in(pose, NULL, &steps), FGO_ERROR_ARGUMENT);
    assert_int_equal(fgo_graph_write_in(NULL, "never", &steps), FGO_ERROR_ARGUMENT);
    assert_int_equal(fgo_graph_write_in(pose, "never", NULL), FGO_ERROR_ARGUMENT);
    assert_null(fopen("never", "r"));
    assert_null(g);
    fgo_graph_free(pose);
}

/* What every row of the table must have. */
static void test_the_table(void **state)
{
    const fgoi_format *row;
    int n = 1;
    (void)state;
    for (; (row = fgoi_format_row(n)); n++) {
        const fgo_format_class *c = &row->c;
        char path[64];
        assert_int_equal(fgoi_format_number(row), n);
        assert_ptr_equal(fgo_format_of((fgo_format)n), c);
        assert_string_equal(fgo_format_name((fgo_format)n), c->name);
        assert_int_equal(c->size, sizeof *c);
        assert_true(c->holds & FGO_HOLDS_POSES);
        for (int k = 1; k < n; k++) assert_string_not_equal(c->name, fgo_format_name((fgo_format)k));
        for (const char *const *ending = c->endings; *ending; ending++) {
            snprintf(path, sizeof path, "a.b/c%s.gz", *ending);
            assert_int_equal(fgo_format_of_path(path), n);
        }
        assert_int_equal(row->layout == FGOI_LAYOUT_OWN, c->read || c->write);
        assert_int_equal(row->layout == FGOI_LAYOUT_BARE, row->line != NULL);
        assert_int_equal(row->layout == FGOI_LAYOUT_BARE || row->layout == FGOI_LAYOUT_TAGS, row->tags != NULL);
        for (const fgoi_tag *t = row->tags; t && t->name; t++) {
            assert_ptr_equal(t->format, row);
            assert_ptr_equal(fgoi_tag_find(row, t->name, strlen(t->name)), t);
        }
    }
    assert_true(n > FGO_FORMAT_CSV);
    assert_null(fgo_format_of(FGO_FORMAT_AUTO));
    assert_null(fgo_format_of((fgo_format)-1));
    assert_null(fgo_format_name((fgo_format)n));
}

static const fgoi_format *detected(const char *line) { return fgoi_format_detect((fgoi_cursor){ line, line + strlen(line) }); }

static void test_detection(void **state)
{
    (void)state;
    assert_ptr_equal(detected("1.5 0 0 0 0 0 0 1"), &fgoi_format_tum);
    assert_ptr_equal(detected("1 0 0 0 0 1 0 0 0 0 1 0 # a comment"), &fgoi_format_kitti);
    assert_ptr_equal(detected("id,x,y,theta"), &fgoi_format_csv);
    assert_ptr_equal(detected("id , x"), &fgoi_format_csv);
    assert_null(detected("VERTEX_SE2 0 0 0 0"));
    assert_null(detected("1 2 3"));
    assert_null(detected("VERTEX_SE2 0 0,5 0 0"));
    assert_null(detected(""));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_read_solve_write), cmocka_unit_test(test_errors_name_the_place),
        cmocka_unit_test(test_refusals),         cmocka_unit_test(test_the_table),
        cmocka_unit_test(test_detection),
    };
    return cmocka_run_group_tests(tests, set_up, NULL);
}
