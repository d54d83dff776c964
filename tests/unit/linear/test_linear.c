/* SPDX-License-Identifier: BSD-3-Clause */
/* test_linear.c -- every linear solver against LAPACK-free arithmetic on random block matrices of every shape. */
#include "base/memory.h"
#include "linear/registry.h"
#include "matrix/linear.h"
#include "support.h"

static const fgo_linear_solver_class *const classes[] = { &fgoi_linear_cholmod, &fgoi_linear_dense, &fgoi_linear_block };
enum { CLASSES = sizeof classes / sizeof *classes, MOST_BLOCKS = 40 };

/* A random pattern: n blocks of the given sizes, each pair connected with this probability. */
static fgoi_pattern random_pattern(rng *r, int n, int largest, double density)
{
    fgoi_pattern p = { .n = n };
    p.dim = fgoi_alloc((size_t)n, sizeof *p.dim);
    p.offset = fgoi_alloc((size_t)n + 1, sizeof *p.offset);
    p.start = fgoi_alloc((size_t)n + 1, sizeof *p.start);
    p.row = fgoi_alloc((size_t)n * (size_t)(n + 1) / 2, sizeof *p.row);
    for (int j = 0; j < n; j++) {
        p.dim[j] = 1 + rng_below(r, largest);
        p.offset[j + 1] = p.offset[j] + (size_t)p.dim[j];
        p.start[j + 1] = p.start[j];
        for (int i = j; i < n; i++)
            if (i == j || rng_uniform(r, 0, 1) < density) p.row[p.start[j + 1]++] = i;
    }
    return p;
}

/* A symmetric matrix on the pattern, diagonally dominant (so positive definite); S is n x n, row-major. */
static void random_matrix(rng *r, const fgoi_pattern *p, double *S)
{
    const size_t n = p->offset[p->n];
    memset(S, 0, n * n * sizeof *S);
    for (int j = 0; j < p->n; j++)
        for (size_t k = p->start[j]; k < p->start[j + 1]; k++)
            for (int a = 0; a < p->dim[p->row[k]]; a++)
                for (int b = 0; b < p->dim[j]; b++) {
                    const size_t x = p->offset[p->row[k]] + (size_t)a, y = p->offset[j] + (size_t)b;
                    S[x * n + y] = S[y * n + x] = rng_normal(r);
                }
    for (size_t i = 0; i < n; i++) {
        double sum = 0.1;
        for (size_t j = 0; j < n; j++) sum += fabs(S[i * n + j]);
        S[i * n + i] = sum;
    }
}

static void fill(const fgoi_pattern *p, const fgoi_slot *slot, const double *S, double *values)
{
    const size_t n = p->offset[p->n];
    for (int j = 0; j < p->n; j++)
        for (size_t k = p->start[j]; k < p->start[j + 1]; k++)
            for (size_t a = 0; a < (size_t)p->dim[p->row[k]]; a++)
                for (size_t b = 0; b < (size_t)p->dim[j]; b++)
                    values[slot[k].offset + (slot[k].transposed ? a * (size_t)slot[k].ld + b : b * (size_t)slot[k].ld + a)] =
                        S[(p->offset[p->row[k]] + a) * n + p->offset[j] + b];
}

/* |S x - b| / (|S| |x|) */
static double backward_error(size_t n, const double *S, const double *x, const double *b)
{
    double error = 0.0, size = 1e-300;
    for (size_t i = 0; i < n; i++) {
        double sum = -b[i], scale = 0.0;
        for (size_t j = 0; j < n; j++) sum += S[i * n + j] * x[j], scale += fabs(S[i * n + j] * x[j]);
        error = fmax(error, fabs(sum));
        size = fmax(size, scale);
    }
    return error / size;
}

static void check_solver(rng *r, const fgo_linear_solver_class *c, const fgoi_pattern *p)
{
    const size_t n = p->offset[p->n];
    double *S = malloc(n * n * sizeof *S), *b = malloc(n * sizeof *b), *x = malloc(n * sizeof *x);
    fgoi_slot *slot = malloc(p->start[p->n] * sizeof *slot);
    fgoi_linear *ls;
    assert_true(S && b && x && slot);
    assert_ok(fgoi_linear_create(c, &ls));
    assert_ok(fgoi_linear_analyze(ls, p, slot));
    for (int again = 0; again < 3; again++) { /* new numbers, same analysis */
        random_matrix(r, p, S);
        for (size_t i = 0; i < n; i++) x[i] = b[i] = rng_normal(r);
        fill(p, slot, S, ls->report.values);
        assert_int_equal(fgoi_linear_factorize(ls, NULL), FGO_OUTCOME_SOLVED);
        assert_int_equal(fgoi_linear_solve(ls, x), FGO_OUTCOME_SOLVED);
        assert_true(backward_error(n, S, x, b) < 1e-14);
        S[(n - 1) * n + n - 1] = -1.0; /* one negative pivot: an event, and the next factorization works again */
        fill(p, slot, S, ls->report.values);
        assert_int_equal(fgoi_linear_factorize(ls, NULL), FGO_OUTCOME_NOT_POSITIVE_DEFINITE);
        assert_int_equal(ls->report.failed_at, n - 1); /* in any order: without it the matrix is positive definite */
    }
    fgoi_linear_free(ls);
    free(S), free(b), free(x), free(slot);
}

static void test_random(UNUSED_STATE)
{
    (void)state;
    rng r = { 5 };
    for (int t = 0; t < REPEATED(600); t++) {
        fgoi_pattern p =
            random_pattern(&r, 1 + rng_below(&r, MOST_BLOCKS), 1 + t % 9, rng_uniform(&r, 0, 1) * rng_uniform(&r, 0, 1));
        for (int i = 0; i < CLASSES; i++) check_solver(&r, classes[i], &p);
        fgoi_pattern_free(&p);
    }
}

/* Large and dense enough that CHOLMOD goes supernodal; small enough elsewhere that it does not. */
static void test_both_factorizations(UNUSED_STATE)
{
    (void)state;
    rng r = { 6 };
    fgoi_linear *ls;
    fgoi_slot slot[MOST_BLOCKS * (MOST_BLOCKS + 1) / 2];
    const struct {
        int blocks;
        double density;
        const char *kind;
    } cases[] = { { MOST_BLOCKS, 1.0, "supernodal" }, { 10, 0.1, "simplicial" } };
    const int gpl = strstr(fgo_license(), "modules only") == NULL; /* else there is no supernodal one */
    for (int t = 0; t < 2; t++) {
        fgoi_pattern p = random_pattern(&r, cases[t].blocks, 6, cases[t].density);
        assert_ok(fgoi_linear_create(&fgoi_linear_cholmod, &ls));
        assert_ok(fgoi_linear_analyze(ls, &p, slot));
        assert_string_equal(ls->report.factorization, gpl ? cases[t].kind : "simplicial");
        assert_true(ls->report.nonzeros_L >= p.offset[p.n] && ls->report.flops > 0);
        fgoi_linear_free(ls);
        check_solver(&r, &fgoi_linear_cholmod, &p);
        fgoi_pattern_free(&p);
    }
}

/* One solver analyses one structure after another. */
static void test_analyse_again(UNUSED_STATE)
{
    (void)state;
    rng r = { 7 };
    for (int i = 0; i < CLASSES; i++) {
        fgoi_linear *ls;
        assert_ok(fgoi_linear_create(classes[i], &ls));
        for (int t = 0; t < 20; t++) {
            fgoi_pattern p = random_pattern(&r, 1 + rng_below(&r, 20), 4, 0.3);
            const size_t n = p.offset[p.n];
            double *S = malloc(n * n * sizeof *S), *b = malloc(2 * n * sizeof *b);
            fgoi_slot *slot = malloc(p.start[p.n] * sizeof *slot);
            assert_ok(fgoi_linear_analyze(ls, &p, slot));
            random_matrix(&r, &p, S);
            for (size_t k = 0; k < n; k++) b[k] = b[n + k] = rng_normal(&r);
            fill(&p, slot, S, ls->report.values);
            assert_int_equal(fgoi_linear_factorize(ls, NULL), FGO_OUTCOME_SOLVED);
            assert_int_equal(fgoi_linear_solve(ls, b), FGO_OUTCOME_SOLVED);
            assert_true(backward_error(n, S, b, b + n) < 1e-14);
            free(S), free(b), free(slot);
            fgoi_pattern_free(&p);
        }
        fgoi_linear_free(ls);
        classes[i]->free(NULL);
    }
}

static void test_find(UNUSED_STATE)
{
    (void)state;
    for (int i = 0; i < CLASSES; i++)
        assert_string_equal(fgoi_linear_find(i + 1)->name, fgo_linear_solver_name((fgo_linear_solver)(i + 1)));
    assert_null(fgoi_linear_find(FGO_LINEAR_AUTO)); /* a choice, not a solver */
    assert_string_equal(fgoi_linear_find(FGO_LINEAR_CGLS)->name, fgo_linear_solver_name(FGO_LINEAR_CGLS));
    int numbers = 1;
    while (fgo_linear_solver_name((fgo_linear_solver)numbers)) numbers++;
    assert_null(fgoi_linear_find(numbers));
}

int main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(test_random), cmocka_unit_test(test_both_factorizations),
                                        cmocka_unit_test(test_analyse_again), cmocka_unit_test(test_find) };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
