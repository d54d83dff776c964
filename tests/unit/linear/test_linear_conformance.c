/* SPDX-License-Identifier: BSD-3-Clause */
/* test_linear_conformance.c -- every row of the registry passes fgo_check_linear_solver, which finds every planted fault. */
#include "linear/registry.h"
#include "support.h"

/* ---- the registry ---- */

static void test_rows(UNUSED_STATE)
{
    (void)state;
    int rows = 0;
    for (; fgoi_linear_find(rows + 1); rows++) {
        const fgo_linear_solver_class *c = fgoi_linear_find(rows + 1);
        fgo_linear_check check;
        assert_string_equal(c->name, fgo_linear_solver_name((fgo_linear_solver)(rows + 1)));
        assert_ok(fgo_check_linear_solver(c, &check));
        if (check.fault) fail_msg("%s", check.message);
        assert_string_equal(check.message, "");
        assert_in_range(check.problems, 30, 100);
        print_message("%-8s capabilities %3x, %zu problems, error %.2g units\n", c->name, fgo_linear_solver_capabilities(c),
                      check.problems, check.error);
    }
    assert_null(fgo_linear_solver_name((fgo_linear_solver)(rows + 1)));
    assert_true(rows >= 4);
}

static void test_capabilities(UNUSED_STATE)
{
    (void)state;
    assert_int_equal(fgoi_linear_with(FGO_LINEAR_IS_EXACT), FGO_LINEAR_BLOCK);
    assert_int_equal(fgoi_linear_with(FGO_LINEAR_INVERTS | FGO_LINEAR_FINDS_RANK), FGO_LINEAR_BLOCK);
    assert_int_equal(fgoi_linear_with(FGO_LINEAR_WANTS_ROWS), FGO_LINEAR_CGLS);
    assert_int_equal(fgoi_linear_with(FGO_LINEAR_WANTS_ROWS | FGO_LINEAR_IS_EXACT), 0);
    assert_null(fgoi_linear_class_with(FGO_LINEAR_UPDATES));
    assert_int_equal(fgo_linear_solver_capabilities(NULL), 0);
    assert_true(fgo_linear_solver_capabilities(&fgoi_linear_dense) & FGO_LINEAR_SOLVES_MANY);
    fgo_linear_solver_class old = fgoi_linear_block; /* compiled with a header that had no optional operations yet */
    old.size = offsetof(fgo_linear_solver_class, solve_many);
    assert_int_equal(fgo_linear_solver_capabilities(&old), fgoi_linear_block.traits);
    fgo_linear_check check;
    assert_ok(fgo_check_linear_solver(&old, &check));
    assert_int_equal(check.fault, FGO_LINEAR_FAULT_NONE);
}

/* ---- a right solver of a user, row-major and column by column, and what goes wrong with it on demand ---- */

typedef enum planted {
    NOTHING,
    FORGETS_THRESHOLD, /* takes pivots of any size for positive */
    FORGETS_SIGN,      /* takes any pivot */
    WRONG_ROW,
    CHANGES_VALUES,
    SHARES_SLOTS,
    WRONG_ORDER, /* tells an order that is none */
    IGNORES_LAST,
    LOSES_NAN,
    DRIFTS,         /* other bits the second time */
    COUNTS_THREADS, /* other bits with other threads */
    INEXACT,
    MANY_IS_ONE, /* solve_many solves the first column only */
    WRONG_INVERSE,
    UPDATE_DOES_NOTHING,
    NO_VALUES,
    LONG_NAME,
    TURNS_BLOCKS, /* the rows of a block in another order, which is right */
    FAILS,
    PLANTED
} planted;

static planted plant;

typedef struct own {
    size_t n;
    double *H, *L;
    int *order, threads, calls;
} own;

static void own_release(own *s) { free(s->H), free(s->L), free(s->order); }

static fgo_status own_create(void **self)
{
    *self = calloc(1, sizeof(own));
    return *self ? FGO_OK : FGO_ERROR_MEMORY;
}

static fgo_status own_analyze(void *self, const fgo_linear_request *request, fgo_block_slot *slot, fgo_linear_report *report)
{
    own *s = self;
    const fgo_block_pattern *p = request->pattern;
    if (plant == FAILS) return FGO_ERROR_TOO_LARGE;
    own_release(s);
    s->n = p->offset[p->n];
    s->threads = fgo_threads_count(request->threads);
    s->H = calloc(s->n * s->n, sizeof *s->H);
    s->L = calloc(s->n * s->n, sizeof *s->L);
    s->order = calloc(s->n, sizeof *s->order);
    assert_true(s->H && s->L && s->order);
    size_t q = 0;
    for (int pass = 0; pass < 2; pass++)
        for (int j = 0; j < p->n; j++)
            for (int d = 0; d < p->dim[j]; d++)
                if ((request->eliminate_last && plant != IGNORES_LAST && request->eliminate_last[j]) == pass)
                    s->order[q++] = plant == WRONG_ORDER    ? 0
                                    : plant == TURNS_BLOCKS ? (int)p->offset[j + 1] - 1 - d
                                                            : (int)p->offset[j] + d;
    for (int j = 0; j < p->n; j++)
        for (size_t k = p->start[j]; k < p->start[j + 1]; k++)
            slot[k] =
                (fgo_block_slot){ plant == SHARES_SLOTS ? 0 : p->offset[p->row[k]] * s->n + p->offset[j], (int32_t)s->n, 1 };
    report->values = plant == NO_VALUES ? NULL : s->H;
    report->factorization = plant == LONG_NAME ? "a name of more characters than a summary holds" : "own";
    report->elimination = s->order;
    return FGO_OK;
}

static double entry(const own *s, size_t i, size_t j) /* the lower triangle, row-major */
{
    const size_t a = (size_t)s->order[i], b = (size_t)s->order[j];
    return a > b ? s->H[a * s->n + b] : s->H[b * s->n + a];
}

static fgo_outcome own_factorize(void *self, const double *b, fgo_linear_report *report)
{
    own *s = self;
    const size_t n = s->n;
    (void)b;
    s->calls++;
    for (size_t j = 0; j < n; j++) {
        for (size_t i = j; i < n; i++) {
            double sum = entry(s, i, j);
            if (plant == LOSES_NAN && isnan(sum)) sum = 1.0 + (double)n * (i == j);
            for (size_t k = 0; k < j; k++) sum -= s->L[i * n + k] * s->L[j * n + k];
            s->L[i * n + j] = sum;
        }
        double pivot = s->L[j * n + j];
        const double threshold = plant == FORGETS_THRESHOLD ? 0.0 : 1e-14 * fabs(entry(s, j, j));
        if (plant == FORGETS_SIGN)
            pivot = fabs(pivot);
        else if (plant == FORGETS_THRESHOLD && fabs(pivot) < 1e-12 && entry(s, j, j) > 0.0)
            pivot = 1e-20;
        else if (!(pivot > threshold)) {
            report->failed_at = (size_t)s->order[plant == WRONG_ROW && n > 1 ? (j + 1) % n : j];
            return FGO_OUTCOME_NOT_POSITIVE_DEFINITE;
        }
        for (size_t i = j + 1; i < n; i++) s->L[i * n + j] /= sqrt(pivot);
        s->L[j * n + j] = sqrt(pivot);
    }
    if (plant == CHANGES_VALUES) s->H[0] += 1e-3;
    return FGO_OUTCOME_SOLVED;
}

static fgo_outcome own_solve(void *self, double *b, fgo_linear_report *report)
{
    const own *s = self;
    const size_t n = s->n;
    double y[64 * 9];
    (void)report;
    for (size_t i = 0; i < n; i++) {
        y[i] = b[s->order[i]];
        for (size_t k = 0; k < i; k++) y[i] -= s->L[i * n + k] * y[k];
        y[i] /= s->L[i * n + i];
    }
    for (size_t i = n; i-- > 0; y[i] /= s->L[i * n + i])
        for (size_t k = i + 1; k < n; k++) y[i] -= s->L[k * n + i] * y[k];
    for (size_t i = 0; i < n; i++) b[s->order[i]] = y[i];
    if (plant == DRIFTS) b[0] *= 1.0 + 1e-16 * (s->calls % 2 + 1);
    if (plant == DRIFTS && s->calls % 2) b[0] = nextafter(b[0], 2.0 * b[0]);
    if (plant == COUNTS_THREADS && s->threads > 2) b[0] = nextafter(b[0], 2.0 * b[0]);
    if (plant == INEXACT) b[0] *= 1.0 + 1e-9;
    return FGO_OUTCOME_SOLVED;
}

static fgo_outcome own_solve_many(void *self, double *B, size_t count, size_t ld, fgo_linear_report *report)
{
    for (size_t k = 0; k < (plant == MANY_IS_ONE ? 1 : count); k++) own_solve(self, B + k * ld, report);
    return FGO_OUTCOME_SOLVED;
}

static fgo_outcome own_invert(void *self)
{
    (void)self;
    return FGO_OUTCOME_SOLVED;
}

static void own_inverse_block(void *self, size_t row, int m, size_t col, int n, double *out, size_t ld)
{
    for (int j = 0; j < n; j++) {
        double e[64 * 9] = { 0 };
        e[col + (size_t)j] = 1.0;
        own_solve(self, e, NULL);
        for (int i = 0; i < m; i++) out[(size_t)i * ld + (size_t)j] = e[row + (size_t)i];
    }
    if (plant == WRONG_INVERSE && row != col) out[0] += 1e-6;
}

static fgo_outcome own_update(void *self, const unsigned char *changed, fgo_linear_report *report)
{
    (void)changed;
    return plant == UPDATE_DOES_NOTHING ? FGO_OUTCOME_SOLVED : own_factorize(self, NULL, report);
}

static void own_free(void *self)
{
    if (self) own_release(self);
    free(self);
}

static const fgo_linear_solver_class own_class = {
    .size = sizeof own_class,
    .name = "own",
    .traits = FGO_LINEAR_IS_EXACT | FGO_LINEAR_FINDS_RANK | FGO_LINEAR_TELLS_ORDER | FGO_LINEAR_ORDERS_LAST,
    .create = own_create,
    .analyze = own_analyze,
    .factorize = own_factorize,
    .solve = own_solve,
    .free = own_free,
    .solve_many = own_solve_many,
    .invert = own_invert,
    .inverse_block = own_inverse_block,
    .update = own_update,
};

static void test_planted(UNUSED_STATE)
{
    (void)state;
    static const fgo_linear_fault expected[PLANTED] = {
        [FORGETS_THRESHOLD] = FGO_LINEAR_FAULT_ACCEPTED,
        [FORGETS_SIGN] = FGO_LINEAR_FAULT_ACCEPTED,
        [WRONG_ROW] = FGO_LINEAR_FAULT_ROW,
        [CHANGES_VALUES] = FGO_LINEAR_FAULT_VALUES,
        [SHARES_SLOTS] = FGO_LINEAR_FAULT_SLOTS,
        [WRONG_ORDER] = FGO_LINEAR_FAULT_REPORT,
        [IGNORES_LAST] = FGO_LINEAR_FAULT_ORDER,
        [LOSES_NAN] = FGO_LINEAR_FAULT_NOT_FINITE,
        [DRIFTS] = FGO_LINEAR_FAULT_NOT_REPEATED,
        [COUNTS_THREADS] = FGO_LINEAR_FAULT_THREADS,
        [INEXACT] = FGO_LINEAR_FAULT_SOLUTION,
        [MANY_IS_ONE] = FGO_LINEAR_FAULT_MANY,
        [WRONG_INVERSE] = FGO_LINEAR_FAULT_INVERSE,
        [UPDATE_DOES_NOTHING] = FGO_LINEAR_FAULT_UPDATE,
        [NO_VALUES] = FGO_LINEAR_FAULT_REPORT,
        [LONG_NAME] = FGO_LINEAR_FAULT_REPORT,
        [TURNS_BLOCKS] = FGO_LINEAR_FAULT_NONE,
        [FAILS] = FGO_LINEAR_FAULT_STATUS,
    };
    for (plant = NOTHING; plant < PLANTED; plant++) {
        fgo_linear_check check;
        assert_ok(fgo_check_linear_solver(&own_class, &check));
        if (check.fault != expected[plant])
            fail_msg("planted fault %d: found %d (%s), not %d", (int)plant, (int)check.fault, check.message,
                     (int)expected[plant]);
        assert_int_equal(*check.message != 0, expected[plant] != FGO_LINEAR_FAULT_NONE);
    }
    plant = NOTHING;
}

static void test_incomplete(UNUSED_STATE)
{
    (void)state;
    fgo_linear_solver_class c[5] = { own_class, own_class, own_class, own_class };
    c[0].size = 16, c[1].solve = NULL, c[2].name = NULL, c[3].free = NULL;
    for (int i = 0; i < 4; i++) {
        fgo_linear_check check;
        fgo_options o = fgo_options_default();
        fgo_graph *g;
        assert_ok(fgo_check_linear_solver(&c[i], &check));
        assert_int_equal(check.fault, FGO_LINEAR_FAULT_CLASS);
        assert_ok(fgo_graph_create(&g));
        o.linear_solver_class = &c[i];
        assert_int_equal(fgo_solve(g, &o, NULL), FGO_ERROR_ARGUMENT);
        fgo_graph_free(g);
    }
    fgo_linear_check check = { .problems = 77 };
    assert_int_equal(fgo_check_linear_solver(NULL, &check), FGO_ERROR_ARGUMENT);
    assert_int_equal(fgo_check_linear_solver(&own_class, NULL), FGO_ERROR_ARGUMENT);
    assert_int_equal(check.problems, 77);
}

/* A user's solver finds the minimum that the built-in one finds. */
static void test_solves(UNUSED_STATE)
{
    (void)state;
    fgo_graph *g[2];
    fgo_summary s[2];
    for (int i = 0; i < 2; i++) {
        rng r = { 9 };
        fgo_options o = fgo_options_default();
        g[i] = exact_graph(&r, &fgo_manifold_se2, &fgo_between_se2, 20, 20, 0.2, NULL);
        if (i) o.linear_solver_class = &own_class;
        assert_ok(fgo_solve(g[i], &o, &s[i]));
        assert_int_equal(fgo_termination_class(s[i].termination), 1);
    }
    assert_int_equal(s[1].linear_solver, FGO_LINEAR_OWN);
    assert_string_equal(s[1].factorization, "own");
    assert_int_equal(s[1].iterations, s[0].iterations);
    assert_close(s[1].cost_final, s[0].cost_final, 1e-9 * (1.0 + s[0].cost_initial));
    fgo_graph_free(g[0]);
    fgo_graph_free(g[1]);
}

/* Orders that a user's solver tells are looked at before anybody follows them. */
static void test_orders(UNUSED_STATE)
{
    (void)state;
    static const struct {
        planted plant;
        unsigned without; /* capabilities that the class does not have */
        fgo_status expected;
    } row[] = { { NOTHING, 0, FGO_OK },
                { TURNS_BLOCKS, 0, FGO_OK },
                { WRONG_ORDER, 0, FGO_ERROR_UNSUPPORTED },
                { WRONG_ORDER, FGO_LINEAR_TELLS_ORDER, FGO_ERROR_UNSUPPORTED },
                { NOTHING, FGO_LINEAR_TELLS_ORDER, FGO_ERROR_UNSUPPORTED } };
    rng r = { 9 };
    fgo_graph *g = exact_graph(&r, &fgo_manifold_se2, &fgo_between_se2, 6, 6, 0.2, NULL);
    for (size_t i = 0; i < sizeof row / sizeof *row; i++) {
        fgo_linear_solver_class c = own_class;
        fgo_options o = fgo_options_default();
        fgo_solver *s;
        fgo_sparsity *p = NULL;
        const int64_t *keys = NULL;
        size_t count = 0;
        plant = row[i].plant;
        c.traits &= ~row[i].without;
        o.linear_solver_class = &c;
        assert_ok(fgo_solver_create(g, &o, &s));
        assert_int_equal(fgo_solver_elimination_order(s, &keys, &count), row[i].expected);
        assert_int_equal(fgo_solver_sparsity(s, &p), row[i].expected);
        for (size_t k = 0; k < count; k++) { /* the natural order of the free ones */
            assert_int_equal(keys[k], k + 1);
            assert_int_equal(p->key[k], k + 1);
        }
        assert_int_equal(count, row[i].expected ? 0 : 5);
        fgo_sparsity_free(p);
        fgo_solver_free(s);
    }
    plant = NOTHING;
    fgo_graph_free(g);
}

/* A failure for which the solver can leave no message has one, not that of an earlier failure. */
static void test_failures_are_told(UNUSED_STATE)
{
    (void)state;
    rng r = { 9 };
    fgo_options o = fgo_options_default();
    fgo_graph *g = exact_graph(&r, &fgo_manifold_se2, &fgo_between_se2, 6, 6, 0.2, NULL);
    o.linear_solver_class = &own_class;
    assert_int_equal(fgo_graph_find(g, 777, NULL), FGO_ERROR_KEY);
    plant = FAILS;
    assert_int_equal(fgo_solve(g, &o, NULL), FGO_ERROR_TOO_LARGE);
    plant = NOTHING;
    assert_non_null(strstr(fgo_last_message(), "linear solver own failed to analyze"));
    fgo_graph_free(g);
}

int main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(test_rows),
                                        cmocka_unit_test(test_capabilities),
                                        cmocka_unit_test(test_planted),
                                        cmocka_unit_test(test_incomplete),
                                        cmocka_unit_test(test_solves),
                                        cmocka_unit_test(test_orders),
                                        cmocka_unit_test(test_failures_are_told) };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
