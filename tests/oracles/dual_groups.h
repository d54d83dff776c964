/* SPDX-License-Identifier: BSD-3-Clause */
/* dual_groups.h -- partials in groups of lanes: what is known to be zero, at compile time and at run time, must change
 * no partial. Included once for each FGO_PARTIALS, by test_dual_groups.c and test_dual_fours.c. */
#include "support.h"
#include <fgopt/residual.h>

enum { FIRST = 0, MIDDLE = FGO_PARTIALS / 2, LAST = FGO_PARTIALS - 1 };

static void assert_partials(partials p, const double *expected)
{
    for (int i = 0; i < FGO_PARTIALS; i++)
        if (p_get(p, i) != expected[i]) fail_msg("partial %d: %g, not %g", i, p_get(p, i), expected[i]);
}

static void test_places(UNUSED_STATE)
{
    (void)state;
    for (int i = 0; i < FGO_PARTIALS; i++) {
        double expected[FGO_PARTIALS] = { 0 };
        expected[i] = 1.0;
        assert_partials(p_unit(i), expected);
        if (i + 2 >= FGO_PARTIALS) continue;
        expected[i] = 2.0, expected[i + 1] = -3.0, expected[i + 2] = 4.0;
        assert_partials(p_place3(i, 2.0, -3.0, 4.0), expected);
    }
}

/* Every function on a x + b y + c z and its terms; `known` is a constant where this is inlined. */
FGO_INLINE void check_functions(int known, partials x, partials y, partials z)
{
    double a[FGO_PARTIALS], b[FGO_PARTIALS], c[FGO_PARTIALS], expected[FGO_PARTIALS];
    for (int i = 0; i < FGO_PARTIALS; i++) a[i] = p_get(x, i), b[i] = p_get(y, i), c[i] = p_get(z, i);
    if (!known) x.zero = y.zero = z.zero = 0;
#define CHECK(f, e)                                                                                                              \
    for (int i = 0; i < FGO_PARTIALS; i++) expected[i] = (e);                                                                    \
    assert_partials(f, expected)
    CHECK(p_neg(x), -a[i]);
    CHECK(p_scale(3.0, x), 3.0 * a[i]);
    CHECK(p_add(x, y), a[i] + b[i]);
    CHECK(p_sub(x, y), a[i] - b[i]);
    CHECK(p_sub(y, x), b[i] - a[i]);
    CHECK(p_lin(3.0, x, -5.0, y), 3.0 * a[i] + -5.0 * b[i]);
    CHECK(p_lin3(3.0, x, -5.0, y, 7.0, z), 3.0 * a[i] + -5.0 * b[i] + 7.0 * c[i]);
    CHECK(p_lin3(3.0, z, -5.0, x, 7.0, x), 3.0 * c[i] + -5.0 * a[i] + 7.0 * a[i]);
    CHECK(p_add(p_sub(x, y), p_lin(2.0, y, 4.0, z)), a[i] - b[i] + (2.0 * b[i] + 4.0 * c[i]));
#undef CHECK
}

static void test_zeros_known_to_the_compiler(UNUSED_STATE)
{
    (void)state;
    check_functions(1, p_unit(FIRST), p_unit(LAST), p_unit(MIDDLE));
    check_functions(0, p_unit(FIRST), p_unit(LAST), p_unit(MIDDLE));
    check_functions(1, p_unit(MIDDLE), p_zero(), p_zero());
    check_functions(1, p_zero(), p_zero(), p_zero());
    check_functions(1, p_place3(LAST - 2, 1.5, -2.5, 3.5), p_unit(LAST), p_place3(FIRST, 1.0, 2.0, 3.0));
}

static void test_zeros_known_at_run_time(UNUSED_STATE)
{
    (void)state;
    for (int i = 0; i < FGO_PARTIALS; i++) {
        const partials x = p_unit(i), y = p_place(p_unit(FGO_PARTIALS - 1 - i), i / 2, 0.5);
        check_functions(1, x, y, p_unit(i / 3));
        check_functions(0, x, y, p_unit(i / 3));
    }
    double expected[FGO_PARTIALS] = { [FIRST] = 1.0, [LAST] = 6.0 };
    const real first = { 1.0, p_unit(FIRST) }, last = { 2.0, p_unit(LAST) };
    real sum = r_const(0.0);
    for (volatile int n = 0; n < 3; n++) sum = r_add(sum, r_mul(last, 1.0 + n)); /* gains groups in a loop */
    sum = r_add(sum, first);
    assert_partials(sum.v, expected);
}

/* J takes just its rows times FGO_PARTIALS numbers. */
static void test_store(UNUSED_STATE)
{
    (void)state;
    enum { ROWS = 3 };
    const double untouched = -77.0;
    double e[ROWS], J[ROWS * FGO_PARTIALS + 1];
    real r[ROWS];
    for (int k = 0; k < ROWS; k++) {
        r[k] = r_const(k);
        for (int i = 0; i < FGO_PARTIALS; i++) r[k].v = p_place(r[k].v, i, 1000.0 * k + i);
    }
    J[ROWS * FGO_PARTIALS] = untouched;
    fgo_store(r, ROWS, e, J);
    for (int k = 0; k < ROWS; k++) {
        assert_true(e[k] == k);
        for (int i = 0; i < FGO_PARTIALS; i++) assert_true(J[k * FGO_PARTIALS + i] == 1000.0 * k + i);
    }
    assert_true(J[ROWS * FGO_PARTIALS] == untouched);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_places),
        cmocka_unit_test(test_zeros_known_to_the_compiler),
        cmocka_unit_test(test_zeros_known_at_run_time),
        cmocka_unit_test(test_store),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
