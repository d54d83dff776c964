/* SPDX-License-Identifier: BSD-3-Clause */
/* test_findings.c -- what findings carry as data: factors, lines, variables, the statistic with its name, the remedy with its
 * value. */
#include "support.h"

static fgo_findings *examine(const char *text)
{
    fgo_graph *g;
    fgo_findings *f;
    fgo_read_options o = fgo_read_options_default();
    o.lenient = o.project_information = 1;
    assert_ok(fgo_graph_read_memory(text, strlen(text), "sick.g2o", &o, &g));
    assert_ok(fgo_graph_examine(g, FGO_DOCTOR_STRUCTURE, 0.001, &f));
    fgo_graph_free(g);
    return f;
}

/* The first finding of a kind. */
static const fgo_finding *of_kind(const fgo_findings *f, fgo_finding_kind kind)
{
    for (size_t i = 0; i < fgo_findings_count(f); i++)
        if (fgo_findings_get(f, i)->kind == kind) return fgo_findings_get(f, i);
    fail_msg("no finding of kind %s", fgo_finding_name(kind));
    return NULL;
}

#define CHAIN                                                                                                                    \
    "VERTEX_SE2 10 0 0 0\nVERTEX_SE2 11 1 0 0\nVERTEX_SE2 12 2 0 0\n"                                                            \
    "EDGE_SE2 10 11 1 0 0 9 0 0 9 0 9\nEDGE_SE2 11 12 1 0 0 9 0 0 9 0 9\n"

static void test_two_factors(void **state)
{
    fgo_findings *f = examine(CHAIN "# a comment\nEDGE_SE2 11 12 5 0 0 9 0 0 9 0 9\n");
    const fgo_finding *one = of_kind(f, FGO_FINDING_CONTRADICTION);
    (void)state;
    assert_int_equal(one->factors, 2);
    assert_int_equal(one->factor[0], 2);
    assert_int_equal(one->factor[1], 1);
    assert_int_equal(one->line, 7);
    assert_int_equal(one->other_line, 5);
    assert_int_equal(one->what, FGO_STATISTIC_CHI2);
    assert_int_equal(one->dofs, 3);
    assert_float_equal(one->statistic, 16 * 4.5, 1e-9); /* 4 metres with the sum of the two covariances, 2/9 */
    assert_float_equal(one->p, fgo_chi2_survival(3, 72), 1e-18);
    assert_int_equal(one->remedy.kind, FGO_REMEDY_LOOK_AT_BOTH);
    assert_int_equal(one->variables, 2);
    assert_int_equal(one->variable[0].key, 11);
    assert_int_equal(one->variable[1].key, 12);
    assert_int_equal(of_kind(f, FGO_FINDING_DUPLICATE)->remedy.kind, FGO_REMEDY_KEEP_ONE);
    assert_int_equal(of_kind(f, FGO_FINDING_DUPLICATE)->factor[1], 1);
    fgo_findings_free(f);
}

static void test_an_eigenvalue(void **state)
{
    fgo_findings *f = examine(CHAIN "VERTEX_SE2 13 3 0 0\nEDGE_SE2 12 13 1 0 0 1 2 0 1 0 1\n");
    const fgo_finding *one = of_kind(f, FGO_FINDING_INDEFINITE);
    (void)state;
    assert_int_equal(one->what, FGO_STATISTIC_EIGENVALUE);
    assert_float_equal(one->statistic, -1, 1e-12);
    assert_int_equal(one->factor[0], 2);
    assert_int_equal(one->line, 7);
    assert_int_equal(one->remedy.kind, FGO_REMEDY_PROJECT);
    assert_int_equal(one->dofs, 0);
    fgo_findings_free(f);
}

static void test_keys_of_lines_without_a_factor(void **state)
{
    fgo_findings *f = examine(CHAIN "EDGE_SE2 12 99 1 0 0 9 0 0 9 0 9\nEDGE_SE2 12 12 1 0 0 9 0 0 9 0 9\n");
    const fgo_finding *dangling = of_kind(f, FGO_FINDING_DANGLING), *loop = of_kind(f, FGO_FINDING_SELF_LOOP);
    (void)state;
    assert_int_equal(dangling->factors, 0);
    assert_int_equal(dangling->variable[0].key, 99);
    assert_int_equal(dangling->remedy.kind, FGO_REMEDY_ADD_VARIABLE);
    assert_int_equal(loop->variable[0].key, 12);
    assert_int_equal(loop->remedy.kind, FGO_REMEDY_CORRECT_KEYS);
    assert_int_equal(loop->what, FGO_STATISTIC_NONE);
    fgo_findings_free(f);
}

static void test_the_order_to_read_in(void **state)
{
    char text[4096] = "VERTEX_SE2 0 0 0 0\n";
    size_t n = strlen(text);
    (void)state;
    for (int i = 1; i < 20; i++) /* 11 12 22 33 13 23: indefinite by rows, 11 12 13 22 23 33 */
        n += (size_t)snprintf(text + n, sizeof text - n, "VERTEX_SE2 %d %d 0 0\nEDGE_SE2 %d %d 1 0 0 9 0 9 100 0 0\n", i, i,
                              i - 1, i);
    fgo_findings *f = examine(text);
    const fgo_finding *one = of_kind(f, FGO_FINDING_ORDER);
    assert_int_equal(one->remedy.kind, FGO_REMEDY_READ_ORDER);
    assert_int_equal(one->remedy.value, FGO_WEIGHTS_TORO_ORDER);
    assert_int_equal(one->what, FGO_STATISTIC_FRACTION);
    assert_float_equal(one->statistic, 1, 0);
    fgo_findings_free(f);
}

/* No text of a finding names an option, and each says what can be done. */
static void test_every_finding_has_a_remedy(void **state)
{
    fgo_findings *f = examine(CHAIN "VERTEX_SE2 50 0 0 0\nVERTEX_XY 60 5 5\nEDGE_BEARING_SE2_XY 10 60 0.5 100\n"
                                    "VERTEX_SE2 70 1 0 0\nEDGE_SE2 12 70 1 0 0 0 0 0 0 0 9\n");
    (void)state;
    assert_true(fgo_findings_count(f) >= 3);
    for (size_t i = 0; i < fgo_findings_count(f); i++) {
        const fgo_finding *one = fgo_findings_get(f, i);
        assert_true(one->remedy.kind > FGO_REMEDY_NONE);
        assert_null(strstr(one->evidence, "--"));
        assert_true(one->variables > 0);
    }
    fgo_findings_free(f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_two_factors),
        cmocka_unit_test(test_an_eigenvalue),
        cmocka_unit_test(test_keys_of_lines_without_a_factor),
        cmocka_unit_test(test_the_order_to_read_in),
        cmocka_unit_test(test_every_finding_has_a_remedy),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
