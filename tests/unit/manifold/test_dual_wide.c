/* SPDX-License-Identifier: BSD-3-Clause */
/* test_dual_wide.c -- more partials than partials.zero has bits for, in more vectors than FGO_EACH unrolls. */
#define FGO_PARTIALS 260
#include "support.h"
#include <fgopt/residual.h>

static void test_sum_of_products(UNUSED_STATE)
{
    (void)state;
    real sum = r_const(0.0);
    for (int i = 0; i < FGO_PARTIALS; i++) {
        const real x = { 1.0, p_unit(i) };
        sum = r_add(sum, r_mul(1.0 + i, x));
    }
    assert_true(sum.a == FGO_PARTIALS * (FGO_PARTIALS + 1) / 2);
    for (int i = 0; i < FGO_PARTIALS; i++) assert_true(p_get(sum.v, i) == 1.0 + i);
}

int main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(test_sum_of_products) };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
