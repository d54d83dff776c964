/* SPDX-License-Identifier: BSD-3-Clause */
/* cmocka.h -- as much of cmocka as the tests of the block kernels use, where there is none: for another processor,
 * under emulation. The first failure ends the program. */
#ifndef FGOPT_TESTS_NEON_CMOCKA_H
#define FGOPT_TESTS_NEON_CMOCKA_H
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct CMUnitTest {
    const char *name;
    void (*test)(void **state);
};

static inline void _fail(const char *file, int line)
{
    fprintf(stderr, "%s:%d: failure\n", file, line);
    exit(1);
}

static inline void _assert_true(int holds, const char *what, const char *file, int line)
{
    if (holds) return;
    fprintf(stderr, "%s\n", what);
    _fail(file, line);
}

#define print_error(...)             fprintf(stderr, __VA_ARGS__)
#define print_message(...)           printf(__VA_ARGS__)
#define assert_true(x)               _assert_true((x) ? 1 : 0, #x, __FILE__, __LINE__)
#define assert_false(x)              assert_true(!(x))
#define assert_int_equal(a, b)       assert_true((long long)(a) == (long long)(b))
#define assert_null(p)               assert_true((p) == NULL)
#define assert_non_null(p)           assert_true((p) != NULL)
#define assert_string_equal(a, b)    assert_true(!strcmp(a, b))
#define assert_memory_equal(a, b, n) assert_true(!memcmp(a, b, n))
#define cmocka_unit_test(f)                                                                                                      \
    {                                                                                                                            \
#f, f                                                                                                                    \
    }
#define cmocka_run_group_tests(t, s, e) run_tests(t, sizeof(t) / sizeof *(t))

static inline int run_tests(const struct CMUnitTest *tests, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        tests[i].test(NULL);
        printf("ok: %s\n", tests[i].name);
    }
    return 0;
}
#endif
