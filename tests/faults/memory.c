/* SPDX-License-Identifier: BSD-3-Clause */
/* memory.c -- every allocation of every scenario fails once: the status is FGO_ERROR_MEMORY with a message, or the
 * library could do without it; nothing leaks; and what was there works as before. Built twice: with shim.c, where the
 * allocations are those of the whole process, CHOLMOD, METIS, LAPACK and zlib among them, and blocks are counted; and
 * with allocations.c, where they are the library's own, for sanitizers and valgrind. */
#include "scenarios.h"
#include "shim.h"
#include "support.h"

static long injected, refused;

static void check_again(const scenario *s, world *w, int variant, double expected)
{
    assert_ok(s->act(w, variant));
    if (memcmp(&w->outcome, &expected, sizeof expected))
        fail_msg("%s %d: %.17g after a fault, %.17g before", s->name, variant, w->outcome, expected);
}

/* With the n-th allocation failing; 0: there are not that many. */
static int run(const scenario *s, int variant, long n, double expected)
{
    world w = { 0 };
    const long before = fault_live_blocks();
    s->prepare(&w, variant);
    fault_arm(FAULT_MEMORY, n, 0);
    const fgo_status status = s->act(&w, variant);
    const long made = fault_disarm();
    if (status && status != FGO_ERROR_MEMORY)
        fail_msg("%s %d: allocation %ld of %ld: %s, %s", s->name, variant, n, made, fgo_status_text(status), fgo_last_message());
    if (made > n) {
        injected++;
        refused += status != FGO_OK;
        check_again(s, &w, variant, expected);
    }
    release_world(&w);
    if (fault_live_blocks() > before)
        fail_msg("%s %d: allocation %ld of %ld: %ld blocks leak", s->name, variant, n, made, fault_live_blocks() - before);
    return made > n;
}

static double without_fault(const scenario *s, int variant)
{
    world w = { 0 };
    s->prepare(&w, variant);
    assert_ok(s->act(&w, variant));
    const double outcome = w.outcome;
    release_world(&w);
    return outcome;
}

static void test_scenarios(UNUSED_STATE)
{
    (void)state;
    for (const scenario *s = scenarios; s->name; s++) {
        const long before = injected, refused_before = refused;
        for (int variant = 0; variant < s->variants; variant++) {
            const double expected = without_fault(s, variant);
            without_fault(s, variant); /* so that what libraries keep for good is there */
            for (long n = 0; run(s, variant, n, expected);) n++;
        }
        printf("%-26s %6ld faults injected and survived, %ld of them refused with FGO_ERROR_MEMORY\n", s->name, injected - before,
               refused - refused_before);
        fflush(stdout);
    }
    printf("memory: %ld faults injected and survived\n", injected);
    assert_true(injected > 1000 && refused > injected / 2);
}

int main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(test_scenarios) };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
