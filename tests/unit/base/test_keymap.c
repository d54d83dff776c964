/* SPDX-License-Identifier: BSD-3-Clause */
/* test_keymap.c -- keys to numbers: in order, out of order, at the ends of 64 bits, against a list that is searched. */
#include "base/keymap.h"
#include "support.h"

enum { MOST = 3000 };

typedef struct list {
    int64_t key[MOST];
    uint32_t value[MOST];
    size_t count;
} list;

static uint32_t find(const list *l, int64_t key)
{
    for (size_t i = 0; i < l->count; i++)
        if (l->key[i] == key) return l->value[i];
    return FGOI_NO_VALUE;
}

static void add(fgoi_keymap *m, list *l, int64_t key, uint32_t value)
{
    assert_int_equal(fgoi_keymap_find(m, key), find(l, key));
    if (find(l, key) != FGOI_NO_VALUE) return;
    assert_int_equal(fgoi_keymap_add(m, key, value), 0);
    l->key[l->count] = key;
    l->value[l->count++] = value;
}

static void assert_same(const fgoi_keymap *m, const list *l)
{
    for (size_t i = 0; i < l->count; i++) {
        assert_int_equal(fgoi_keymap_find(m, l->key[i]), l->value[i]);
        const int64_t near = (int64_t)((uint64_t)l->key[i] + 1), before = (int64_t)((uint64_t)l->key[i] - 1);
        assert_int_equal(fgoi_keymap_find(m, near), find(l, near));
        assert_int_equal(fgoi_keymap_find(m, before), find(l, before));
    }
}

/* Adds `count` keys by the rule, compares, takes half of them out again, the last first, and compares. */
static void run(int64_t (*rule)(rng *, size_t), size_t count, uint64_t seed)
{
    static list l;
    fgoi_keymap m = { 0 }, copy = { 0 };
    rng r = { seed };
    l.count = 0;
    assert_int_equal(fgoi_keymap_find(&m, 0), FGOI_NO_VALUE);
    for (size_t i = 0; i < count; i++) add(&m, &l, rule(&r, i), (uint32_t)l.count);
    assert_same(&m, &l);
    assert_int_equal(fgoi_keymap_copy(&copy, &m), 0);
    for (size_t i = l.count; i-- > l.count / 2;) fgoi_keymap_remove(&m, l.key[i]);
    assert_same(&copy, &l);
    for (size_t i = l.count / 2; i < l.count; i++) assert_int_equal(fgoi_keymap_find(&m, l.key[i]), FGOI_NO_VALUE);
    fgoi_keymap_remove(&m, l.key[l.count - 1]); /* not there any more */
    l.count /= 2;
    assert_same(&m, &l);
    for (size_t i = 0; i < count; i++) add(&m, &l, rule(&r, i), (uint32_t)l.count);
    assert_same(&m, &l);
    fgoi_keymap_free(&m);
    fgoi_keymap_free(&copy);
}

static int64_t in_order(rng *r, size_t i)
{
    (void)r;
    return 7 + (int64_t)i;
}
static int64_t with_gaps(rng *r, size_t i) { return (int64_t)(i + i / 10 + (size_t)(rng_below(r, 10) == 0)); }
static int64_t then_landmarks(rng *r, size_t i) { return i < 300 ? (int64_t)i : 1000000 - rng_below(r, 3000); }
static int64_t backwards(rng *r, size_t i)
{
    (void)r;
    return -(int64_t)i;
}
static int64_t anything(rng *r, size_t i)
{
    (void)i;
    return (int64_t)(rng_next(r) >> rng_below(r, 60));
}
static int64_t over_the_end(rng *r, size_t i)
{
    (void)r;
    return (int64_t)((uint64_t)INT64_MAX - 20 + i); /* goes on at INT64_MIN */
}

static void test_rules(void **state)
{
    (void)state;
    run(in_order, 1000, 1);
    run(with_gaps, 1000, 2);
    run(then_landmarks, 1000, 3);
    run(backwards, 1000, 4);
    run(anything, 1000, 5);
    run(over_the_end, 40, 6);
}

/* Keys of a graph that was merged: several for one variable, in and out of the order. */
static void test_values_that_are_not_counted(void **state)
{
    fgoi_keymap m = { 0 };
    (void)state;
    assert_int_equal(fgoi_keymap_add(&m, 10, 5), 0);
    assert_int_equal(fgoi_keymap_add(&m, 11, 5), 0);
    assert_int_equal(fgoi_keymap_add(&m, 12, 7), 0);
    assert_int_equal(fgoi_keymap_add(&m, 13, 6), 0);
    assert_int_equal(fgoi_keymap_find(&m, 10), 5);
    assert_int_equal(fgoi_keymap_find(&m, 11), 5);
    assert_int_equal(fgoi_keymap_find(&m, 12), 7);
    assert_int_equal(fgoi_keymap_find(&m, 13), 6);
    fgoi_keymap_free(&m);
}

/* As long as the order holds, there is no table. */
static void test_an_order_takes_no_memory(void **state)
{
    fgoi_keymap m = { 0 };
    (void)state;
    for (uint32_t i = 0; i < 1000000; i++) assert_int_equal(fgoi_keymap_add(&m, i, i), 0);
    assert_int_equal(m.slots, 0);
    assert_int_equal(fgoi_keymap_find(&m, 999999), 999999);
    assert_int_equal(fgoi_keymap_find(&m, 1000000), FGOI_NO_VALUE);
    assert_int_equal(fgoi_keymap_find(&m, -1), FGOI_NO_VALUE);
    fgoi_keymap_free(&m);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_rules),
        cmocka_unit_test(test_values_that_are_not_counted),
        cmocka_unit_test(test_an_order_takes_no_memory),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
