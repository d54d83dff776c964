/* SPDX-License-Identifier: BSD-3-Clause */
/* test_threads.c -- the pool of threads: every part is done, once, before the call returns; and by several threads at once,
 * which the results of the library do not show. */
#define _POSIX_C_SOURCE 200809L /* clock_gettime, pthread_cond_timedwait */
#include "base/threads.h"
#include "support.h"
#include <pthread.h>
#include <stdatomic.h>
#include <time.h>

enum { MOST_PARTS = 5000 };

typedef struct {
    atomic_int done[MOST_PARTS];
    atomic_int finished;
} tally;

static void count_part(void *context, size_t part)
{
    tally *t = context;
    atomic_fetch_add(&t->done[part], 1);
    for (volatile int spin = 0; spin < (part % 7 == 0 ? 2000 : 0);) spin = spin + 1; /* parts differ in length */
    atomic_fetch_add(&t->finished, 1);
}

static void test_each_part_once(UNUSED_STATE)
{
    (void)state;
    static tally t;
    static const size_t parts[] = { 0, 1, 2, 3, 4, 17, 500, MOST_PARTS };
    for (int count = 0; count <= 5; count++) { /* 0: no pool at all */
        fgoi_threads *pool = count ? fgoi_threads_create(count) : NULL;
        assert_int_equal(fgoi_threads_count(pool), count ? count : 1);
        for (int round = 0; round < 100; round++) {
            const size_t n = parts[round % 8];
            memset(&t, 0, sizeof t);
            fgoi_threads_run(pool, n, count_part, &t);
            assert_int_equal(atomic_load(&t.finished), n); /* all before it returns */
            for (size_t i = 0; i < MOST_PARTS; i++) assert_int_equal(atomic_load(&t.done[i]), i < n);
        }
        fgoi_threads_free(pool);
    }
}

/* A part that ends when as many parts as threads have begun: one thread alone would wait for the others without end. */
typedef struct {
    pthread_mutex_t mutex;
    pthread_cond_t changed;
    int begun, wanted, alone;
} meeting;

static void meet_others(void *context, size_t part)
{
    meeting *m = context;
    struct timespec limit;
    (void)part;
    clock_gettime(CLOCK_REALTIME, &limit);
    limit.tv_sec += 60; /* of a machine with much else to do */
    pthread_mutex_lock(&m->mutex);
    m->begun++;
    pthread_cond_broadcast(&m->changed);
    while (m->begun < m->wanted && !m->alone)
        if (pthread_cond_timedwait(&m->changed, &m->mutex, &limit)) m->alone = 1;
    pthread_mutex_unlock(&m->mutex);
}

static void test_at_once(UNUSED_STATE)
{
    (void)state;
    for (int count = 2; count <= 4; count++)
        for (int parts = count; parts <= count + 3; parts++) {
            fgoi_threads *pool = fgoi_threads_create(count);
            assert_non_null(pool);
            for (int round = 0; round < 5; round++) {
                meeting m = { PTHREAD_MUTEX_INITIALIZER, PTHREAD_COND_INITIALIZER, 0, count, 0 };
                fgoi_threads_run(pool, (size_t)parts, meet_others, &m);
                assert_false(m.alone);
                assert_int_equal(m.begun, parts);
            }
            fgoi_threads_free(pool);
        }
}

/* Asked for by number they are there; asked for what pays, they are not for little work. */
static void test_start(UNUSED_STATE)
{
    (void)state;
    fgoi_threads *pool;
    assert_int_equal(fgoi_threads_start(3, 1, &pool), 0);
    assert_int_equal(fgoi_threads_count(pool), 3);
    fgoi_threads_free(pool);
    assert_int_equal(fgoi_threads_start(1, 1 << 30, &pool), 0);
    assert_null(pool);
    assert_int_equal(fgoi_threads_start(0, 1000, &pool), 0);
    assert_null(pool);
    assert_int_equal(fgoi_threads_start(0, 1 << 30, &pool), 0);
    assert_in_range(fgoi_threads_count(pool), 1, 4);
    fgoi_threads_free(pool);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_each_part_once),
        cmocka_unit_test(test_at_once),
        cmocka_unit_test(test_start),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
