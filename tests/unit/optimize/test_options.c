/* SPDX-License-Identifier: BSD-3-Clause */
/* test_options.c -- the options table: complete, consistent with the struct, and strict with text. */
#include "support.h"

static void test_defaults(UNUSED_STATE)
{
    (void)state;
    size_t count;
    const fgo_option *table = fgo_option_table(&count);
    fgo_options o;
    memset(&o, 0xde, sizeof o);
    o = fgo_options_default(); /* nothing of the sentinel survives in any field the table names, nor in the pointers */
    for (size_t i = 0; i < count; i++) {
        const char *at = (const char *)&o + table[i].offset;
        double d;
        int w;
        memcpy(&d, at, table[i].type == FGO_OPTION_DOUBLE ? sizeof d : 0);
        memcpy(&w, at, sizeof w);
        const double value = table[i].type == FGO_OPTION_DOUBLE ? d : w;
        assert_true(value == table[i].default_value && value >= table[i].minimum && value <= table[i].maximum);
        assert_true(table[i].help[0] && table[i].name[0] && table[i].group[0]);
        assert_true((table[i].type == FGO_OPTION_CHOICE) == (table[i].choices != NULL));
        for (size_t j = 0; j < i; j++) assert_true(strcmp(table[i].name, table[j].name) && table[i].offset != table[j].offset);
    }
    assert_true(o.size == sizeof o && o.record_size == sizeof(fgo_iteration));
    assert_true(!o.callback && !o.callback_user && !o.records && !o.record_capacity);
    /* Every numeric member is in the table: between the first and the last, no int is left out but the padding after one. */
    unsigned char known[sizeof o] = { 0 };
    for (size_t i = 0; i < count; i++)
        memset(known + table[i].offset, 1, table[i].type == FGO_OPTION_DOUBLE ? sizeof(double) : sizeof(int));
    for (size_t at = offsetof(fgo_options, method); at < offsetof(fgo_options, strategy); at += sizeof(int))
        assert_true(known[at] || (at % sizeof(double) && known[at - sizeof(int)] && known[at + sizeof(int)]));
}

static void test_set(UNUSED_STATE)
{
    (void)state;
    fgo_options o = fgo_options_default();
    assert_ok(fgo_option_set(&o, "method", "gn"));
    assert_int_equal(o.method, FGO_METHOD_GN);
    assert_ok(fgo_option_set(&o, "max-iterations", "17"));
    assert_int_equal(o.max_iterations, 17);
    assert_ok(fgo_option_set(&o, "cost-tolerance", "1e-3"));
    assert_true(o.cost_tolerance == 1e-3);
    assert_ok(fgo_option_set(&o, "time-limit", "inf"));
    assert_ok(fgo_option_set(&o, "diagonal-scaling", "off"));
    assert_int_equal(o.diagonal_scaling, 0);
    assert_ok(fgo_option_set(&o, "diagonal-scaling", "1"));
    assert_int_equal(o.diagonal_scaling, 1);
    static const char *const wrong[][2] = {
        { "method", "LM" },           { "method", "" },
        { "max-iterations", "-1" },   { "max-iterations", "1.5" },
        { "max-iterations", "9e9" },  { "max-iterations", "99999999999999999999" },
        { "max-iterations", "5 " },   { "max-iterations", "" },
        { "threads", "-1" },          { "cost-tolerance", "0,1" },
        { "cost-tolerance", "nan" },  { "cost-tolerance", "2" },
        { "cost-tolerance", " 0.5" }, { "linear-solver", "qr" },
        { "diagonal-scaling", "2" },  { "gradient-tolerance", "x" },
        { "no-such-option", "1" },
    };
    const fgo_options before = o;
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        assert_int_equal(fgo_option_set(&o, wrong[i][0], wrong[i][1]), FGO_ERROR_ARGUMENT);
        assert_non_null(strstr(fgo_last_message(), wrong[i][0]));
    }
    assert_memory_equal(&o, &before, sizeof o);
    assert_int_equal(fgo_option_set(NULL, "method", "lm"), FGO_ERROR_ARGUMENT);
}

static void test_names(UNUSED_STATE)
{
    (void)state;
    assert_string_equal(fgo_method_name(FGO_METHOD_LM), "lm");
    int methods = 0, solvers = 0;
    while (fgo_method_name((fgo_method)methods)) methods++;
    while (fgo_linear_solver_name((fgo_linear_solver)solvers)) solvers++;
    assert_true(methods > FGO_METHOD_GN && solvers > FGO_LINEAR_CGLS);
    assert_null(fgo_method_name((fgo_method)(methods + 100)));
    assert_null(fgo_linear_solver_name((fgo_linear_solver)-1));
    for (int t = FGO_TERMINATION_NONE; t <= FGO_TERMINATION_FAILED_DIVERGED; t++) {
        const char *text = fgo_termination_text((fgo_termination)t);
        const int class = fgo_termination_class((fgo_termination)t);
        assert_true(!strncmp(text, class > 0 ? "converged" : class < 0 ? "failed" : t ? "stopped" : "not", 3));
    }
    assert_string_equal(fgo_termination_text((fgo_termination)99), "unknown");
}

static void test_layout(UNUSED_STATE)
{
    (void)state;
    size_t size, callback, user;
    fgo_options_layout(&size, &callback, &user);
    assert_true(size == sizeof(fgo_options) && callback == offsetof(fgo_options, callback) &&
                user == offsetof(fgo_options, callback_user));
    fgo_options_layout(NULL, NULL, NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(test_layout), cmocka_unit_test(test_defaults),
                                        cmocka_unit_test(test_set), cmocka_unit_test(test_names) };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
