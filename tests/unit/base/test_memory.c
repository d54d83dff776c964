/* SPDX-License-Identifier: BSD-3-Clause */
/* test_memory.c -- what the library allocates with: sizes that no memory has, arrays that grow, and the count on which
 * the tests rely that forbid allocations. */
#include "base/memory.h"
#include "support.h"
#include <stdint.h>

static void test_alloc(UNUSED_STATE)
{
    (void)state;
    const size_t before = fgoi_allocation_count();
    int *p = fgoi_alloc(100, sizeof *p), *none = fgoi_alloc(0, sizeof *p);
    assert_true(p && none);
    for (int i = 0; i < 100; i++) assert_int_equal(p[i], 0);
    assert_int_equal(fgoi_allocation_count(), before + 2);
#ifndef FGOPT_INSTRUMENTED /* sanitizers and valgrind take offence at the wish */
    assert_null(fgoi_alloc(SIZE_MAX / 4, 8));
#endif
    fgoi_free(p);
    fgoi_free(none);
    fgoi_free(NULL);
}

/* One element after another: everything stays, and of n steps some log n allocate. */
static void test_growth(UNUSED_STATE)
{
    (void)state;
    enum { MANY = 100000 };
    size_t *p = NULL, capacity = 0;
    const size_t before = fgoi_allocation_count();
    for (size_t n = 0; n < MANY; n++) {
        const size_t old = capacity, counted = fgoi_allocation_count();
        assert_int_equal(fgoi_grow(&p, &capacity, n + 1, sizeof *p), 0);
        assert_true(capacity > n && (capacity == old) == (n < old));
        assert_int_equal(fgoi_allocation_count(), counted + (capacity != old));
        p[n] = n;
    }
    for (size_t n = 0; n < MANY; n++) assert_int_equal(p[n], n);
    assert_in_range(fgoi_allocation_count() - before, 15, 30); /* log(1e5 / 8) / log(1.5) = 23 */
    size_t *const kept = p, kept_capacity = capacity;
    assert_int_equal(fgoi_grow(&p, &capacity, SIZE_MAX / 4, sizeof *p), -1); /* no size */
#ifndef FGOPT_INSTRUMENTED
    assert_int_equal(fgoi_grow(&p, &capacity, SIZE_MAX / sizeof *p - 1, sizeof *p), -1); /* no memory */
#endif
    assert_true(p == kept && capacity == kept_capacity && p[MANY - 1] == MANY - 1);
    fgoi_shrink(&p, &capacity, 10, sizeof *p);
    assert_int_equal(capacity, 10);
    fgoi_shrink(&p, &capacity, 0, sizeof *p); /* an array of nothing would be none */
    assert_int_equal(capacity, 10);
    for (size_t n = 0; n < 10; n++) assert_int_equal(p[n], n);
    fgoi_free(p);
}

int main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(test_alloc), cmocka_unit_test(test_growth) };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
