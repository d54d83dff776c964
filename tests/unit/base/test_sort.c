/* SPDX-License-Identifier: BSD-3-Clause */
/* test_sort.c -- comparisons at the ends of their types, and sorts of random numbers with repetitions. */
#include "base/sort.h"
#include "support.h"

enum { MOST = 500 };

static void test_comparisons_at_the_ends(UNUSED_STATE)
{
    (void)state;
    assert_true(fgoi_compare_int64(INT64_MIN, INT64_MAX) < 0 && fgoi_compare_int64(INT64_MAX, INT64_MIN) > 0);
    assert_true(fgoi_compare_int64(-1, -1) == 0 && fgoi_compare_int64(-1, 0) < 0);
    assert_true(fgoi_compare_size(0, SIZE_MAX) < 0 && fgoi_compare_size(SIZE_MAX, 0) > 0 && fgoi_compare_size(7, 7) == 0);
    assert_true(fgoi_compare_double(-INFINITY, INFINITY) < 0 && fgoi_compare_double(1.0, nextafter(1.0, 0.0)) > 0);
    assert_true(fgoi_compare_double(-0.0, 0.0) == 0);
}

static void test_doubles(UNUSED_STATE)
{
    (void)state;
    rng r = { 2 };
    fgoi_sort_doubles(NULL, 0);
    for (int round = 0; round < REPEATED(100); round++) {
        double x[MOST], sum = 0.0, sorted_sum = 0.0;
        const size_t n = (size_t)rng_below(&r, MOST);
        for (size_t i = 0; i < n; i++) sum += x[i] = rng_below(&r, 50) - 20; /* whole numbers: sums are exact */
        fgoi_sort_doubles(x, n);
        for (size_t i = 0; i < n; i++) {
            sorted_sum += x[i];
            assert_true(!i || x[i - 1] <= x[i]);
        }
        assert_true(sum == sorted_sum);
    }
}

/* The numbers of the rows are a permutation afterwards, too, and ascend where keys are equal. */
static void test_keyed(UNUSED_STATE)
{
    (void)state;
    rng r = { 3 };
    fgoi_sort_keyed(NULL, 0);
    for (int round = 0; round < REPEATED(100); round++) {
        fgoi_keyed row[MOST];
        int64_t key[MOST];
        unsigned char seen[MOST] = { 0 };
        const size_t n = (size_t)rng_below(&r, MOST);
        for (size_t i = 0; i < n; i++) {
            key[i] = rng_below(&r, 4) ? rng_below(&r, 90) - 45 : (int64_t)rng_next(&r);
            row[n - 1 - i] = (fgoi_keyed){ key[i], i };
        }
        fgoi_sort_keyed(row, n);
        for (size_t i = 0; i < n; i++) {
            assert_true(row[i].number < n && !seen[row[i].number] && row[i].key == key[row[i].number]);
            seen[row[i].number] = 1;
            assert_true(!i || row[i - 1].key < row[i].key || (row[i - 1].key == row[i].key && row[i - 1].number < row[i].number));
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(test_comparisons_at_the_ends), cmocka_unit_test(test_doubles),
                                        cmocka_unit_test(test_keyed) };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
