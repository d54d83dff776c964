/* SPDX-License-Identifier: BSD-3-Clause */
/* test_many_solvers.c -- many graphs in many threads at once, each with a solver that has threads of its own: every
 * thread gets what one alone gets, bit by bit, and its own error messages. Under ThreadSanitizer (tests/run tsan) no
 * two of them meet in memory. */
#include "support.h"
#include <pthread.h>
#include <unistd.h>

enum { THREADS = 6, ROUNDS = 4, SOLVERS = 4 };

/* ThreadSanitizer does not know the locks of OpenMP's and OpenBLAS's, which are built without it. */
#if defined __SANITIZE_THREAD__
static const int linear_solvers[SOLVERS] = { FGO_LINEAR_BLOCK, FGO_LINEAR_CGLS, FGO_LINEAR_BLOCK, FGO_LINEAR_CGLS };
#else
static const int linear_solvers[SOLVERS] = { FGO_LINEAR_BLOCK, FGO_LINEAR_CGLS, FGO_LINEAR_CHOLMOD, FGO_LINEAR_DENSE };
#endif

typedef struct job {
    int number;
    double cost[ROUNDS];
    size_t findings;
    int failures; /* cmocka's assertions belong to the main thread */
} job;

static void expect(job *j, int truth) { j->failures += !truth; }

static fgo_graph *make_graph(int number)
{
    static const char text[] = "VERTEX_SE2 0 0 0 0\nVERTEX_SE2 1 1 0 1.5\nVERTEX_SE2 2 1 1 3\nEDGE_SE2 0 1 1 0 1.57 1 0 0 1 0 1\n"
                               "EDGE_SE2 1 2 1 0 1.57 1 0 0 1 0 1\nEDGE_SE2 2 0 1.4 0 2.3 1 0 0 1 0 1\n";
    fgo_graph *g = NULL;
    rng r = { (uint64_t)number };
    if (number % 3 == 0) return fgo_graph_read_memory(text, strlen(text), "text", NULL, &g) ? NULL : g;
    const int three = number % 2;
    return exact_graph(&r, three ? &fgo_manifold_se3 : &fgo_manifold_se2, three ? &fgo_between_se3 : &fgo_between_se2, 60, 60,
                       0.1, NULL);
}

static void fail_somehow(job *j, fgo_graph *g)
{
    char expected[64];
    fgo_graph *none = NULL;
    snprintf(expected, sizeof expected, "file%d:1:14", j->number);
    char name[16];
    snprintf(name, sizeof name, "file%d", j->number);
    expect(j, fgo_graph_read_memory("VERTEX_SE2 0 x", 14, name, NULL, &none) == FGO_ERROR_PARSE);
    expect(j, strncmp(fgo_last_message(), expected, strlen(expected)) == 0);
    expect(j, fgo_graph_hold(g, -77) == FGO_ERROR_KEY);
}

static void *work(void *argument)
{
    job *j = argument;
    for (int round = 0; round < ROUNDS; round++) {
        fgo_options o = fgo_options_default();
        fgo_summary s = { 0 };
        fgo_findings *f = NULL;
        char path[64];
        fgo_graph *g = make_graph(j->number + round), *back = NULL;
        o.threads = 1 + (j->number + round) % 3;
        o.linear_solver = linear_solvers[(j->number + round) % SOLVERS];
        o.max_iterations = 10;
        expect(j, fgo_initialize(g, FGO_INIT_AUTO, NULL) == FGO_OK);
        expect(j, fgo_solve(g, &o, &s) == FGO_OK);
        j->cost[round] = s.cost_final;
        expect(j, fgo_graph_examine(g, FGO_DOCTOR_ALL, 0.01, &f) == FGO_OK);
        j->findings += fgo_findings_count(f);
        fgo_findings_free(f);
        fail_somehow(j, g);
        snprintf(path, sizeof path, "/tmp/fgopt-many-%ld-%d-%p.g2o.zst", (long)getpid(), j->number, argument);
        expect(j, fgo_graph_write(g, path, FGO_FORMAT_AUTO) == FGO_OK);
        expect(j, fgo_graph_read(path, NULL, &back) == FGO_OK);
        unlink(path);
        fgo_graph_free(back);
        fgo_graph_free(g);
    }
    return NULL;
}

static void test_many(UNUSED_STATE)
{
    static job together[THREADS], alone[THREADS];
    pthread_t thread[THREADS];
    (void)state;
    for (int i = 0; i < THREADS; i++) {
        together[i] = (job){ .number = i };
        assert_int_equal(pthread_create(&thread[i], NULL, work, &together[i]), 0);
    }
    for (int i = 0; i < THREADS; i++) pthread_join(thread[i], NULL);
    for (int i = 0; i < THREADS; i++) {
        alone[i] = (job){ .number = i };
        work(&alone[i]);
        assert_int_equal(together[i].failures, 0);
        assert_int_equal(alone[i].failures, 0);
        assert_memory_equal(together[i].cost, alone[i].cost, sizeof alone[i].cost);
        assert_int_equal(together[i].findings, alone[i].findings);
    }
}

/* One graph solved by one thread after another: what a thread leaves, the next may use. */
static void *solve_shared(void *solver) { return fgo_solver_solve(solver, NULL) ? solver : NULL; }

static void test_handed_on(UNUSED_STATE)
{
    (void)state;
    rng r = { 3 };
    fgo_graph *g = exact_graph(&r, &fgo_manifold_se2, &fgo_between_se2, 40, 40, 0.1, NULL);
    fgo_options o = fgo_options_default();
    fgo_solver *s;
    o.threads = 3;
    assert_ok(fgo_solver_create(g, &o, &s));
    for (int i = 0; i < 5; i++) {
        pthread_t thread;
        void *failed;
        assert_int_equal(pthread_create(&thread, NULL, solve_shared, s), 0);
        pthread_join(thread, &failed);
        assert_null(failed);
    }
    fgo_solver_free(s);
    fgo_graph_free(g);
}

int main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(test_many), cmocka_unit_test(test_handed_on) };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
