/* SPDX-License-Identifier: BSD-3-Clause */
/* test_union_find.c -- roots against labels that are spread over everything at each join. */
#include "base/union_find.h"
#include "support.h"

enum { MOST = 200 };

static void test_roots_are_the_smallest_numbers(UNUSED_STATE)
{
    (void)state;
    rng r = { 1 };
    for (int round = 0; round < REPEATED(200); round++) {
        uint32_t parent[MOST], label[MOST];
        const uint32_t n = 1 + (uint32_t)(rng_next(&r) % MOST);
        for (uint32_t i = 0; i < n; i++) parent[i] = label[i] = i;
        for (uint32_t joins = (uint32_t)(rng_next(&r) % (2 * n)); joins > 0; joins--) {
            const uint32_t a = (uint32_t)(rng_next(&r) % n), b = (uint32_t)(rng_next(&r) % n);
            const uint32_t low = label[a] < label[b] ? label[a] : label[b], high = label[a] < label[b] ? label[b] : label[a];
            fgoi_union_join(parent, a, b);
            for (uint32_t i = 0; i < n; i++)
                if (label[i] == high) label[i] = low;
        }
        for (uint32_t i = 0; i < n; i++) assert_int_equal(fgoi_union_root(parent, i), label[i]);
    }
}

/* A path of a million, joined from its end, is not walked again and again. */
static void test_paths_are_halved(UNUSED_STATE)
{
    (void)state;
    enum { LONG = 1000000 };
    uint32_t *parent = malloc(LONG * sizeof *parent);
    assert_non_null(parent);
    for (uint32_t i = 0; i < LONG; i++) parent[i] = i ? i - 1 : 0;
    assert_int_equal(fgoi_union_root(parent, LONG - 1), 0);
    uint32_t steps = 0;
    for (uint32_t v = LONG - 1; parent[v] != v; v = parent[v]) steps++;
    assert_in_range(steps, 1, LONG / 2 + 1);
    free(parent);
}

int main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(test_roots_are_the_smallest_numbers),
                                        cmocka_unit_test(test_paths_are_halved) };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
