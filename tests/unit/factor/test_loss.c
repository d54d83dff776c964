/* SPDX-License-Identifier: BSD-3-Clause */
/* test_loss.c -- every row of the table of losses at hard points, Barron's against its closed forms, and losses as text. */
#include "support.h"
#include <limits.h>
#include <locale.h>

static double rho(fgo_loss l, double s)
{
    double value, slope;
    fgo_loss_evaluate(l, s, &value, &slope);
    return value;
}

/* Calls for each class of the table, with widths and shapes at and between their bounds. */
static void for_all(void (*test)(fgo_loss l))
{
    static const double width[] = { 1e-100, 1e-3, 0.37, 1.0, 1.7, 53.0, 1e4, 1e100 };
    static const double shape[] = { -INFINITY, -1e308, -1e20, -1e8, -37.0,     -2.0, -0.5000001, -0.4999999,   -1e-9, -5e-324,
                                    0.0,       1e-300, 1e-12, 1e-3, 0.4999999, 0.5,  1.0,        1.9999999999, 2.0 };
    const fgo_loss_class *c;
    for (size_t i = 0; (c = fgo_loss_class_get(i)); i++)
        for (size_t w = 0; w < (c->parameters ? sizeof width / sizeof *width : 1); w++)
            for (size_t a = 0; a < (c->parameters > 1 ? sizeof shape / sizeof *shape : 1); a++)
                test((fgo_loss){ c, { width[w], shape[a] } });
}

static void check_class(fgo_loss l)
{
    fgo_loss_report report;
    assert_ok(fgo_check_loss(l.loss_class, l.parameter, &report));
    if (report.fault)
        fail_msg("%s %g %.17g: fault %d at s = %.17g, rho = %g, rho' = %g, error %g", l.loss_class->name, l.parameter[0],
                 l.parameter[1], report.fault, report.s, report.rho, report.rho_prime, report.error);
    assert_true(report.error < 1e-5);
}

static void check_shape(fgo_loss l)
{
    const double k2 = l.parameter[0] * l.parameter[0];
    double before = 0.0, slope_before = 1.0, value, slope;
    fgo_loss_evaluate(l, 0.0, &value, &slope);
    assert_true(value == 0.0 && slope == 1.0);
    for (double s = 1e-305; s < 1e300; s *= 1.7) {
        fgo_loss_evaluate(l, s, &value, &slope);
        assert_true(isfinite(value) && slope >= 0.0 && slope <= slope_before * (1 + 1e-15));
        assert_true(value >= before * (1 - 1e-13) && value <= s * (1 + 1e-12) + k2 * 5e-324); /* s / k^2 may be denormal */
        before = value, slope_before = slope;
    }
    const double near = 1e-12 * (k2 < 1.0 && k2 > 0.0 ? k2 : 1.0); /* no cancellation near 0 */
    if (l.parameter[0] >= 0.3) assert_close(rho(l, near) / near, 1.0, 2e-11);
}

static void test_all(UNUSED_STATE)
{
    (void)state;
    for_all(check_class);
    for_all(check_shape);
    assert_close(rho(fgo_loss_huber(2.0), 9.0), 8.0, 1e-15); /* 2 k |r| - k^2 */
    assert_close(rho(fgo_loss_tukey(2.0), 100.0), 4.0 / 3.0, 1e-15);
    assert_close(rho(fgo_loss_tukey(1e100), 1e308), 1e200 / 3.0, 1e-15);
    assert_close(rho(fgo_loss_cauchy(1e-100), 1e300), 1e-200 * 500.0 * log(10.0), 1e-14);
}

/* Twice the formula of the paper, table 1 and equation 8, with the residual in widths; in long double. */
static long double paper(long double shape, long double u2)
{
    if (shape == 2.0L) return u2;
    if (shape == 0.0L) return 2.0L * log1pl(u2 / 2.0L);
    if (isinf(shape)) return -2.0L * expm1l(-u2 / 2.0L);
    const long double b = 2.0L - shape;
    return 2.0L * b / shape * expm1l(shape / 2.0L * log1pl(u2 / b));
}

static long double paper_slope(long double shape, long double u2)
{
    if (shape == 2.0L) return 1.0L;
    if (isinf(shape)) return expl(-u2 / 2.0L);
    const long double b = 2.0L - shape;
    return expl((shape / 2.0L - 1.0L) * log1pl(u2 / b));
}

static void test_barron(UNUSED_STATE)
{
    (void)state;
    static const double shape[] = {
        2.0,     1.0, 0.0,  -2.0, -INFINITY, 1e-18, -1e-18, 1e-9,          -1e-9, 1e-3,  -1e-3, 0.3,
        0.49999, 0.5, 0.51, -0.5, -0.51,     1.5,   1.999,  1.99999999999, -10.,  -100., -1e6,  -1e12
    };
    double value, slope;
    /* Near shapes 0 and 2 the formula of the paper cancels all that an oracle of 53 bits has (oracle_slack). */
    for (size_t a = 0; a < sizeof shape / sizeof *shape && oracle_slack() == 1.0; a++)
        for (double u2 = 1e-12; u2 < 1e12; u2 *= 1.9)
            for (double k = 0.25; k <= 4.0; k *= 4.0) { /* powers of two: u^2 has no rounding error */
                fgo_loss_evaluate(fgo_loss_barron(k, shape[a]), u2 * k * k, &value, &slope);
                const long double want = paper((long double)shape[a], (long double)u2) * (long double)(k * k),
                                  want_slope = paper_slope((long double)shape[a], (long double)u2);
                assert_true(fabsl((long double)value - want) <= 1e-14L * want);
                assert_true(fabsl((long double)slope - want_slope) <=
                            1e-14L * want_slope * (1.0L + fabsl(logl(fmaxl(want_slope, 1e-4000L)))) + 1e-307L);
            }
    /* The forms under their own names, also with the numbers of the paper: alpha = 1 is sqrt(x^2 + 1) - 1, alpha = -2 is 2 x^2 /
     * (x^2 + 4), each times 2. */
    for (double s = 0.01; s < 1e4; s *= 1.3) {
        assert_close(rho(fgo_loss_barron(1.0, 1.0), s), 2.0 * (sqrt(s + 1.0) - 1.0), 1e-13);
        assert_close(rho(fgo_loss_barron(1.0, -2.0), s), 4.0 * s / (s + 4.0), 1e-14);
        assert_close(rho(fgo_loss_barron(1.0, 0.0), s), rho(fgo_loss_cauchy(sqrt(2.0)), s), 1e-14);
        assert_close(rho(fgo_loss_barron(1.0, -INFINITY), s), rho(fgo_loss_welsch(sqrt(2.0)), s), 1e-14);
        assert_true(rho(fgo_loss_barron(1.0, 2.0), s) == s);
    }
    for (double step = 1e-3; step > 1e-15; step *= 0.1) { /* no jump at the limits */
        assert_close(rho(fgo_loss_barron(1.3, step), 7.0), rho(fgo_loss_barron(1.3, 0.0), 7.0), 3 * step + 1e-15);
        assert_close(rho(fgo_loss_barron(1.3, -step), 7.0), rho(fgo_loss_barron(1.3, 0.0), 7.0), 3 * step + 1e-15);
        assert_close(rho(fgo_loss_barron(1.3, 2.0 - step), 7.0), 7.0, -step * log(step)); /* b log b */
        assert_close(rho(fgo_loss_barron(1.3, -1.0 / step), 7.0), rho(fgo_loss_barron(1.3, -INFINITY), 7.0), 10 * step);
    }
}

/* ---- planted faults ---- */

static void wrong(const fgo_loss_class *self, const double *parameter, double s, double *out, double *slope)
{
    const int fault = *(const int *)self->user;
    const double k2 = parameter[0] * parameter[0];
    *out = k2 * log1p(s / k2);
    *slope = 1.0 / (1.0 + s / k2);
    if (fault == FGO_LOSS_FAULT_ORIGIN) *out += 1e-3;
    if (fault == FGO_LOSS_FAULT_SLOPE) *out *= 0.5, *slope *= 0.5;
    if (fault == FGO_LOSS_FAULT_DERIVATIVE && s > k2) *slope *= 1.0001;
    if (fault == FGO_LOSS_FAULT_JUMP && s > 9.0 * k2) *out += k2;
    if (fault == FGO_LOSS_FAULT_MONOTONE) { /* rises, then falls */
        *out = s * exp(-s);
        *slope = (1.0 - s) * exp(-s);
    }
}

static void overflows(const fgo_loss_class *self, const double *parameter, double s, double *out, double *slope)
{
    (void)self, (void)parameter;
    *out = s > 0.0 ? s * s / (s + s * s) * s : 0.0; /* s / (1 + 1 / s), but s s overflows and underflows: 0 / 0, inf / inf */
    *slope = s > 0.0 ? (s * s + 2.0 * s) / ((s + 1.0) * (s + 1.0)) : 1.0;
}

static void test_planted_faults(UNUSED_STATE)
{
    (void)state;
    fgo_loss_report r;
    for (int fault = 0; fault <= FGO_LOSS_FAULT_JUMP; fault++) {
        const fgo_loss_class c = { .abi = FGO_LOSS_ABI,
                                   .parameters = 1,
                                   .name = "wrong",
                                   .parameter = { { "width", 2.0, 0.1, 10.0 } },
                                   .evaluate = wrong,
                                   .user = &fault };
        assert_ok(fgo_check_loss(&c, fault % 2 ? NULL : (double[]){ 0.7 }, &r));
        assert_int_equal(r.fault, fault == FGO_LOSS_FAULT_FINITE ? FGO_LOSS_FAULT_NONE : fault);
        assert_true((r.error > 1e-5) == (fault == FGO_LOSS_FAULT_DERIVATIVE));
    }
    const fgo_loss_class c = { .abi = FGO_LOSS_ABI, .name = "overflows", .evaluate = overflows };
    assert_ok(fgo_check_loss(&c, NULL, &r));
    assert_int_equal(r.fault, FGO_LOSS_FAULT_FINITE);
    assert_true(isnan(r.rho) || isnan(r.rho_prime));
}

static void test_what_is_no_class(UNUSED_STATE)
{
    (void)state;
    static const int none;
    const fgo_loss_class good = { .abi = FGO_LOSS_ABI,
                                  .parameters = 1,
                                  .name = "own",
                                  .parameter = { { "width", 2.0, 0.1, 10.0 } },
                                  .evaluate = wrong,
                                  .user = &none };
    fgo_loss_class bad[5] = { good, good, good, good, good };
    fgo_loss_report r = { .fault = 42 };
    bad[0].abi = 2, bad[1].parameters = 3, bad[2].parameters = -1, bad[3].name = NULL, bad[4].evaluate = NULL;
    for (int i = 0; i < 5; i++) assert_int_equal(fgo_check_loss(&bad[i], NULL, &r), FGO_ERROR_ARGUMENT);
    static const double width[] = { 0.0999, 10.1, NAN, -1.0, INFINITY };
    for (int i = 0; i < 5; i++) {
        assert_int_equal(fgo_check_loss(&good, &width[i], &r), FGO_ERROR_ARGUMENT);
        assert_non_null(strstr(fgo_last_message(), "width"));
    }
    assert_int_equal(fgo_check_loss(NULL, NULL, &r), FGO_ERROR_ARGUMENT);
    assert_int_equal(fgo_check_loss(&good, NULL, NULL), FGO_ERROR_ARGUMENT);
    assert_int_equal(r.fault, 42);
    assert_ok(fgo_check_loss(&good, NULL, &r));
    assert_int_equal(r.fault, FGO_LOSS_FAULT_NONE);
}

/* A loss of the user's, without registration: the optimum is that of the built-in one of the same formula, to the last bit, also in
 * a copy of the graph; it has text, but none that can be read. */
static void own_cauchy(const fgo_loss_class *self, const double *parameter, double s, double *out, double *slope)
{
    (void)self;
    const double k2 = parameter[0] * parameter[0], u2 = s / k2;
    *out = k2 * log1p(u2);
    *slope = 1.0 / (1.0 + u2);
}
static const fgo_loss_class mine = {
    .abi = FGO_LOSS_ABI, .parameters = 1, .name = "mine", .parameter = { { "width", 1.0, 1e-3, 1e3 } }, .evaluate = own_cauchy
};

static void test_own_class(UNUSED_STATE)
{
    (void)state;
    const fgo_loss loss[] = { { &mine, { 0.5 } }, fgo_loss_cauchy(0.5) };
    double x[3];
    for (int i = 0; i < 3; i++) {
        fgo_factor_class prior;
        fgo_graph *g, *copy;
        assert_ok(fgo_prior_rn(1, &prior));
        assert_ok(fgo_graph_create(&g));
        assert_ok(fgo_graph_add_rn(g, 0, 1, (double[]){ 9.0 }));
        for (int k = 0; k < 7; k++)
            assert_ok(fgo_graph_add_factor(g, &prior, (int64_t[]){ 0 }, (double[]){ k == 6 ? 20.0 : 0.1 * k }, fgo_noise_unit(),
                                           loss[i % 2]));
        assert_ok(fgo_graph_copy(g, &copy));
        assert_ok(fgo_solve(i == 2 ? copy : g, NULL, NULL));
        assert_ok(fgo_graph_get_value(i == 2 ? copy : g, 0, &x[i]));
        fgo_graph_free(copy);
        fgo_graph_free(g);
    }
    assert_true(x[0] == x[1] && x[1] == x[2] && x[0] > 0.2 && x[0] < 0.4);
    char text[64];
    fgo_loss out;
    assert_ok(fgo_loss_format(loss[0], text, sizeof text));
    assert_string_equal(text, "mine:0.5");
    assert_int_equal(fgo_loss_parse(text, &out), FGO_ERROR_ARGUMENT);
    assert_null(fgo_loss_class_find("mine"));
}

/* ---- text ---- */

static void test_parse(UNUSED_STATE)
{
    (void)state;
    fgo_loss l;
    char text[64];
    size_t count = 0;
    for (const fgo_loss_class *c; (c = fgo_loss_class_get(count)); count++) {
        assert_ok(fgo_loss_parse(c->name, &l));
        assert_true(l.loss_class == c && fgo_loss_class_find(c->name) == c);
        for (int i = 0; i < FGO_LOSS_PARAMETERS; i++)
            assert_true(l.parameter[i] == (i < c->parameters ? c->parameter[i].default_value : 0.0));
        snprintf(text, sizeof text, "%s:0.25", c->name);
        assert_int_equal(fgo_loss_parse(text, &l), c->parameters ? FGO_OK : FGO_ERROR_ARGUMENT);
        if (c->parameters) assert_true(l.loss_class == c && l.parameter[0] == 0.25);
    }
    assert_true(count >= 7);
    assert_null(fgo_loss_class_get(SIZE_MAX));
    assert_null(fgo_loss_class_find(NULL));
    assert_null(fgo_loss_class_find("hube"));
    assert_ok(fgo_loss_parse("barron:2.5,-inf", &l));
    assert_true(l.parameter[0] == 2.5 && l.parameter[1] == -INFINITY);
    assert_ok(fgo_loss_parse("barron:2.5", &l));
    assert_true(l.parameter[0] == 2.5 && l.parameter[1] == 1.0);
    static const char *const bad[] = { "",          "hubert",     "huber:",       "huber:0",      "huber:-1",    "huber:1,5",
                                       "huber:nan", "huber:inf",  "huber:1x",     "huber:1e-101", "huber:1e101", "none:-1",
                                       ":1",        "Huber",      "huber: 1",     "none:",        "huber:1,",    "barron:1,",
                                       "barron:,1", "barron:1,3", "barron:1,nan", "barron:1,1,1", "barron:1, 1", "barron:1;1" };
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) assert_int_equal(fgo_loss_parse(bad[i], &l), FGO_ERROR_ARGUMENT);
    assert_int_equal(fgo_loss_parse(NULL, &l), FGO_ERROR_ARGUMENT);
    assert_int_equal(fgo_loss_parse("huber", NULL), FGO_ERROR_ARGUMENT);
    assert_int_equal(fgo_loss_parse("hubert", &l), FGO_ERROR_ARGUMENT);
    for (size_t i = 0; i < count; i++) assert_non_null(strstr(fgo_last_message(), fgo_loss_class_get(i)->name));
}

static void test_format(UNUSED_STATE)
{
    (void)state;
    rng r = { 11 };
    char text[64];
    fgo_loss l;
    assert_ok(fgo_loss_format(fgo_loss_none(), text, sizeof text));
    assert_string_equal(text, "none");
    assert_ok(fgo_loss_format(fgo_loss_huber(1.345), text, sizeof text));
    assert_string_equal(text, "huber:1.345");
    assert_ok(fgo_loss_format(fgo_loss_barron(2.0, -INFINITY), text, sizeof text));
    assert_string_equal(text, "barron:2,-inf");
    for (int i = 0; i < 1000; i++) {
        const fgo_loss random = fgo_loss_barron(exp(rng_uniform(&r, -200.0, 200.0)), 2.0 - exp(rng_uniform(&r, -30.0, 300.0)));
        assert_ok(fgo_loss_format(random, text, sizeof text));
        assert_ok(fgo_loss_parse(text, &l));
        assert_memory_equal(&l, &random, sizeof l);
    }
    assert_int_equal(fgo_loss_format(fgo_loss_huber(1.345), text, 11), FGO_ERROR_ARGUMENT);
    assert_ok(fgo_loss_format(fgo_loss_huber(1.345), text, 12));
    assert_int_equal(fgo_loss_format(fgo_loss_huber(-1.0), text, 12), FGO_ERROR_ARGUMENT);
    assert_int_equal(fgo_loss_format(fgo_loss_huber(1.0), NULL, 12), FGO_ERROR_ARGUMENT);
    assert_int_equal(fgo_loss_format((fgo_loss){ 0 }, text, 12), FGO_ERROR_ARGUMENT);
    assert_string_equal(text, "huber:1.345");
}

int main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(test_all),
                                        cmocka_unit_test(test_barron),
                                        cmocka_unit_test(test_planted_faults),
                                        cmocka_unit_test(test_what_is_no_class),
                                        cmocka_unit_test(test_own_class),
                                        cmocka_unit_test(test_parse),
                                        cmocka_unit_test(test_format) };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
