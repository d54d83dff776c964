/* SPDX-License-Identifier: BSD-3-Clause */
/* test_loss.c -- rho' is the derivative of rho, both behave as robust losses must, and names are read. */
#include "support.h"

static const fgo_loss_kind kinds[] = { FGO_LOSS_NONE,          FGO_LOSS_HUBER, FGO_LOSS_CAUCHY,
                                       FGO_LOSS_GEMAN_MCCLURE, FGO_LOSS_TUKEY, FGO_LOSS_WELSCH };
enum { KINDS = sizeof kinds / sizeof *kinds };

static double rho(fgo_loss l, double s)
{
    double value, slope;
    fgo_loss_evaluate(l, s, &value, &slope);
    return value;
}

static void test_derivative(UNUSED_STATE)
{
    (void)state;
    for (int k = 0; k < KINDS; k++)
        for (double width = 1e-3; width < 1e4; width *= 7.3)
            for (double u2 = 1e-6; u2 < 1e4; u2 *= 3.7) {
                const fgo_loss l = { kinds[k], width };
                const double s = u2 * width * width, h = 1e-4 * s;
                double value, slope;
                fgo_loss_evaluate(l, s, &value, &slope);
                if (fabs(u2 - 1.0) < 1e-3) continue; /* the joint of Huber and Tukey */
                const double d = (8.0 * (rho(l, s + h) - rho(l, s - h)) - (rho(l, s + 2 * h) - rho(l, s - 2 * h))) / (12.0 * h);
                assert_true(fabs(slope - d) <= 1e-8);
            }
}

static void test_shape(UNUSED_STATE)
{
    (void)state;
    for (int k = 0; k < KINDS; k++) {
        const fgo_loss l = { kinds[k], 1.7 };
        double before = 0.0, slope_before = 1.0, value, slope;
        fgo_loss_evaluate(l, 0.0, &value, &slope);
        assert_true(value == 0.0 && slope == 1.0);
        for (double s = 1e-12; s < 1e12; s *= 1.3) {
            fgo_loss_evaluate(l, s, &value, &slope);
            assert_true(value >= before && slope <= slope_before && slope >= 0.0 && value <= s * (1 + 1e-12));
            before = value, slope_before = slope;
        }
        fgo_loss_evaluate(l, 1e-12, &value, &slope); /* no cancellation near 0 */
        assert_close(value / 1e-12, 1.0, 1e-11);
    }
    const double edges[] = { 1e-100, 1e100 }; /* of the widths allowed: nothing is 0 / 0 or infinity times 0 */
    for (int i = 0; i < 2 * KINDS; i++) {
        const fgo_loss l = { kinds[i / 2], edges[i % 2] };
        double value, slope;
        for (double s = 0.0; s <= 1e308; s = s > 0.0 ? s * 1e4 : 1e-290) {
            fgo_loss_evaluate(l, s, &value, &slope);
            assert_true(value >= 0.0 && slope >= 0.0 && slope <= 1.0);
            assert_true(value <= s * (1 + 1e-12) + l.width * l.width * 5e-324); /* s / k^2 may be denormal */
        }
        assert_true(kinds[i / 2] < FGO_LOSS_GEMAN_MCCLURE || rho(l, 1e308) >= 0.3 * fmin(l.width * l.width, 1e308));
    }
    assert_close(rho(fgo_loss_huber(2.0), 9.0), 8.0, 1e-15); /* 2 k |r| - k^2 */
    assert_close(rho(fgo_loss_tukey(2.0), 100.0), 4.0 / 3.0, 1e-15);
}

static void test_parse(UNUSED_STATE)
{
    (void)state;
    fgo_loss l;
    for (int k = 0; k < KINDS; k++) {
        char text[64];
        assert_ok(fgo_loss_parse(fgo_loss_name(kinds[k]), &l));
        assert_true(l.kind == kinds[k] && l.width > 0.0);
        snprintf(text, sizeof text, "%s:0.25", fgo_loss_name(kinds[k]));
        assert_ok(fgo_loss_parse(text, &l));
        assert_true(l.kind == kinds[k] && l.width == 0.25);
    }
    assert_null(fgo_loss_name((fgo_loss_kind)77));
    static const char *const wrong[] = { "",          "hubert",    "huber:",   "huber:0",      "huber:-1",    "huber:1,5",
                                         "huber:nan", "huber:inf", "huber:1x", "huber:1e-101", "huber:1e101", "none:-1",
                                         ":1",        "Huber",     "huber: 1" };
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) assert_int_equal(fgo_loss_parse(wrong[i], &l), FGO_ERROR_ARGUMENT);
}

int main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(test_derivative), cmocka_unit_test(test_shape),
                                        cmocka_unit_test(test_parse) };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
