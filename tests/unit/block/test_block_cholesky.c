/* SPDX-License-Identifier: BSD-3-Clause */
/* test_block_cholesky.c -- the block solver on thousands of block graphs of every kind and mixture of sizes, at every
 * level of the CPU. */
#include "block/cholesky.h"
#include "block_matrices.h"
#include "linear/registry.h"

enum { LEVELS = FGOI_CPU_LEVELS };

typedef struct {
    fgoi_pattern p;
    size_t n;
    double *H, *b, *x;
    fgoi_slot *slot;
} problem;

static problem make_problem(rng *r, kind k, int blocks, int largest)
{
    problem q = { .p = make_pattern(r, k, blocks, largest, rng_uniform(r, 0, 1) * rng_uniform(r, 0, 1)) };
    q.n = q.p.offset[q.p.n];
    q.H = malloc((q.n * q.n + 1) * sizeof *q.H);
    q.b = malloc((q.n + 1) * sizeof *q.b);
    q.x = malloc((q.n + 1) * sizeof *q.x);
    q.slot = malloc((q.p.start[q.p.n] + 1) * sizeof *q.slot);
    assert_true(q.H && q.b && q.x && q.slot);
    make_matrix(r, &q.p, 0.01, q.H);
    for (size_t i = 0; i < q.n; i++) q.b[i] = rng_normal(r);
    return q;
}

static void free_problem(problem *q)
{
    free(q->H), free(q->b), free(q->x), free(q->slot);
    fgoi_pattern_free(&q->p);
}

static void solve_problem(fgoi_linear *ls, problem *q)
{
    memcpy(q->x, q->b, q->n * sizeof *q->x);
    assert_int_equal(fgoi_linear_solve(ls, q->x), FGO_OUTCOME_SOLVED);
}

/* The solve begun by the factorization gives the bits of the one that comes after it, and only the next solve is that. */
static void check_fused(fgoi_linear *ls, problem *q)
{
    double *apart = malloc((q->n + 1) * sizeof *apart), *again = malloc((q->n + 1) * sizeof *again);
    assert_true(apart && again);
    memcpy(apart, q->x, q->n * sizeof *apart);
    assert_int_equal(fgoi_linear_factorize(ls, q->b), FGO_OUTCOME_SOLVED);
    fgoi_block_solver *s = (fgoi_block_solver *)ls->self;
    for (size_t i = 0; i < s->t_stride; i++) s->t[i] = NAN; /* what a worker finds there is no matter */
    solve_problem(ls, q);
    assert_memory_equal(q->x, apart, q->n * sizeof *apart);
    for (size_t i = 0; i < q->n; i++) again[i] = -q->b[i];
    assert_int_equal(fgoi_linear_solve(ls, again), FGO_OUTCOME_SOLVED);
    for (size_t i = 0; i < q->n; i++) assert_true(again[i] == -apart[i]);
    for (size_t i = 0; i < q->n; i++) again[i] = NAN; /* leaves nothing behind */
    fgoi_linear_solve(ls, again);
    solve_problem(ls, q);
    assert_memory_equal(q->x, apart, q->n * sizeof *apart);
    free(apart), free(again);
}

/* Analyses, factorizes and solves with the level in force; ls keeps the analysis. */
static void check_problem(fgoi_linear *ls, problem *q)
{
    assert_ok(fgoi_linear_analyze(ls, &q->p, q->slot));
    assert_int_equal(((fgoi_block_solver *)ls->self)->kernels->level, fgoi_cpu_level()); /* these ran, no others */
    fill_values(&q->p, q->slot, q->H, ls->report.values);
    const size_t allocations = fgoi_allocation_count();
    assert_int_equal(fgoi_linear_factorize(ls, NULL), FGO_OUTCOME_SOLVED);
    solve_problem(ls, q);
    assert_int_equal(fgoi_allocation_count(), allocations); /* numbers need none */
    assert_true(q->n == 0 || backward_error(q->n, q->H, q->x, q->b) < 2e-14);
    assert_true(ls->report.nonzeros_L >= q->n);
    check_fused(ls, q);
}

static void test_graphs(UNUSED_STATE)
{
    (void)state;
    rng r = { 41 };
    fgoi_linear *ls; /* one for all: each problem is also an analysis of another structure */
    assert_ok(fgoi_linear_create(&fgoi_linear_block, &ls));
    for (int t = 0; t < REPEATED(3000); t++) {
        const int largest = t % 3 == 0 ? -1 - rng_below(&r, 15) : 1 + rng_below(&r, 15);
        const int blocks = 1 + rng_below(&r, abs(largest) > 7 ? MOST_BLOCKS / 3 : MOST_BLOCKS);
        problem q = make_problem(&r, (kind)(t % KINDS), blocks, largest);
        fgoi_cpu_limit((fgoi_cpu)(t / KINDS % LEVELS));
        check_problem(ls, &q);
        free_problem(&q);
    }
    fgoi_cpu_limit(FGOI_CPU_LEVELS);
    fgoi_linear_free(ls);
}

/* Sizes beyond those of manifolds, an empty system, and one scalar. */
static void test_extremes(UNUSED_STATE)
{
    (void)state;
    rng r = { 42 };
    fgoi_linear *ls;
    assert_ok(fgoi_linear_create(&fgoi_linear_block, &ls));
    for (int level = 0; level < LEVELS; level++) {
        fgoi_cpu_limit((fgoi_cpu)level);
        const int blocks[] = { 0, 1, 1, 3, 12 }, size[] = { 1, -1, -31, -30, 31 };
        for (int t = 0; t < 5; t++) {
            problem q = make_problem(&r, CLIQUE, blocks[t], size[t]);
            check_problem(ls, &q);
            free_problem(&q);
        }
    }
    fgoi_cpu_limit(FGOI_CPU_LEVELS);
    fgoi_linear_free(ls);
    fgoi_linear_free(NULL);
}

/* A negative diagonal entry in an otherwise positive definite matrix shows at its own row. Afterwards the solver is as
 * good as before, to the bit, and H is as it was. */
static void test_not_positive_definite(UNUSED_STATE)
{
    (void)state;
    rng r = { 43 };
    fgoi_linear *ls;
    assert_ok(fgoi_linear_create(&fgoi_linear_block, &ls));
    for (int t = 0; t < REPEATED(600); t++) {
        problem q = make_problem(&r, (kind)(t % KINDS), 1 + rng_below(&r, 30), 1 + rng_below(&r, 7));
        const size_t at = (size_t)rng_below(&r, (int)q.n);
        const double bad[] = { -1e9, NAN, INFINITY, -INFINITY, 0.0 };
        double *before = malloc(q.n * sizeof *before), *entry = &q.H[at * q.n + at], good = *entry;
        assert_non_null(before);
        fgoi_cpu_limit((fgoi_cpu)(t / KINDS % LEVELS));
        check_problem(ls, &q);
        memcpy(before, q.x, q.n * sizeof *before);
        *entry = bad[t % 5];
        fill_values(&q.p, q.slot, q.H, ls->report.values);
        assert_int_equal(fgoi_linear_factorize(ls, NULL), FGO_OUTCOME_NOT_POSITIVE_DEFINITE);
        assert_int_equal(ls->report.failed_at, at);
        *entry = good;
        fill_values(&q.p, q.slot, q.H, ls->report.values);
        assert_int_equal(fgoi_linear_factorize(ls, NULL), FGO_OUTCOME_SOLVED);
        solve_problem(ls, &q);
        assert_memory_equal(q.x, before, q.n * sizeof *before);
        free(before);
        free_problem(&q);
    }
    fgoi_cpu_limit(FGOI_CPU_LEVELS);
    fgoi_linear_free(ls);
}

/* NaN or infinity anywhere in H is found, and the row named is that of the entry or a later one that depends on it. */
static void test_not_finite(UNUSED_STATE)
{
    (void)state;
    rng r = { 44 };
    fgoi_linear *ls;
    assert_ok(fgoi_linear_create(&fgoi_linear_block, &ls));
    for (int t = 0; t < REPEATED(600); t++) {
        problem q = make_problem(&r, (kind)(t % KINDS), 2 + rng_below(&r, 30), 1 + rng_below(&r, 7));
        const int j = rng_below(&r, q.p.n);
        const size_t k = q.p.start[j] + (size_t)rng_below(&r, (int)(q.p.start[j + 1] - q.p.start[j]));
        const size_t row = q.p.offset[q.p.row[k]] + (size_t)rng_below(&r, q.p.dim[q.p.row[k]]);
        const size_t col = q.p.offset[j] + (size_t)rng_below(&r, q.p.dim[j]);
        q.H[row * q.n + col] = q.H[col * q.n + row] = t % 2 ? NAN : INFINITY;
        fgoi_cpu_limit((fgoi_cpu)(t / KINDS % LEVELS));
        assert_ok(fgoi_linear_analyze(ls, &q.p, q.slot));
        fill_values(&q.p, q.slot, q.H, ls->report.values);
        assert_int_equal(fgoi_linear_factorize(ls, NULL), FGO_OUTCOME_NOT_POSITIVE_DEFINITE);
        assert_true(ls->report.failed_at < q.n);
        free_problem(&q);
    }
    fgoi_cpu_limit(FGOI_CPU_LEVELS);
    fgoi_linear_free(ls);
}

/* The Laplacian of a graph is singular; only rounding stands where its last pivot would. */
static void test_singular(UNUSED_STATE)
{
    (void)state;
    rng r = { 45 };
    fgoi_linear *ls;
    assert_ok(fgoi_linear_create(&fgoi_linear_block, &ls));
    for (int t = 0; t < REPEATED(200); t++) {
        problem q = make_problem(&r, t % 2 ? CYCLE : GRID, 2 + rng_below(&r, 40), -1);
        memset(q.H, 0, q.n * q.n * sizeof *q.H);
        for (int j = 0; j < q.p.n; j++)
            for (size_t k = q.p.start[j] + 1; k < q.p.start[j + 1]; k++) {
                const size_t a = (size_t)j, b = (size_t)q.p.row[k];
                const double weight = rng_uniform(&r, 0.5, 2.0);
                q.H[a * q.n + a] += weight, q.H[b * q.n + b] += weight;
                q.H[a * q.n + b] = q.H[b * q.n + a] = -weight;
            }
        assert_ok(fgoi_linear_analyze(ls, &q.p, q.slot));
        fill_values(&q.p, q.slot, q.H, ls->report.values);
        assert_int_equal(fgoi_linear_factorize(ls, NULL), FGO_OUTCOME_NOT_POSITIVE_DEFINITE);
        free_problem(&q);
    }
    fgoi_linear_free(ls);
}

/* A pivot counts against the diagonal of H, whatever the unit: 1e-14 of it is the border. */
static void test_relative_threshold(UNUSED_STATE)
{
    (void)state;
    rng r = { 46 };
    fgoi_linear *ls;
    fgoi_slot slot[3];
    fgoi_pattern p = make_pattern(&r, CHAIN, 2, -1, 0.0);
    assert_ok(fgoi_linear_create(&fgoi_linear_block, &ls));
    for (int level = 0; level < LEVELS; level++) {
        fgoi_cpu_limit((fgoi_cpu)level);
        assert_ok(fgoi_linear_analyze(ls, &p, slot));
        for (double unit = 1e-250; unit < 1e251; unit *= 1e50) {
            const double near = 1.0 - 0x1p-50, far = 1.0 - 0x1p-44; /* pivots 1.8e-15, 1.1e-13 of the diagonal */
            fill_values(&p, slot, (double[]){ unit, unit * near, unit * near, unit }, ls->report.values);
            assert_int_equal(fgoi_linear_factorize(ls, NULL), FGO_OUTCOME_NOT_POSITIVE_DEFINITE);
            fill_values(&p, slot, (double[]){ unit, unit * far, unit * far, unit }, ls->report.values);
            assert_int_equal(fgoi_linear_factorize(ls, NULL), FGO_OUTCOME_SOLVED);
        }
    }
    fgoi_cpu_limit(FGOI_CPU_LEVELS);
    fgoi_linear_free(ls);
    fgoi_pattern_free(&p);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_graphs),     cmocka_unit_test(test_extremes), cmocka_unit_test(test_not_positive_definite),
        cmocka_unit_test(test_not_finite), cmocka_unit_test(test_singular), cmocka_unit_test(test_relative_threshold)
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
