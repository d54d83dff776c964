/* SPDX-License-Identifier: BSD-3-Clause */
/* test_cgls.c -- the matrix-free solver: the dense solver's step at convergence, whole solves, and what breaks down. */
#include "cgls_fixture.h"
#include "linear/block_jacobi.h"
#include "linear/registry.h"

enum { SHAPES = 9, POSES = 24 + REPEATED(36) }; /* kinds of random graphs; those of whole solves */

static void test_equals_dense(UNUSED_STATE)
{
    (void)state;
    rng r = { 71 };
    for (int t = 0; t < SHAPES * REPEATED(6); t++) {
        fgo_graph *g = random_graph(&r, t);
        const double lambda = t % 4 ? pow(10.0, -(t % 4) * 2.0) : 0.0;
        problem exact = linearized(g, &fgoi_linear_dense, (fgo_linear_request){ 0 }, lambda, t % 2);
        double *y = solve(&exact);
        for (int block_jacobi = 0; block_jacobi < 2; block_jacobi++) {
            problem p = linearized(g, &fgoi_linear_cgls,
                                   (fgo_linear_request){ .tolerance = 1e-11, .preconditioner = block_jacobi }, lambda, t % 2);
            assert_memory_equal(p.b, exact.b, p.n * sizeof *p.b);
            double *x = solve(&p);
            assert_true(difference(p.n, x, y) < 1e-8);
            assert_int_equal(p.ls->report.unfinished_solves, 0);
            assert_true(p.ls->report.iterations > 0);
            assert_string_equal(p.ls->report.factorization, block_jacobi ? "cgls, block-jacobi" : "cgls");
            for (size_t i = 0; i < p.s->rows.helds; i++) assert_true(x[p.s->rows.held[i]] == 0.0);
            free(x);
            release(&p);
        }
        free(y);
        release(&exact);
        fgo_graph_free(g);
    }
}

/* ---- what the optimizer relies on ---- */

/* The same bits again, also after the cost elsewhere was evaluated, which must leave r alone. */
static void test_same_again(UNUSED_STATE)
{
    (void)state;
    rng r = { 73 };
    for (int t = 0; t < SHAPES * REPEATED(2); t++) {
        fgo_graph *g = random_graph(&r, t);
        problem p = linearized(g, &fgoi_linear_cgls, (fgo_linear_request){ .tolerance = 1e-8, .preconditioner = t % 2 }, 1e-4, 1);
        double *x = solve(&p), *elsewhere = malloc(g->x_size * sizeof *elsewhere);
        memcpy(elsewhere, g->x, g->x_size * sizeof *elsewhere);
        fgoi_system_retract(p.s, g->x, x, elsewhere);
        const size_t allocations = fgoi_allocation_count();
        assert_true(isfinite(fgoi_system_cost(p.s, NULL, elsewhere)));
        double *y = solve(&p);
        assert_memory_equal(x, y, p.n * sizeof *x);
        assert_int_equal(fgoi_allocation_count(), allocations);
        free(x), free(y), free(elsewhere);
        release(&p);
        fgo_graph_free(g);
    }
}

static void test_whole_solves(UNUSED_STATE)
{
    (void)state;
    rng r = { 74 };
    for (int t = 0; t < 24; t++) {
        const fgo_manifold *m = t % 2 ? &fgo_manifold_se2 : &fgo_manifold_se3;
        fgo_graph *g = exact_graph(&r, m, t % 2 ? &fgo_between_se2 : &fgo_between_se3, POSES, POSES + 20, 0.05, NULL);
        double *start = malloc(g->x_size * sizeof *start), *first = malloc(g->x_size * sizeof *first);
        fgo_options o = fgo_options_default();
        fgo_solver *solver;
        fgo_summary s;
        memcpy(start, g->x, g->x_size * sizeof *start);
        o.linear_solver = FGO_LINEAR_CGLS;
        o.method = t / 2 % 2 ? FGO_METHOD_GN : FGO_METHOD_LM;
        o.cgls_preconditioner = t / 4 % 2;
        o.cgls_iterations = t / 8 == 2 ? 15 : 0;
        for (int again = 0; again < 1 + REPEATED(3); again++) { /* any number of threads, a solver used again */
            o.threads = 1 + again % 3;
            assert_ok(fgo_solver_create(g, &o, &solver));
            for (int use = 0; use < 2; use++) {
                memcpy(g->x, start, g->x_size * sizeof *start);
                const size_t allocations = fgoi_allocation_count();
                assert_ok(fgo_solver_solve(solver, &s));
                assert_int_equal(fgoi_allocation_count(), allocations);
                if (!again && !use) memcpy(first, g->x, g->x_size * sizeof *first);
                assert_memory_equal(first, g->x, g->x_size * sizeof *first);
            }
            fgo_solver_free(solver);
        }
        assert_true(s.cost_final < s.cost_initial && s.linear_iterations > 0);
        assert_string_equal(s.factorization, o.cgls_preconditioner ? "cgls, block-jacobi" : "cgls");
        char expected[64];
        snprintf(expected, sizeof expected, "; %zu CG iterations, ", s.linear_iterations);
        assert_non_null(strstr(s.message, expected));
        if (o.cgls_iterations) {
            snprintf(expected, sizeof expected, ", %d of %d steps cut short", s.iterations, s.iterations);
            assert_true(s.linear_iterations == 15 * (size_t)s.iterations && strstr(s.message, expected));
        } else {
            assert_int_equal(fgo_termination_class(s.termination), 1);
            assert_true(s.cost_final < 1e-12 && strstr(s.message, ", 0 of "));
        }
        free(start), free(first);
        fgo_graph_free(g);
    }
}

/* Steps that are cut short converge at no constant rate: the cost has converged only when a step really changes it
 * little. */
static void test_convergence_of_steps_cut_short(UNUSED_STATE)
{
    (void)state;
    rng r = { 77 };
    for (int t = 0; t < REPEATED(12); t++) {
        fgo_graph *g = exact_graph(&r, &fgo_manifold_se2, &fgo_between_se2, 100, 20, 0.02, NULL);
        for (int i = 0; i < 30; i++) { /* at odds with the rest, so that the optimum has a cost */
            const int64_t a = rng_below(&r, 50), keys[] = { a, a + 1 + rng_below(&r, 40) };
            assert_ok(fgo_graph_add_factor(g, &fgo_between_se2, keys, (double[]){ 0.1, 0.2, 1, 0 }, fgo_noise_sigma(20.0),
                                           fgo_loss_none()));
        }
        fgo_iteration records[2001];
        fgo_options o = fgo_options_default();
        fgo_summary s;
        o.linear_solver = FGO_LINEAR_CGLS;
        o.cgls_iterations = 20 + 10 * t;
        o.cost_tolerance = 1e-6;
        o.max_iterations = 2000;
        o.records = records;
        o.record_capacity = 2001;
        assert_ok(fgo_solve(g, &o, &s));
        assert_int_equal(s.termination, FGO_TERMINATION_CONVERGED_COST);
        const fgo_iteration *last = &records[s.records - 1];
        if (!strstr(s.message, ", 0 of ")) assert_true(fabs(last->cost_change) <= 1e-6 * (last->cost - last->cost_change));
        fgo_graph_free(g);
    }
}

/* ---- what cannot be solved ---- */

static void test_breakdown(UNUSED_STATE)
{
    (void)state;
    rng r = { 75 };
    for (int block_jacobi = 0; block_jacobi < 2; block_jacobi++) {
        fgo_graph *g = exact_graph(&r, &fgo_manifold_se2, &fgo_between_se2, 6, 4, 0.1, NULL);
        problem p =
            linearized(g, &fgoi_linear_cgls, (fgo_linear_request){ .tolerance = 1e-9, .preconditioner = block_jacobi }, 0.0, 0);
        double *x = solve(&p);
        const double bad[] = { NAN, INFINITY, 1e300 };
        for (int i = 0; i < 3; i++) { /* in b, then in J */
            for (size_t k = 0; k < p.n; k++) x[k] = bad[i];
            assert_int_equal(fgoi_linear_solve(p.ls, x), FGO_OUTCOME_NOT_POSITIVE_DEFINITE);
            const double kept = p.s->J[20];
            p.s->J[20] = bad[i];
            for (size_t k = 0; k < p.n; k++) x[k] = -p.b[k];
            assert_int_equal(fgoi_linear_solve(p.ls, x), FGO_OUTCOME_NOT_POSITIVE_DEFINITE);
            p.s->J[20] = kept;
        }
        for (size_t k = 0; k < p.n; k++) x[k] = -p.b[k]; /* and the next solve works again; nothing to do is solved too */
        assert_int_equal(fgoi_linear_solve(p.ls, x), FGO_OUTCOME_SOLVED);
        free(x);
        x = calloc(p.n, sizeof *x);
        p.ls->report.iterations = p.ls->report.unfinished_solves = 0;
        assert_int_equal(fgoi_linear_solve(p.ls, x), FGO_OUTCOME_SOLVED);
        for (size_t k = 0; k < p.n; k++) assert_true(x[k] == 0.0);
        assert_true(!p.ls->report.iterations && !p.ls->report.unfinished_solves);
        free(x);
        release(&p);
        fgo_graph_free(g);
    }
}

/* The preconditioner itself, since a poor one only takes longer: blocks of all sizes, however their entries differ in
 * size, times their inverses are the identity; and a block without an inverse is told by its row. */
static void test_preconditioner(UNUSED_STATE)
{
    (void)state;
    enum { N = 9 };
    rng r = { 77 };
    for (int t = 0; t < REPEATED(500); t++) {
        int n = 1 + t % N;
        size_t offset[2] = { 0, (size_t)n }, start[2] = { 0, 1 }, failed_at = 99;
        int row = 0;
        const fgoi_pattern p = { .n = 1, .dim = &n, .offset = offset, .start = start, .row = &row };
        double J[N * N], H[N * N], inverse[N * N], z[N], s[N], unit[N];
        for (int i = 0; i < n; i++) unit[i] = pow(10.0, rng_uniform(&r, -3, 3));
        for (int i = 0; i < n * n; i++) J[i] = rng_normal(&r) + 3.0 * (i % (n + 1) == 0);
        for (int i = 0; i < n; i++)
            for (int j = 0; j < n; j++) {
                H[j * n + i] = 0.0;
                for (int k = 0; k < n; k++) H[j * n + i] += J[i * n + k] * J[j * n + k] * unit[i] * unit[j];
            }
        assert_int_equal(fgoi_block_jacobi_invert(&p, H, inverse, &failed_at), FGO_OUTCOME_SOLVED);
        for (int j = 0; j < n; j++) {
            double product = 0.0;
            for (int i = 0; i < n; i++) s[i] = H[j * n + i];
            const double dot = fgoi_block_jacobi_apply(&p, inverse, s, z);
            for (int i = 0; i < n; i++) {
                assert_true(fabs(z[i] - (i == j)) * unit[i] / unit[j] < 1e-8);
                assert_true(inverse[j * n + i] == inverse[i * n + j]);
                product += s[i] * z[i];
            }
            assert_close(dot, product, 1e-13);
        }
        const int bad = rng_below(&r, n);
        for (int i = 0; i < n; i++) H[bad * n + i] = H[i * n + bad] = 0.0;
        assert_int_equal(fgoi_block_jacobi_invert(&p, H, inverse, &failed_at), FGO_OUTCOME_NOT_POSITIVE_DEFINITE);
        assert_int_equal(failed_at, bad);
    }
}

/* A variable that no factor determines: the preconditioner names it; without one it stays where it is. */
static void test_undetermined(UNUSED_STATE)
{
    (void)state;
    rng r = { 76 };
    for (int block_jacobi = 0; block_jacobi < 2; block_jacobi++) {
        fgo_graph *g = exact_graph(&r, &fgo_manifold_se2, &fgo_between_se2, 6, 4, 0.1, NULL);
        double x[2] = { 1.0, 2.0 };
        assert_ok(fgo_graph_add_rn(g, 77, 2, x));
        const double J[] = { 1.0, 0.0, 3.0 };
        const fgo_factor_class c = linear_factor(1, 1, (int[]){ 2 });
        assert_ok(fgo_graph_add_factor(g, &c, (int64_t[]){ 77 }, J, fgo_noise_unit(), fgo_loss_none()));
        fgo_options o = fgo_options_default();
        fgo_summary s;
        o.linear_solver = FGO_LINEAR_CGLS;
        o.method = FGO_METHOD_GN;
        o.cgls_preconditioner = block_jacobi;
        assert_ok(fgo_solve(g, &o, &s));
        assert_ok(fgo_graph_get_value(g, 77, x));
        if (block_jacobi) {
            assert_int_equal(s.termination, FGO_TERMINATION_FAILED_SINGULAR);
            assert_non_null(strstr(s.message, "degree of freedom 1 of variable 77"));
        } else {
            assert_int_equal(fgo_termination_class(s.termination), 1);
            assert_close(x[0], 3.0, 1e-9);
            assert_true(x[1] == 2.0);
        }
        fgo_graph_free(g);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_equals_dense), cmocka_unit_test(test_same_again),
        cmocka_unit_test(test_whole_solves), cmocka_unit_test(test_convergence_of_steps_cut_short),
        cmocka_unit_test(test_breakdown),    cmocka_unit_test(test_preconditioner),
        cmocka_unit_test(test_undetermined),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
