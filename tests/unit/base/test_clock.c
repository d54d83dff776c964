/* SPDX-License-Identifier: BSD-3-Clause */
/* test_clock.c -- the clock never goes back, and counts seconds. */
#include "base/clock.h"
#include "support.h"
#include <time.h>

static void test_never_goes_back(UNUSED_STATE)
{
    (void)state;
    double before = fgoi_now_s();
    for (int i = 0; i < 100000; i++) {
        const double now = fgoi_now_s();
        assert_true(now >= before);
        before = now;
    }
}

static void test_counts_seconds(UNUSED_STATE)
{
    (void)state;
    const struct timespec wait = { 0, 20000000 };
    const double before = fgoi_now_s();
    assert_int_equal(nanosleep(&wait, NULL), 0);
    const double waited = fgoi_now_s() - before; /* a busy machine may take much longer, never less */
    assert_true(waited >= 0.0199 && waited < 60.0);
}

static void test_laps_add_up(UNUSED_STATE)
{
    (void)state;
    const double begin = fgoi_now_s();
    double since = begin, total = 0.0, part = 0.5;
    for (int i = 0; i < 1000; i++) fgoi_lap(&since, &total, &part);
    assert_true(since >= begin && since <= fgoi_now_s());
    assert_close(total, since - begin, 1e-9);
    assert_close(part, 0.5 + total, 1e-9);
}

int main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(test_never_goes_back), cmocka_unit_test(test_counts_seconds),
                                        cmocka_unit_test(test_laps_add_up) };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
