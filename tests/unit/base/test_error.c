/* SPDX-License-Identifier: BSD-3-Clause */
/* test_error.c -- the data of the last error: what failing calls of each kind leave, per thread, and what a caller of another
 * size gets. */
#include "base/error.h"
#include "support.h"
#include <pthread.h>

static fgo_error last(void)
{
    fgo_error e;
    assert_ok(fgo_last_error(&e));
    return e;
}

static void *in_another_thread(void *nothing)
{
    fgo_error e = last();
    assert_int_equal(e.status, FGO_OK);
    assert_int_equal(e.keys, 0);
    return nothing;
}

static void test_keys(void **state)
{
    fgo_graph *g;
    pthread_t thread;
    const double x[4] = { 0, 0, 1, 0 };
    const int64_t loop[2] = { 5, 5 }, unknown[2] = { 5, 77 };
    (void)state;
    assert_ok(fgo_graph_create(&g));
    assert_ok(fgo_graph_add_variable(g, 5, &fgo_manifold_se2, x));
    assert_int_equal(fgo_graph_add_variable(g, 5, &fgo_manifold_se2, x), FGO_ERROR_KEY);
    fgo_error e = last();
    assert_int_equal(e.status, FGO_ERROR_KEY);
    assert_int_equal(e.cause, FGO_CAUSE_DUPLICATE_KEY);
    assert_int_equal(e.remedy.kind, FGO_REMEDY_RENAME);
    assert_int_equal(e.keys, 1);
    assert_int_equal(e.key[0], 5);
    assert_int_equal(fgo_graph_add_factor(g, &fgo_between_se2, loop, x, fgo_noise_unit(), fgo_loss_none()), FGO_ERROR_KEY);
    assert_int_equal(last().cause, FGO_CAUSE_SELF_LOOP);
    assert_int_equal(fgo_graph_add_factor(g, &fgo_between_se2, unknown, x, fgo_noise_unit(), fgo_loss_none()), FGO_ERROR_KEY);
    e = last();
    assert_int_equal(e.cause, FGO_CAUSE_UNKNOWN_KEY);
    assert_int_equal(e.key[0], 77);
    pthread_create(&thread, NULL, in_another_thread, NULL);
    pthread_join(thread, NULL);
    assert_int_equal(last().key[0], 77);
    assert_int_equal(fgo_graph_create(NULL), FGO_ERROR_ARGUMENT); /* an error without data leaves none of the one before */
    e = last();
    assert_int_equal(e.status, FGO_ERROR_ARGUMENT);
    assert_int_equal(e.cause, FGO_CAUSE_OTHER);
    assert_int_equal(e.keys, 0);
    fgo_graph_free(g);
}

static void test_eigenvalue(void **state)
{
    fgo_graph *g;
    const double x[4] = { 0, 0, 1, 0 }, indefinite[9] = { 1, 0, 0, 0, -2, 0, 0, 0, 1 },
                 asymmetric[9] = { 1, 2, 0, 0, 9, 0, 0, 0, 1 };
    const int64_t key = 5;
    (void)state;
    assert_ok(fgo_graph_create(&g));
    assert_ok(fgo_graph_add_variable(g, 5, &fgo_manifold_se2, x));
    assert_int_equal(fgo_graph_add_factor(g, &fgo_prior_se2, &key, x, fgo_noise_information(indefinite), fgo_loss_none()),
                     FGO_ERROR_INFORMATION);
    fgo_error e = last();
    assert_int_equal(e.cause, FGO_CAUSE_INDEFINITE);
    assert_int_equal(e.statistic, FGO_STATISTIC_EIGENVALUE);
    assert_float_equal(e.value, -2, 1e-12);
    assert_int_equal(e.remedy.kind, FGO_REMEDY_PROJECT);
    assert_int_equal(fgo_graph_add_factor(g, &fgo_prior_se2, &key, x, fgo_noise_information(asymmetric), fgo_loss_none()),
                     FGO_ERROR_INFORMATION);
    assert_int_equal(last().cause, FGO_CAUSE_ASYMMETRIC);
    fgo_graph_free(g);
}

typedef struct wrong_file {
    const char *text;
    fgo_cause cause;
    fgo_remedy_kind remedy;
    size_t line, column;
    int keys;
    int64_t key;
} wrong_file;

static void test_files(void **state)
{
    static const wrong_file cases[] = {
        { "VERTEX_SE2 0 0 0 zero\n", FGO_CAUSE_SYNTAX, FGO_REMEDY_CORRECT_TEXT, 1, 18, 0, 0 },
        { "VERTEX_SE2 4 0 0 0\n\nVERTEX_SE2 4 0 0 0\n", FGO_CAUSE_DUPLICATE_KEY, FGO_REMEDY_RENAME, 3, 12, 1, 4 },
        { "VERTEX_SE2 0 0 0 0\nFIX -8\n", FGO_CAUSE_UNKNOWN_KEY, FGO_REMEDY_ADD_VARIABLE, 2, 5, 1, -8 },
        { "VERTEX_SE2 3 0 0 0\nEDGE_SE2 3 3 1 0 0 1 0 0 1 0 1\n", FGO_CAUSE_SELF_LOOP, FGO_REMEDY_CORRECT_KEYS, 2, 12, 1, 3 },
        { "VERTEX_SE2 0 0 0 0\nVERTEX_XY 1 0 0\nEDGE_SE2 0 1 1 0 0 1 0 0 1 0 1\n", FGO_CAUSE_MANIFOLD, FGO_REMEDY_CORRECT_TEXT, 3,
          12, 1, 1 },
        { "VERTEX_SE2 0 0 0 0\nVERTEX_SE2 1 0 0 0\nEDGE_SE2 0 1 1 0 0 1 2 0 1 0 1\n", FGO_CAUSE_INDEFINITE, FGO_REMEDY_PROJECT, 3,
          20, 2, 0 },
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        fgo_graph *g;
        const wrong_file *c = &cases[i];
        assert_int_equal(fgo_graph_read_memory(c->text, strlen(c->text), "a/b.g2o", NULL, &g), FGO_ERROR_PARSE);
        const fgo_error e = last();
        assert_int_equal(e.status, FGO_ERROR_PARSE);
        assert_int_equal(e.cause, c->cause);
        assert_int_equal(e.remedy.kind, c->remedy);
        assert_int_equal(e.line, c->line);
        assert_int_equal(e.column, c->column);
        assert_int_equal(e.keys, c->keys);
        if (c->keys) assert_int_equal(e.key[0], c->key);
        assert_string_equal(e.file, "a/b.g2o");
    }
    assert_float_equal(last().value, -1, 1e-12);
}

static void test_a_long_name_keeps_its_end(void **state)
{
    char name[400];
    fgo_graph *g;
    (void)state;
    memset(name, 'x', sizeof name);
    strcpy(name + sizeof name - 5, ".g2o");
    assert_int_equal(fgo_graph_read_memory("FIX", 3, name, NULL, &g), FGO_ERROR_PARSE);
    const fgo_error e = last();
    assert_int_equal(strlen(e.file), sizeof e.file - 1);
    assert_string_equal(e.file + strlen(e.file) - 5, "x.g2o");
}

static void test_sizes(void **state)
{
    struct {
        fgo_error known;
        char more[16];
    } later;
    fgo_error e;
    (void)state;
    fgoi_fail_key(FGO_CAUSE_UNKNOWN_KEY, 9, "nine");
    memset(&later, 'm', sizeof later);
    assert_ok(fgo_last_error_sized(&later.known, sizeof later)); /* a program that knows more */
    assert_int_equal(later.known.key[0], 9);
    for (size_t i = 0; i < sizeof later.more; i++) assert_int_equal(later.more[i], 0);
    memset(&e, 'm', sizeof e);
    assert_ok(fgo_last_error_sized(&e, offsetof(fgo_error, value))); /* and one that knows less */
    assert_int_equal(e.key[0], 9);
    assert_memory_equal(&e.value, "mmmmmmmm", sizeof e.value);
    assert_int_equal(fgo_last_error(NULL), FGO_ERROR_ARGUMENT);
    assert_int_equal(last().key[0], 9);
    assert_string_equal(fgo_last_message(), "nine");
}

static void test_undetermined(void **state)
{
    fgo_graph *g;
    fgo_covariance *c;
    const double x[4] = { 0, 0, 1, 0 };
    const double nothing[9] = { 0 };
    const int64_t keys[2] = { 5, 6 };
    (void)state;
    assert_ok(fgo_graph_create(&g));
    for (int k = 0; k < 2; k++) assert_ok(fgo_graph_add_variable(g, keys[k], &fgo_manifold_se2, x));
    assert_ok(fgo_graph_add_factor(g, &fgo_between_se2, keys, x, fgo_noise_information(nothing), fgo_loss_none()));
    assert_int_equal(fgo_covariance_create(g, 1, &c), FGO_ERROR_SINGULAR);
    const fgo_error e = last();
    assert_int_equal(e.cause, FGO_CAUSE_UNDETERMINED);
    assert_int_equal(e.remedy.kind, FGO_REMEDY_MEASURE);
    assert_int_equal(e.key[0], 6); /* the gauge rule holds 5 */
    fgo_graph_free(g);
}

/* Names are there for every number from 0 on, differ, and end. */
static int count_names(const char *(*name)(int))
{
    int n = 0;
    for (; name(n); n++)
        for (int k = 0; k < n; k++) assert_string_not_equal(name(k), name(n));
    assert_null(name(-1));
    return n;
}
static const char *remedy(int i) { return fgo_remedy_name((fgo_remedy_kind)i); }
static const char *statistic(int i) { return fgo_statistic_name((fgo_statistic)i); }
static const char *cause(int i) { return fgo_cause_name((fgo_cause)i); }

static void test_names(void **state)
{
    (void)state;
    assert_int_equal(count_names(remedy), FGO_REMEDY_RENAME + 1);
    assert_int_equal(count_names(statistic), FGO_STATISTIC_CHI2_RATIO + 1);
    assert_int_equal(count_names(cause), FGO_CAUSE_UNDETERMINED + 1);
    assert_string_equal(remedy(FGO_REMEDY_PROJECT), "project");
    assert_string_equal(statistic(FGO_STATISTIC_EIGENVALUE), "eigenvalue");
    assert_string_equal(cause(FGO_CAUSE_SELF_LOOP), "self-loop");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_keys),  cmocka_unit_test(test_eigenvalue),
        cmocka_unit_test(test_files), cmocka_unit_test(test_a_long_name_keeps_its_end),
        cmocka_unit_test(test_sizes), cmocka_unit_test(test_undetermined),
        cmocka_unit_test(test_names),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
