/* SPDX-License-Identifier: BSD-3-Clause */
/* test_io_number.c -- numbers in files: the libc of the C locale is the oracle, bit for bit. */
#include "io/text/number.h"
#include "io_fixture.h"
#include <float.h>
#include <locale.h>

static fgoi_number_result parse(const char *text, double *x)
{
    const char *after = NULL, *end = text + strlen(text);
    fgoi_number_result result = fgoi_parse_double(text, end, &after, x);
    if (result == FGOI_NUMBER_OK) assert_true(after > text && after <= end);
    return result;
}

/* The number with more of its line behind it, where it is read by eights. */
static fgoi_number_result parse_within(const char *text, double *x)
{
    char line[512];
    const char *after = NULL;
    const int length = snprintf(line, sizeof line, "%s 12345678 9", text);
    fgoi_number_result result = fgoi_parse_double(line, line + length, &after, x);
    if (result == FGOI_NUMBER_OK) assert_ptr_equal(after, line + strlen(text));
    return result;
}

static void assert_like_strtod(const char *text)
{
    double x = 0.0, expected = strtod(text, NULL);
    if (parse_within(text, &x) != FGOI_NUMBER_OK) fail_msg("%s is refused with more behind it", text);
    if (memcmp(&x, &expected, sizeof x) != 0) fail_msg("%s: %.17g instead of %.17g", text, x, expected);
    if (parse(text, &x) != FGOI_NUMBER_OK) fail_msg("%s is refused", text);
    if (memcmp(&x, &expected, sizeof x) != 0) fail_msg("%s: %.17g instead of %.17g", text, x, expected);
}

static void test_chosen_numbers(void **state)
{
    static const char *const good[] = {
        "0",
        "-0",
        "+0",
        "1",
        "-1",
        "+7",
        "0.1",
        ".5",
        "5.",
        "-.5",
        "1e5",
        "1E5",
        "1e+5",
        "1e-5",
        "0e999",
        "-0.0e-999",
        "9007199254740992",
        "9007199254740993",
        "9007199254740992e22",
        "9007199254740993e-22",
        "1e22",
        "1e23",
        "1e-22",
        "1e-23",
        "123456789012345678901234567890",
        "0.000000000000000000000000000001",
        "1.7976931348623157e308",
        "2.2250738585072014e-308",
        "4.9406564584124654e-324",
        "1e-400",
        "2.2250738585072011e-308",
        "0.30000000000000004",
        "00000000000000000000000000000000001.5",
        "1.50000000000000000000000000000000000000000",
        "8.5e-9999999999999999999",
        "1.00000000000000011102230246251565404236316680908203125", /* halfway: rounds to even */
        "1.00000000000000011102230246251565404236316680908203126",
        "179769313486231570000000000000000000000e270",
    };
    (void)state;
    for (size_t i = 0; i < sizeof good / sizeof *good; i++) assert_like_strtod(good[i]);
}

static void test_what_is_no_number(void **state)
{
    static const char *const bad[] = { "",     "-",   "+",   ".",  "e5",   "1e", "1e+", "1.2.3",    "1,5",  "0x10", "nan", "inf",
                                       "-inf", "--1", "+-1", "1-", "1e5.", "1f", "1_0", "infinity", "1e5e", "abc",  "#",   "1#" };
    double x;
    (void)state;
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        if (parse(bad[i], &x) != FGOI_NUMBER_MALFORMED) fail_msg("'%s' is taken", bad[i]);
    assert_int_equal(parse("1e309", &x), FGOI_NUMBER_TOO_LARGE);
    assert_int_equal(parse("-1e999999999999999999999", &x), FGOI_NUMBER_TOO_LARGE);
    assert_int_equal(parse("17976931348623159e292", &x), FGOI_NUMBER_TOO_LARGE);
}

static void test_random_numbers(void **state)
{
    rng seed = { 1 };
    char text[64];
    (void)state;
    for (int i = 0; i < 20000; i++) {
        uint64_t bits = rng_next(&seed);
        double x;
        memcpy(&x, &bits, sizeof x);
        if (!isfinite(x)) continue;
        snprintf(text, sizeof text, "%.*g", 1 + rng_below(&seed, 25), x);
        if (isfinite(strtod(text, NULL))) assert_like_strtod(text);
        /* the shape of numbers in files: few digits around 1 */
        snprintf(text, sizeof text, "%s%u.%0*u", bits & 1 ? "-" : "", (unsigned)rng_below(&seed, 100000),
                 1 + rng_below(&seed, 12), (unsigned)rng_below(&seed, 10000000));
        assert_like_strtod(text);
        snprintf(text, sizeof text, "%llue%d", (unsigned long long)bits >> rng_below(&seed, 64), rng_below(&seed, 60) - 30);
        assert_like_strtod(text);
    }
}

static void test_formatting_reads_back_and_is_short(void **state)
{
    rng seed = { 2 };
    char text[FGOI_NUMBER_SIZE];
    (void)state;
    for (int i = 0; i < 20000; i++) {
        uint64_t bits = rng_next(&seed);
        double x;
        memcpy(&x, &bits, sizeof x);
        if (!isfinite(x)) continue;
        int length = fgoi_format_double(text, x);
        double back = strtod(text, NULL);
        assert_int_equal(length, strlen(text));
        if (memcmp(&x, &back, sizeof x) != 0) fail_msg("%.17g became %s", x, text);
    }
    static const struct {
        double x;
        const char *text;
    } cases[] = {
        { 0.1, "0.1" },
        { 100.0, "100" },
        { -0.0, "-0" },
        { 1e22, "1e+22" },
        { 0.1 + 0.2, "0.30000000000000004" },
        { 1.0 / 3.0, "0.3333333333333333" },
        { 5e-324, "4.94065645841247e-324" },
        { -DBL_MAX, "-1.7976931348623157e+308" },
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        fgoi_format_double(text, cases[i].x);
        assert_string_equal(text, cases[i].text);
    }
}

static void test_integers(void **state)
{
    static const struct {
        const char *text;
        fgoi_number_result result;
        int64_t x;
    } cases[] = {
        { "0", FGOI_NUMBER_OK, 0 },
        { "-0", FGOI_NUMBER_OK, 0 },
        { "+12", FGOI_NUMBER_OK, 12 },
        { "-12", FGOI_NUMBER_OK, -12 },
        { "007", FGOI_NUMBER_OK, 7 },
        { "9223372036854775807", FGOI_NUMBER_OK, INT64_MAX },
        { "-9223372036854775808", FGOI_NUMBER_OK, INT64_MIN },
        { "9223372036854775808", FGOI_NUMBER_TOO_LARGE, 0 },
        { "-9223372036854775809", FGOI_NUMBER_TOO_LARGE, 0 },
        { "18446744073709551616", FGOI_NUMBER_TOO_LARGE, 0 },
        { "99999999999999999999999999999999", FGOI_NUMBER_TOO_LARGE, 0 },
        { "", FGOI_NUMBER_MALFORMED, 0 },
        { "-", FGOI_NUMBER_MALFORMED, 0 },
        { "1.5", FGOI_NUMBER_MALFORMED, 0 },
        { "1e3", FGOI_NUMBER_MALFORMED, 0 },
        { "a", FGOI_NUMBER_MALFORMED, 0 },
        { "99999999999999999999999a", FGOI_NUMBER_MALFORMED, 0 },
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const char *after;
        int64_t x = 0;
        assert_int_equal(fgoi_parse_int64(cases[i].text, cases[i].text + strlen(cases[i].text), &after, &x), cases[i].result);
        if (cases[i].result == FGOI_NUMBER_OK) assert_int_equal(x, cases[i].x);
    }
}

/* The program's locale may write 0,5; files never do. */
static void test_a_locale_with_commas(void **state)
{
    static const char *const names[] = { "de_DE.UTF-8", "de_DE.utf8", "de_DE", "fr_FR.UTF-8", "fr_FR.utf8", "nl_NL.UTF-8" };
    const char *found = NULL;
    (void)state;
    for (size_t i = 0; i < sizeof names / sizeof *names && !found; i++) found = setlocale(LC_ALL, names[i]);
    if (!found || localeconv()->decimal_point[0] != ',') {
        setlocale(LC_ALL, "C");
        print_message("no locale with decimal commas is installed\n");
        skip();
    }
    char comma[16];
    snprintf(comma, sizeof comma, "%.1f", 0.5);
    assert_string_equal(comma, "0,5");
    fgo_graph *g =
        read_good("VERTEX_SE2 0 0.5 1.2345678901234567891 0.25\nVERTEX_SE2 1 0 0 0\nEDGE_SE2 0 1 1 2 3.5 1 0 0 1 0 1\n");
    assert_true(fgo_graph_variable_value(g, 0)[0] == 0.5 && fgo_graph_variable_value(g, 0)[1] == 1.2345678901234567891);
    assert_int_equal(fgo_graph_set_value(g, 1, (double[]){ 0.75, 1.0 / 3.0, 1, 0 }), FGO_OK);
    assert_written(g, FGO_FORMAT_AUTO,
                   "VERTEX_SE2 0 0.5 1.2345678901234567891 0.25\nVERTEX_SE2 1 0.75 0.3333333333333333 0\n"
                   "EDGE_SE2 0 1 1 2 3.5 1 0 0 1 0 1\n");
    fgo_graph_free(g);
    snprintf(comma, sizeof comma, "%.1f", 0.5);
    assert_string_equal(comma, "0,5"); /* and the program's locale is as it was */
    setlocale(LC_ALL, "C");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_chosen_numbers), cmocka_unit_test(test_what_is_no_number),
        cmocka_unit_test(test_random_numbers), cmocka_unit_test(test_formatting_reads_back_and_is_short),
        cmocka_unit_test(test_integers),       cmocka_unit_test(test_a_locale_with_commas),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
