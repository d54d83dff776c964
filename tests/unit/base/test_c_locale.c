/* SPDX-License-Identifier: BSD-3-Clause */
/* test_c_locale.c -- numbers have a decimal point and messages are English in the C locale, and the thread's own locale
 * comes back. */
#include "base/c_locale.h"
#include "base/error.h"
#include "support.h"
#include <errno.h>

/* A locale with a decimal comma, if the machine has one of these; else the locale of the environment. */
static locale_t other_locale(void)
{
    static const char *const names[] = { "de_DE.UTF-8", "fr_FR.UTF-8", "de_DE", "" };
    locale_t found = (locale_t)0;
    for (size_t i = 0; i < sizeof names / sizeof *names && !found; i++) found = newlocale(LC_ALL_MASK, names[i], (locale_t)0);
    return found ? found : newlocale(LC_ALL_MASK, "C", (locale_t)0);
}

static void test_the_threads_locale_comes_back(UNUSED_STATE)
{
    (void)state;
    char text[32];
    fgoi_c_locale l;
    const locale_t other = other_locale(), before = uselocale(other);
    assert_int_equal(fgoi_c_locale_enter(&l), 0);
    assert_true(uselocale((locale_t)0) != other);
    snprintf(text, sizeof text, "%.1f", 0.5);
    assert_string_equal(text, "0.5");
    assert_string_equal(fgoi_errno_text(ENOENT), "No such file or directory");
    fgoi_c_locale_leave(&l);
    assert_true(uselocale((locale_t)0) == other);
    uselocale(before);
    freelocale(other);
}

int main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(test_the_threads_locale_comes_back) };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
