/* SPDX-License-Identifier: BSD-3-Clause */
/* test_minimize.c -- the optimizers' strategies, watched through a fake linear solver, and their stop tests. */
#include "base/memory.h"
#include "graph/graph_private.h"
#include "optimize/levenberg_marquardt.h"
#include "optimize/strategies.h"
#include "support.h"

/* ---- a linear solver that records what it gets and misbehaves on command; else a 1 x 1 division ---- */

static struct {
    double diagonal[256]; /* what factorize saw */
    int factorizations;
    unsigned fail; /* bit i: factorization i is not positive definite */
    unsigned nan;  /* bit i: the solution of factorization i is NaN */
    double scale;  /* steps are multiplied by this */
} watch;

static fgo_status fake_create(void **self)
{
    *self = fgoi_alloc(1, sizeof(double)); /* H */
    assert_non_null(*self);
    return FGO_OK;
}

static fgo_status fake_analyze(void *self, const fgo_linear_request *request, fgo_block_slot *slot, fgo_linear_report *report)
{
    assert_int_equal(request->pattern->n, 1);
    assert_int_equal(request->pattern->dim[0], 1);
    report->values = self;
    report->factorization = "fake";
    slot[0] = (fgo_block_slot){ 0, 1, 0 };
    return FGO_OK;
}

static fgo_outcome fake_factorize(void *self, const double *b, fgo_linear_report *report)
{
    (void)b;
    const int i = watch.factorizations++;
    if (i < 256) watch.diagonal[i] = *(const double *)self;
    report->failed_at = 0;
    return i < 32 && watch.fail >> i & 1 ? FGO_OUTCOME_NOT_POSITIVE_DEFINITE : FGO_OUTCOME_SOLVED;
}

static fgo_outcome fake_solve(void *self, double *b, fgo_linear_report *report)
{
    (void)report;
    const int i = watch.factorizations - 1;
    b[0] = i < 32 && watch.nan >> i & 1 ? NAN : watch.scale * b[0] / *(const double *)self;
    return FGO_OUTCOME_SOLVED;
}

static void fake_free(void *self) { fgoi_free(self); }

static const fgo_linear_solver_class fake_class = { .size = sizeof fake_class,
                                                    .name = "fake",
                                                    .traits = FGO_LINEAR_IS_EXACT,
                                                    .create = fake_create,
                                                    .analyze = fake_analyze,
                                                    .factorize = fake_factorize,
                                                    .solve = fake_solve,
                                                    .free = fake_free };

static fgo_options lm_options(void)
{
    fgo_options o = fgo_options_default();
    o.method = FGO_METHOD_LM;
    return o;
}

static fgo_status create_with_fake(fgo_graph *g, const fgo_options *options, fgo_solver **out)
{
    fgo_options o = *options;
    o.linear_solver_class = &fake_class;
    return fgo_solver_create(g, &o, out);
}

/* ---- one scalar unknown x and a residual of choice ---- */

enum { LINEAR, QUARTIC, LOG, FAILING, BAD_JACOBIAN };

static int evaluate(const fgo_factor_class *self, size_t count, const double *const *x, const void *z, double *e, double *J)
{
    const int kind = *(const int *)self->user;
    (void)z;
    for (size_t f = 0; f < count; f++) {
        const double v = x[f][0];
        switch (kind) {
        case LINEAR:
            e[f] = v - 3.0;
            if (J) J[f] = 1.0;
            break;
        case QUARTIC:
            e[f] = v * v;
            if (J) J[f] = 2.0 * v;
            break; /* singular at the solution */
        case LOG:
            e[f] = log(v);
            if (J) J[f] = 1.0 / v;
            break; /* NaN for v < 0 */
        case FAILING: return -1;
        default:
            e[f] = v;
            if (J) J[f] = -1.0;
            break; /* every step goes up */
        }
    }
    return 0;
}

static fgo_graph *scalar_graph(int *kind, double start)
{
    fgo_factor_class c = { .abi = FGO_FACTOR_ABI,
                           .arity = 1,
                           .rows = 1,
                           .partials = 1,
                           .name = "scalar",
                           .evaluate = evaluate,
                           .variable = { { "R1", 1 } },
                           .gauge = FGO_GAUGE_ABSOLUTE,
                           .user = kind };
    fgo_graph *g;
    assert_ok(fgo_graph_create(&g));
    assert_ok(fgo_graph_add_rn(g, 7, 1, &start));
    assert_ok(fgo_graph_add_factor(g, &c, (int64_t[]){ 7 }, NULL, fgo_noise_unit(), fgo_loss_none()));
    return g;
}

/* Solves with the fake; records go to `it`. Frees the graph; *x gets the final value. */
static fgo_summary run(int kind, double start, fgo_options o, fgo_iteration *it, double *x)
{
    fgo_summary s;
    fgo_solver *solver;
    fgo_graph *g = scalar_graph(&kind, start);
    o.records = it;
    o.record_capacity = it ? 256 : 0;
    watch.factorizations = 0;
    assert_ok(create_with_fake(g, &o, &solver));
    assert_ok(fgo_solver_solve(solver, &s));
    if (x) assert_ok(fgo_graph_get_value(g, 7, x));
    fgo_solver_free(solver);
    fgo_graph_free(g);
    return s;
}

static void reset(void)
{
    memset(&watch, 0, sizeof watch);
    watch.scale = 1.0;
}

/* The diagonal that LM hands over is H + lambda D, with D = diag(H) or I. */
static void test_damped_diagonal(UNUSED_STATE)
{
    (void)state;
    fgo_iteration it[256];
    double x;
    for (int scaling = 0; scaling < 2; scaling++) {
        fgo_options o = lm_options();
        reset();
        o.initial_lambda = 0.25;
        o.diagonal_scaling = scaling;
        fgo_summary s = run(QUARTIC, 2.0, o, it, &x);
        assert_int_equal(fgo_termination_class(s.termination), 1);
        assert_close(watch.diagonal[0], 16.0 * 1.25, 1e-15); /* (2 v)^2, lambda relative to it either way */
        assert_close(it[1].lambda, scaling ? 0.25 : 4.0, 1e-15);
        assert_true(fabs(x) < 1e-2);
    }
}

/* Refused steps raise lambda by nu = 2, 4, 8 ..; the estimate stays; a good step lowers it to a third at most. */
static void test_refusals(UNUSED_STATE)
{
    (void)state;
    fgo_iteration it[256];
    double x;
    fgo_options o = lm_options();
    reset();
    o.initial_lambda = 1e-3;
    watch.fail = 0x1; /* not positive definite */
    watch.nan = 0x2;  /* a step that is not finite */
    fgo_summary s = run(LINEAR, 10.0, o, it, &x);
    assert_int_equal(fgo_termination_class(s.termination), 1);
    assert_close(x, 3.0, 1e-12);
    assert_false(it[1].accepted || it[2].accepted);
    assert_true(it[3].accepted);
    assert_true(it[1].cost == 49.0 && it[2].cost == 49.0 && isnan(it[1].cost_change));
    assert_close(it[2].lambda, 2e-3, 1e-15);
    assert_close(it[3].lambda, 8e-3, 1e-15);
    assert_true(it[4].lambda <= it[3].lambda * 0.34);
    o.initial_lambda = 0.0; /* undamped until a step fails, then 1e-6 of the diagonal, 2e-6, 8e-6 */
    watch.fail = 0x7, watch.nan = 0;
    run(LINEAR, 10.0, o, it, &x);
    assert_true(it[1].lambda == 0.0);
    assert_close(it[2].lambda, 1e-6, 1e-20);
    assert_close(it[3].lambda, 2e-6, 1e-20);
    assert_close(it[4].lambda, 8e-6, 1e-20);
    assert_true(it[4].accepted);
    assert_true(s.accepted < s.iterations);
}

/* A step to where the cost does not exist is refused, not an error. */
static void test_cost_not_finite(UNUSED_STATE)
{
    (void)state;
    fgo_iteration it[256];
    double x;
    reset();
    fgo_summary s = run(LOG, 20.0, lm_options(), it, &x); /* the full step goes to 20 - 20 log 20 < 0 */
    assert_int_equal(fgo_termination_class(s.termination), 1);
    assert_false(it[1].accepted);
    assert_close(x, 1.0, 1e-6);
    fgo_options o = lm_options();
    o.method = FGO_METHOD_GN;
    s = run(LOG, 20.0, o, it, &x);
    assert_int_equal(s.termination, FGO_TERMINATION_FAILED_DIVERGED);
    assert_true(x == 20.0 && s.cost_final == s.cost_initial);
}

/* LM goes by the true cost: a lying model is never followed up. */
static void test_never_up(UNUSED_STATE)
{
    (void)state;
    fgo_iteration it[256];
    double x;
    fgo_options o = lm_options();
    reset();
    fgo_summary s = run(BAD_JACOBIAN, 5.0, o, it, &x);
    assert_int_equal(fgo_termination_class(s.termination), -1);
    assert_true(x == 5.0 && s.cost_final == 25.0 && s.accepted == 0);
    reset();
    watch.scale = 2.5; /* overshoots: each undamped step lands further away */
    s = run(LINEAR, 10.0, o, it, &x);
    for (int i = 1; i < s.records; i++) assert_true(it[i].cost <= it[i - 1].cost);
    assert_true(s.cost_final <= s.cost_initial);
    o.method = FGO_METHOD_GN; /* takes them, and returns the best it saw */
    o.max_iterations = 5;
    s = run(LINEAR, 10.0, o, it, &x);
    assert_int_equal(s.termination, FGO_TERMINATION_STOPPED_ITERATIONS);
    assert_true(it[5].cost > it[0].cost && s.cost_final == 49.0 && x == 10.0);
}

static void test_always_singular(UNUSED_STATE)
{
    (void)state;
    double x;
    fgo_options o = lm_options();
    reset();
    watch.fail = ~0u;
    for (int method = FGO_METHOD_LM; fgo_method_name((fgo_method)method); method++) {
        o.method = method;
        fgo_summary s = run(LINEAR, 10.0, o, NULL, &x);
        assert_int_equal(s.termination, FGO_TERMINATION_FAILED_SINGULAR);
        assert_non_null(strstr(s.message, "degree of freedom 0 of variable 7 (R1)"));
        assert_true(x == 10.0);
        assert_true(method == FGO_METHOD_GN ? s.iterations == 1 : s.iterations > 10);
    }
}

static void test_cannot_evaluate(UNUSED_STATE)
{
    (void)state;
    double x;
    reset();
    fgo_summary s = run(FAILING, 10.0, lm_options(), NULL, &x);
    assert_int_equal(s.termination, FGO_TERMINATION_FAILED_COST);
    assert_true(x == 10.0 && watch.factorizations == 0);
    s = run(LOG, -1.0, lm_options(), NULL, &x);
    assert_int_equal(s.termination, FGO_TERMINATION_FAILED_COST);
}

/* e = x - 1 in R3, whose Jacobian's column *user is NaN: so is that entry of the gradient, the others are numbers. */
static int nan_column(const fgo_factor_class *self, size_t count, const double *const *x, const void *z, double *e, double *J)
{
    const int column = *(const int *)self->user;
    (void)z;
    for (size_t f = 0; f < count; f++)
        for (int row = 0; row < 3; row++) {
            e[3 * f + (size_t)row] = x[f][row] - 1.0;
            for (int i = 0; J && i < 3; i++) J[9 * f + (size_t)(3 * row + i)] = i == column ? NAN : row == i;
        }
    return 0;
}

/* A NaN anywhere in the gradient ends the solve before a step is tried, whatever numbers follow it. */
static void test_gradient_not_a_number(UNUSED_STATE)
{
    (void)state;
    const double start[3] = { 5.0, 6.0, 7.0 };
    for (int column = -1; column < 3; column++) {
        fgo_factor_class c = { .abi = FGO_FACTOR_ABI,
                               .arity = 1,
                               .rows = 3,
                               .partials = 3,
                               .name = "NaN",
                               .evaluate = nan_column,
                               .variable = { { "R3", 3 } },
                               .gauge = FGO_GAUGE_ABSOLUTE,
                               .user = &column };
        double x[3];
        fgo_graph *g;
        fgo_summary s;
        assert_ok(fgo_graph_create(&g));
        assert_ok(fgo_graph_add_rn(g, 7, 3, start));
        assert_ok(fgo_graph_add_factor(g, &c, (int64_t[]){ 7 }, NULL, fgo_noise_unit(), fgo_loss_none()));
        const fgo_options o = lm_options();
        assert_ok(fgo_solve(g, &o, &s));
        assert_ok(fgo_graph_get_value(g, 7, x));
        if (column < 0) { /* none is NaN: the graph is as it should be */
            assert_int_equal(fgo_termination_class(s.termination), 1);
            assert_close(x[2], 1.0, 1e-9);
        } else {
            assert_int_equal(s.termination, FGO_TERMINATION_FAILED_COST);
            assert_true(isnan(s.gradient_norm) && s.iterations == 0);
            assert_memory_equal(x, start, sizeof x);
        }
        fgo_graph_free(g);
    }
}

static int stop_at_two(const fgo_iteration *it, void *user)
{
    ++*(int *)user;
    return it->iteration == 2;
}

static void test_stop_tests(UNUSED_STATE)
{
    (void)state;
    fgo_iteration it[256];
    int calls = 0;
    double x;
    reset();
    fgo_options o = lm_options();
    o.max_iterations = 0;
    fgo_summary s = run(QUARTIC, 2.0, o, it, NULL);
    assert_int_equal(s.termination, FGO_TERMINATION_STOPPED_ITERATIONS);
    assert_close(s.gradient_norm, 4.0 * 8.0, 1e-15);
    assert_int_equal(watch.factorizations, 0);
    o = lm_options();
    o.cost_tolerance = o.step_tolerance = o.gradient_tolerance = 0.0;
    o.max_iterations = 7;
    assert_int_equal(run(QUARTIC, 2.0, o, it, NULL).iterations, 7);
    o.max_iterations = 1000;
    o.gradient_tolerance = 1e-3;
    s = run(QUARTIC, 2.0, o, it, &x);
    assert_int_equal(s.termination, FGO_TERMINATION_CONVERGED_GRADIENT);
    assert_true(4.0 * fabs(x * x * x) <= 1e-3 && s.gradient_norm <= 1e-3);
    o.gradient_tolerance = 0.0;
    o.initial_lambda = 0.1; /* undamped, a linear problem ends with a gradient of exactly zero */
    o.step_tolerance = 1e-2;
    assert_int_equal(run(LINEAR, 10.0, o, it, NULL).termination, FGO_TERMINATION_CONVERGED_STEP);
    o.step_tolerance = 0.0;
    o.cost_tolerance = 0.95;
    assert_int_equal(run(QUARTIC, 2.0, o, it, NULL).termination, FGO_TERMINATION_CONVERGED_COST);
    o.cost_tolerance = 0.0;
    o.time_limit_s = 0.0;
    assert_int_equal(run(QUARTIC, 2.0, o, it, NULL).termination, FGO_TERMINATION_STOPPED_TIME);
    o.time_limit_s = INFINITY;
    o.callback = stop_at_two;
    o.callback_user = &calls;
    s = run(QUARTIC, 2.0, o, it, NULL);
    assert_int_equal(s.termination, FGO_TERMINATION_STOPPED_CALLBACK);
    assert_int_equal(s.iterations, 2);
    assert_int_equal(calls, 3);
    assert_int_equal(s.records, 3);
}

/* Records are written as far as there is room, and not beyond. */
static void test_room_for_records(UNUSED_STATE)
{
    (void)state;
    int kind = QUARTIC;
    fgo_iteration it[8];
    fgo_options o = lm_options();
    reset();
    o.records = it;
    for (o.record_capacity = 0; o.record_capacity < 8; o.record_capacity++) {
        fgo_graph *g = scalar_graph(&kind, 2.0);
        fgo_solver *solver;
        fgo_summary s;
        memset(it, 0x55, sizeof it);
        watch.factorizations = 0;
        assert_ok(create_with_fake(g, &o, &solver));
        assert_ok(fgo_solver_solve(solver, &s));
        assert_true(s.iterations > 8 && s.records == o.record_capacity);
        for (int i = 0; i < 8; i++) assert_int_equal(it[i].iteration, i < o.record_capacity ? i : 0x55555555);
        fgo_solver_free(solver);
        fgo_graph_free(g);
    }
}

/* The damping rule itself, number by number. */
static void test_nielsen(UNUSED_STATE)
{
    (void)state;
    const fgo_strategy_class *c = &fgoi_strategy_lm;
    fgo_options o = lm_options();
    fgoi_lm s;
    o.initial_lambda = 0.5;
    c->start(&s, NULL, &o, NULL);
    assert_true(s.lambda == 0.5 && s.nu == 2.0 && s.unit == 1.0);
    s.lambda = 0.9e-12, c->accept(&s, NULL, &(fgo_trial){ .gain_ratio = 0.5 });
    assert_true(s.lambda == 0.0); /* what does not matter any more is nothing */
    const double gain[] = { 1.0, 0.75, 0.5, 0.25, 0.01 }, factor[] = { 1.0 / 3.0, 0.875, 1.0, 1.125, 1.941192 };
    for (int i = 0; i < 5; i++) {
        s.lambda = 1.0;
        const fgo_trial t = { .gain_ratio = gain[i] };
        assert_true(c->accepts(&s, &t));
        c->accept(&s, NULL, &t);
        assert_close(s.lambda, factor[i], 1e-12);
    }
    for (int i = 0; i < 3; i++) assert_false(c->accepts(&s, &(fgo_trial){ .gain_ratio = (double[]){ 0.0, -1.0, NAN }[i] }));
    s.lambda = 1.0;
    for (int i = 1, nu = 2; i < 6; i++, nu *= 2) {
        const double before = s.lambda;
        assert_int_equal(c->reject(&s, NULL, FGO_REJECTION_COST), 0);
        assert_close(s.lambda / before, nu, 1e-15);
    }
    int tries = 0;
    while (!c->reject(&s, NULL, FGO_REJECTION_COST)) tries++;
    assert_in_range(tries, 2, 20);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_damped_diagonal),
        cmocka_unit_test(test_refusals),
        cmocka_unit_test(test_cost_not_finite),
        cmocka_unit_test(test_never_up),
        cmocka_unit_test(test_always_singular),
        cmocka_unit_test(test_cannot_evaluate),
        cmocka_unit_test(test_stop_tests),
        cmocka_unit_test(test_nielsen),
        cmocka_unit_test(test_gradient_not_a_number),
        cmocka_unit_test(test_room_for_records),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
