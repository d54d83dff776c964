/* SPDX-License-Identifier: BSD-3-Clause */
/* evaluation.c -- functions of the user that fail, or give NaN or infinity, at every one of their calls: the residual,
 * the Jacobian, the retraction of a manifold; and a callback that stops. Whatever happens, solving ends, the values are
 * finite and not worse than they were, and afterwards the graph solves as ever. */
#include "support.h"
#include <stdatomic.h>

typedef enum fault {
    NONE,
    FAILS,
    RESIDUAL_NAN,
    RESIDUAL_INF,
    JACOBIAN_NAN,
    JACOBIAN_INF,
    RETRACT_NAN,
    RETRACT_INF,
    FAULTS
} fault;

static atomic_long calls;
static long at = -1;
static fault kind;
static int lasting; /* 1: from then on, 0: once */

static int now(int retract)
{
    if ((kind >= RETRACT_NAN) != retract) return 0;
    const long n = atomic_fetch_add(&calls, 1);
    return at >= 0 && (n == at || (lasting && n > at));
}

/* A point on a line that is curved enough to take a few steps: e = (x - z, x^2 / 4 - y). */
static int curve_evaluate(const fgo_factor_class *c, size_t count, const double *const *x, const void *z, double *e, double *J)
{
    const double *m = z;
    const int wrong = now(0);
    (void)c;
    if (wrong && kind == FAILS) return 1;
    for (size_t f = 0; f < count; f++) {
        const double a = x[2 * f][0], b = x[2 * f + 1][0];
        e[2 * f] = a - m[f];
        e[2 * f + 1] = a * a / 4.0 - b;
        if (J) memcpy(J + 4 * f, (double[4]){ 1.0, 0.0, a / 2.0, -1.0 }, 4 * sizeof *J);
    }
    if (wrong && kind == RESIDUAL_NAN) e[count - 1] = NAN;
    if (wrong && kind == RESIDUAL_INF) e[0] = -INFINITY;
    if (wrong && kind == JACOBIAN_NAN && J) J[0] = NAN;
    if (wrong && kind == JACOBIAN_INF && J) J[2] = INFINITY;
    return 0;
}

static void line_retract(const fgo_manifold *m, const double *x, const double *delta, double *out)
{
    (void)m;
    *out = *x + *delta;
    if (!now(1)) return;
    *out = kind == RETRACT_NAN ? NAN : INFINITY;
}

static void line_local(const fgo_manifold *m, const double *x, const double *y, double *delta)
{
    (void)m;
    *delta = *y - *x;
}

static const fgo_manifold line = { .name = "Line", .ambient = 1, .tangent = 1, .retract = line_retract, .local = line_local };
static const fgo_factor_class curve = { .abi = FGO_FACTOR_ABI,
                                        .arity = 2,
                                        .rows = 2,
                                        .partials = 2,
                                        .name = "curve",
                                        .measurement_size = sizeof(double),
                                        .variable = { { "Line", 1 }, { "Line", 1 } },
                                        .evaluate = curve_evaluate };

static fgo_graph *make_graph(fgo_loss loss)
{
    fgo_graph *g;
    assert_ok(fgo_graph_create(&g));
    for (int i = 0; i < 6; i++) assert_ok(fgo_graph_add_variable(g, i, &line, (double[]){ 8.0 - i }));
    for (int i = 0; i < 5; i++)
        assert_ok(fgo_graph_add_factor(g, &curve, (int64_t[]){ i, i + 1 }, (double[]){ 1.0 + 0.1 * i }, fgo_noise_unit(), loss));
    return g;
}

static double cost_of(fgo_graph *g)
{
    double cost;
    assert_ok(fgo_graph_cost(g, &cost));
    return cost;
}

static void check_values(const fgo_graph *g)
{
    size_t n;
    const double *x = fgo_graph_values(g, &n);
    for (size_t i = 0; i < n; i++) assert_true(isfinite(x[i]));
}

/* One fault; returns whether it came to it. */
static int run(const fgo_options *o, fgo_loss loss, long n)
{
    fgo_graph *g = make_graph(loss);
    fgo_summary s;
    at = -1;
    const double before = cost_of(g);
    at = n;
    atomic_store(&calls, 0);
    const fgo_status status = fgo_solve(g, o, &s);
    const int reached = atomic_load(&calls) > n;
    at = -1;
    if (status && status != FGO_ERROR_EVALUATE) fail_msg("call %ld: %s", n, fgo_last_message());
    check_values(g);
    assert_true(cost_of(g) <= before * (1 + 1e-12));
    if (!status) {
        assert_true(s.termination != FGO_TERMINATION_NONE && s.message[0]);
        if (isfinite(s.cost_initial)) assert_true(s.cost_final <= s.cost_initial);
        if (fgo_termination_class(s.termination) >= 0) assert_true(isfinite(s.cost_final));
    }
    fgo_options good = fgo_options_default();
    good.max_iterations = 200;
    assert_ok(fgo_solve(g, &good, &s));
    assert_int_equal(fgo_termination_class(s.termination), 1);
    fgo_graph_free(g);
    return reached;
}

static void test_functions(UNUSED_STATE)
{
    static const fgo_loss losses[] = { { &fgo_loss_class_none, { 0 } }, { &fgo_loss_class_tukey, { 50.0 } } };
    long injected = 0;
    (void)state;
    for (int variant = 0; variant < 2 * 4 * 2 * 2; variant++)
        for (kind = FAILS; kind < FAULTS; kind++)
            for (lasting = 0; lasting < 2; lasting++) {
                fgo_options o = fgo_options_default();
                o.method = variant % 2;
                o.linear_solver = FGO_LINEAR_CHOLMOD + variant / 2 % 4;
                o.threads = 1 + variant / 8 % 2;
                o.max_iterations = 30;
                for (long n = 0; run(&o, losses[variant / 16], n); n++) injected++;
            }
    kind = NONE;
    printf("evaluation: %ld faults injected and survived\n", injected);
    assert_true(injected > 5000);
}

/* Bounded losses do not make a residual that is not finite a cost that is. */
static void test_bounded_losses(UNUSED_STATE)
{
    (void)state;
    for (size_t loss = 0; fgo_loss_class_get(loss); loss++)
        for (kind = RESIDUAL_NAN; kind <= RESIDUAL_INF; kind++) {
            fgo_graph *g = make_graph((fgo_loss){ fgo_loss_class_get(loss), { 2.0 } });
            double cost = -1.0;
            fgo_summary s;
            atomic_store(&calls, 0);
            lasting = 1;
            at = 0;
            assert_int_equal(fgo_graph_cost(g, &cost), FGO_ERROR_EVALUATE);
            assert_true(cost == -1.0);
            assert_ok(fgo_solve(g, NULL, &s));
            assert_int_equal(s.termination, FGO_TERMINATION_FAILED_COST);
            at = -1;
            fgo_graph_free(g);
        }
    kind = NONE;
}

static int stop_at(const fgo_iteration *it, void *user) { return it->iteration == *(int *)user; }

static void test_callback(UNUSED_STATE)
{
    (void)state;
    for (int method = 0; method < 2; method++)
        for (int n = 0; n < 40; n++) {
            fgo_graph *g = make_graph(fgo_loss_none());
            fgo_options o = fgo_options_default();
            fgo_summary s;
            o.method = method;
            o.callback = stop_at;
            o.callback_user = &n;
            const double before = cost_of(g);
            assert_ok(fgo_solve(g, &o, &s));
            assert_true(s.cost_final <= before && cost_of(g) == s.cost_final && s.iterations <= n + 40);
            if (s.termination == FGO_TERMINATION_STOPPED_CALLBACK) assert_int_equal(s.iterations, n);
            fgo_graph_free(g);
        }
}

int main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(test_functions), cmocka_unit_test(test_bounded_losses),
                                        cmocka_unit_test(test_callback) };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
