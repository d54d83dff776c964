/* SPDX-License-Identifier: BSD-3-Clause */
/* test_remedy.c -- the program words every remedy of the library, each in its own way, and names options that it has. */
#include "app/shell/remedy.h"
#include "support.h"

static void test_every_remedy_is_worded(void **state)
{
    enum { MOST = 64 };
    char text[MOST][CLI_REMEDY_SIZE];
    int n = 0;
    (void)state;
    for (; fgo_remedy_name((fgo_remedy_kind)n); n++) {
        const fgo_remedy remedy = { (fgo_remedy_kind)n, 1 };
        assert_true(n < MOST);
        assert_ptr_equal(cli_remedy_text(&remedy, text[n]), text[n]);
        assert_true(strlen(text[n]) >= 10 && strlen(text[n]) < CLI_REMEDY_SIZE - 1);
        assert_null(strchr(text[n], '%'));
        for (int k = 0; k < n; k++) assert_string_not_equal(text[k], text[n]);
    }
    assert_true(n > FGO_REMEDY_INITIALIZE);
}

static void test_options(void **state)
{
    static const struct {
        fgo_remedy remedy;
        const char *option;
    } rows[] = {
        { { FGO_REMEDY_PROJECT, 0 }, "--information project" },
        { { FGO_REMEDY_READ_ORDER, FGO_WEIGHTS_ROWS }, "--weights rows" },
        { { FGO_REMEDY_READ_ORDER, FGO_WEIGHTS_TORO_ORDER }, "--weights toro" },
        { { FGO_REMEDY_READ_FORM, FGO_WEIGHTS_COVARIANCE }, "--weights covariance" },
        { { FGO_REMEDY_READ_FORM, FGO_WEIGHTS_ROOT }, "--weights root" },
        { { FGO_REMEDY_READ_RESIDUAL, FGO_WEIGHTS_G2O }, "--weights g2o" },
        { { FGO_REMEDY_READ_RESIDUAL, FGO_WEIGHTS_LOG }, "--weights log" },
        { { FGO_REMEDY_READ_RESIDUAL, FGO_WEIGHTS_EULER }, "--weights euler" },
    };
    char option[CLI_REMEDY_SIZE], text[CLI_REMEDY_SIZE];
    fgo_weights weights;
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        assert_int_equal(cli_remedy_option(&rows[i].remedy, option), 1);
        assert_string_equal(option, rows[i].option);
        assert_non_null(strstr(cli_remedy_text(&rows[i].remedy, text), option));
        if (strncmp(option, "--weights ", 10) == 0) assert_ok(fgo_weights_parse(option + 10, &weights));
    }
    assert_int_equal(cli_remedy_option(&(fgo_remedy){ FGO_REMEDY_EXCHANGE, 0 }, option), 0);
    assert_string_equal(option, "");
}

int main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(test_every_remedy_is_worded), cmocka_unit_test(test_options) };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
