/* SPDX-License-Identifier: BSD-3-Clause */
/* cholmod.c -- a CHOLMOD whose calls report, one after the other, that memory is out, that the matrix is not positive
 * definite, or that it is too large. The functions here stand before CHOLMOD's own and call those. */
#define _GNU_SOURCE /* RTLD_NEXT */
#include "support.h"
#include <cholmod.h>
#include <dlfcn.h>

static long calls, failing = -1, factorizations, refused_factorization = -1;
static int failure, inside;

/* 1 if this call is the one that fails. CHOLMOD's calls of its own functions come by here too, and do not count. */
static int fails(cholmod_common *c)
{
    if (inside || calls++ != failing) return 0;
    c->status = failure;
    return 1;
}

#define REAL(type, name, parameters)                                                                                             \
    type(*real) parameters;                                                                                                      \
    void *symbol = dlsym(RTLD_NEXT, #name);                                                                                      \
    memcpy(&real, &symbol, sizeof real)
/* The value of the real function. */
#define INSIDE(type, call)                                                                                                       \
    inside++;                                                                                                                    \
    type result = call;                                                                                                          \
    inside--
#define VISIBLE __attribute__((visibility("default")))

VISIBLE int cholmod_start(cholmod_common *c)
{
    REAL(int, cholmod_start, (cholmod_common *));
    const int ok = real(c);
    if (!fails(c)) return ok;
    cholmod_finish(c); /* what it made is no longer anyone's */
    c->status = failure;
    return 0;
}
VISIBLE cholmod_sparse *cholmod_allocate_sparse(size_t rows, size_t columns, size_t n, int sorted, int packed, int stype,
                                                int xtype, cholmod_common *c)
{
    REAL(cholmod_sparse *, cholmod_allocate_sparse, (size_t, size_t, size_t, int, int, int, int, cholmod_common *));
    if (fails(c)) return NULL;
    INSIDE(cholmod_sparse *, real(rows, columns, n, sorted, packed, stype, xtype, c));
    return result;
}
VISIBLE cholmod_dense *cholmod_allocate_dense(size_t rows, size_t columns, size_t d, int xtype, cholmod_common *c)
{
    REAL(cholmod_dense *, cholmod_allocate_dense, (size_t, size_t, size_t, int, cholmod_common *));
    if (fails(c)) return NULL;
    INSIDE(cholmod_dense *, real(rows, columns, d, xtype, c));
    return result;
}
VISIBLE cholmod_factor *cholmod_analyze(cholmod_sparse *A, cholmod_common *c)
{
    REAL(cholmod_factor *, cholmod_analyze, (cholmod_sparse *, cholmod_common *));
    if (fails(c)) return NULL;
    INSIDE(cholmod_factor *, real(A, c));
    return result;
}
VISIBLE int cholmod_factorize(cholmod_sparse *A, cholmod_factor *L, cholmod_common *c)
{
    REAL(int, cholmod_factorize, (cholmod_sparse *, cholmod_factor *, cholmod_common *));
    if (fails(c)) return 0;
    INSIDE(const int, real(A, L, c));
    if (factorizations++ == refused_factorization) { /* as it does: a status above 0 is a warning */
        c->status = CHOLMOD_NOT_POSDEF;
        L->minor = L->n / 2;
    }
    return result;
}
VISIBLE int cholmod_solve2(int system, cholmod_factor *L, cholmod_dense *B, cholmod_sparse *Bset, cholmod_dense **X,
                           cholmod_sparse **Xset, cholmod_dense **Y, cholmod_dense **E, cholmod_common *c)
{
    REAL(int, cholmod_solve2,
         (int, cholmod_factor *, cholmod_dense *, cholmod_sparse *, cholmod_dense **, cholmod_sparse **, cholmod_dense **,
          cholmod_dense **, cholmod_common *));
    if (fails(c)) return 0;
    INSIDE(const int, real(system, L, B, Bset, X, Xset, Y, E, c));
    return result;
}

static fgo_graph *make_graph(int dense)
{
    rng r = { 21 };
    return dense ? exact_graph(&r, &fgo_manifold_se3, &fgo_between_se3, 24, 90, 0.05, NULL)
                 : exact_graph(&r, &fgo_manifold_se2, &fgo_between_se2, 20, 20, 0.2, NULL);
}

static double cost_of(fgo_graph *g)
{
    double cost;
    assert_ok(fgo_graph_cost(g, &cost));
    return cost;
}

/* An error leaves the values, and the same solver then solves. */
static void test_errors(UNUSED_STATE)
{
    static const int failures[] = { CHOLMOD_OUT_OF_MEMORY, CHOLMOD_TOO_LARGE };
    static const fgo_status statuses[] = { FGO_ERROR_MEMORY, FGO_ERROR_TOO_LARGE };
    long injected = 0;
    (void)state;
    for (int t = 0; t < 4; t++)
        for (long n = 0;; n++) {
            fgo_graph *g = make_graph(t % 2);
            fgo_options o = fgo_options_default();
            fgo_solver *s = NULL;
            fgo_summary summary;
            o.linear_solver = FGO_LINEAR_CHOLMOD;
            const double before = cost_of(g);
            failure = failures[t / 2];
            failing = n;
            calls = 0;
            fgo_status status = fgo_solver_create(g, &o, &s);
            if (!status) status = fgo_solver_solve(s, &summary);
            const int reached = calls > n;
            failing = -1;
            if (status != FGO_OK) {
                /* after the analysis CHOLMOD has nothing to say but that memory is out */
                if (status != statuses[t / 2] && status != FGO_ERROR_MEMORY)
                    fail_msg("call %ld: %s, %s", n, fgo_status_text(status), fgo_last_message());
                assert_true(cost_of(g) == before);
                injected++;
            }
            if (!s) assert_ok(fgo_solver_create(g, &o, &s));
            assert_ok(fgo_solver_solve(s, &summary));
            assert_int_equal(fgo_termination_class(summary.termination), 1);
            assert_true(summary.cost_final < 1e-9);
            fgo_solver_free(s);
            fgo_graph_free(g);
            if (!reached) break;
        }
    printf("cholmod, errors: %ld faults injected and survived\n", injected);
    assert_true(injected > 40);
}

/* Levenberg-Marquardt damps more and arrives; Gauss-Newton stops where it is, says so, and is not worse than it was. */
static void test_not_positive_definite(UNUSED_STATE)
{
    long injected = 0;
    (void)state;
    for (int t = 0; t < 4; t++)
        for (long n = 0;; n++) {
            fgo_graph *g = make_graph(t % 2);
            fgo_options o = fgo_options_default();
            fgo_summary s;
            o.linear_solver = FGO_LINEAR_CHOLMOD;
            o.method = t / 2;
            o.init = FGO_INIT_KEEP;
            refused_factorization = n;
            factorizations = 0;
            assert_ok(fgo_solve(g, &o, &s));
            const int reached = factorizations > n;
            refused_factorization = -1;
            assert_true(s.cost_final <= s.cost_initial && cost_of(g) == s.cost_final);
            if (reached && o.method == FGO_METHOD_GN)
                assert_int_equal(s.termination, FGO_TERMINATION_FAILED_SINGULAR);
            else
                assert_true(fgo_termination_class(s.termination) == 1 && s.cost_final < 1e-9);
            injected += reached;
            fgo_graph_free(g);
            if (!reached) break;
        }
    printf("cholmod, not positive definite: %ld faults injected and survived\n", injected);
    assert_true(injected > 10);
}

int main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(test_errors), cmocka_unit_test(test_not_positive_definite) };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
