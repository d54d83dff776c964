/* SPDX-License-Identifier: BSD-3-Clause */
/* test_determinism.c -- the same bits from every run and every number of threads, at each CPU level; and a host whose
 * settings are after a call what they were before. */
#define _GNU_SOURCE /* RTLD_DEFAULT */
#include "base/cpu.h"
#include "base/memory.h"
#include "block/order.h"
#include "support.h"
#include <dlfcn.h>
#include <fenv.h>
#include <locale.h>
#include <signal.h>
#include <sys/stat.h>
#include <unistd.h>
#if defined __x86_64__
#include <xmmintrin.h>
#endif

enum { MOST_THREADS = 8 };

/* Under valgrind and sanitizers fewer runs look for wrong memory; the counts are those of other builds. */
#ifdef FGOPT_INSTRUMENTED
enum { IS_WATCHED = 1 };
#else
enum { IS_WATCHED = 0 };
#endif

/* ---- the same bits ---- */

static fgo_graph *make_graph(int three, int poses)
{
    rng r = { 61 };
    fgo_graph *g = three ? exact_graph(&r, &fgo_manifold_se3, &fgo_between_se3, poses, poses, 0.1, NULL)
                         : exact_graph(&r, &fgo_manifold_se2, &fgo_between_se2, poses, poses, 0.1, NULL);
    double z[7]; /* a contradiction, so that the optimum has a cost */
    memcpy(z, fgo_graph_factor_measurement(g, 4), fgo_graph_factor_class(g, 4)->measurement_size);
    assert_ok(fgo_graph_set_measurement(g, 5, z));
    return g;
}

typedef struct bits {
    size_t n;
    double x[7 * 400];
    fgo_summary summary;
} bits;

static void solve(const fgo_graph *g, int method, int linear, int threads, bits *out)
{
    fgo_options o = fgo_options_default();
    fgo_graph *copy;
    o.method = method;
    o.linear_solver = linear;
    o.threads = threads;
    o.max_iterations = 6;
    assert_ok(fgo_graph_copy(g, &copy));
    assert_ok(fgo_initialize(copy, FGO_INIT_SPANNING_TREE, NULL));
    assert_ok(fgo_solve(copy, &o, &out->summary));
    const double *x = fgo_graph_values(copy, &out->n);
    assert_true(out->n <= sizeof out->x / sizeof *out->x);
    memcpy(out->x, x, out->n * sizeof *x);
    fgo_graph_free(copy);
}

static void assert_same(const bits *a, const bits *b)
{
    assert_int_equal(a->n, b->n);
    assert_memory_equal(a->x, b->x, a->n * sizeof *a->x);
    assert_memory_equal(&a->summary.cost_final, &b->summary.cost_final, sizeof(double));
    assert_int_equal(a->summary.iterations, b->summary.iterations);
}

static void test_threads(UNUSED_STATE)
{
    static bits first, again;
    long runs = 0;
    (void)state;
    for (int three = 0; three < 2; three++) {
        fgo_graph *g = make_graph(three, IS_WATCHED ? 25 : three ? 250 : 400);
        const int highest = (int)fgoi_cpu_level();
        for (int level = IS_WATCHED ? highest : 0; level <= highest; level++)
            for (int linear = FGO_LINEAR_CHOLMOD; fgo_linear_solver_name((fgo_linear_solver)linear); linear++) {
                if (linear == FGO_LINEAR_DENSE && level) continue; /* LAPACK has levels of its own */
                fgoi_cpu_limit((fgoi_cpu)level);
                solve(g, FGO_METHOD_LM, linear, 1, &first);
                for (int threads = 1; threads <= MOST_THREADS; threads += IS_WATCHED ? 3 : 1, runs++) {
                    solve(g, FGO_METHOD_LM, linear, threads, &again);
                    assert_same(&first, &again);
                }
            }
        fgoi_cpu_limit(FGOI_CPU_LEVELS);
        fgo_graph_free(g);
    }
    printf("determinism: %ld runs with 1 to %d threads, bit by bit alike\n", runs, MOST_THREADS);
}

/* ---- the host ---- */

typedef struct host {
    char locale[256];
    locale_t thread_locale;
    int rounding, blas_threads, omp_levels, omp_threads;
    unsigned mxcsr;
    mode_t mask;
    sigset_t blocked;
    struct sigaction action[NSIG];
    char folder[4096];
} host;

static int ask(const char *name)
{
    int (*function)(void) = NULL;
    void *symbol = dlsym(RTLD_DEFAULT, name);
    memcpy(&function, &symbol, sizeof symbol);
    return function ? function() : -1;
}

static void look(host *h)
{
    memset(h, 0, sizeof *h);
    snprintf(h->locale, sizeof h->locale, "%s", setlocale(LC_ALL, NULL));
    h->thread_locale = uselocale((locale_t)0);
    h->rounding = fegetround();
#if defined __x86_64__
    h->mxcsr = _mm_getcsr() & ~0x3fu; /* without the flags of what happened */
#endif
    h->blas_threads = ask("openblas_get_num_threads");
    h->omp_levels = ask("omp_get_max_active_levels");
    h->omp_threads = ask("omp_get_max_threads");
    h->mask = umask(0);
    umask(h->mask);
    sigprocmask(SIG_SETMASK, NULL, &h->blocked);
    for (int i = 1; i < NSIG; i++) sigaction(i, NULL, &h->action[i]);
    assert_non_null(getcwd(h->folder, sizeof h->folder));
}

static void assert_same_host(const host *a, const host *b)
{
    assert_string_equal(a->locale, b->locale);
    assert_true(a->thread_locale == b->thread_locale);
    assert_int_equal(a->rounding, b->rounding);
    assert_int_equal(a->mxcsr, b->mxcsr);
    assert_int_equal(a->blas_threads, b->blas_threads);
    assert_int_equal(a->omp_levels, b->omp_levels);
    assert_int_equal(a->omp_threads, b->omp_threads);
    assert_int_equal(a->mask, b->mask);
    assert_memory_equal(&a->blocked, &b->blocked, sizeof a->blocked);
    for (int i = 1; i < NSIG; i++) {
        assert_true(a->action[i].sa_handler == b->action[i].sa_handler);
        assert_int_equal(a->action[i].sa_flags, b->action[i].sa_flags);
    }
    assert_string_equal(a->folder, b->folder);
}

static void on_signal(int number) { (void)number; }

static void use_everything(const fgo_graph *g)
{
    static bits out;
    char path[64];
    fgo_graph *copy, *back;
    fgo_findings *findings;
    snprintf(path, sizeof path, "/tmp/fgopt-host-%ld.g2o.gz", (long)getpid());
    for (int linear = FGO_LINEAR_CHOLMOD; fgo_linear_solver_name((fgo_linear_solver)linear); linear++)
        solve(g, linear % 2, linear, 3, &out);
    assert_ok(fgo_graph_copy(g, &copy));
    assert_ok(fgo_initialize(copy, FGO_INIT_AUTO, NULL));
    assert_ok(fgo_graph_examine(copy, FGO_DOCTOR_ALL, 0.01, &findings));
    fgo_findings_free(findings);
    assert_ok(fgo_graph_write(copy, path, FGO_FORMAT_G2O));
    assert_ok(fgo_graph_read(path, NULL, &back));
    unlink(path);
    fgo_graph_free(back);
    fgo_graph_free(copy);
}

/* METIS sets signal handlers and draws random numbers while it runs. */
static void order(void)
{
    enum { N = 300 };
    int dim[N], row[2 * N], result[N];
    size_t offset[N + 1] = { 0 }, start[N + 1] = { 0 };
    for (int j = 0, k = 0; j < N; j++) {
        dim[j] = 1;
        offset[j + 1] = (size_t)j + 1;
        row[k++] = j;
        if (j + 1 < N) row[k++] = j + 1;
        start[j + 1] = (size_t)k;
    }
    const fgoi_pattern p = { .n = N, .dim = dim, .offset = offset, .start = start, .row = row };
    fgoi_block_order_metis(&p, result);
}

static void test_host(UNUSED_STATE)
{
    static const int roundings[] = { FE_TONEAREST, FE_UPWARD, FE_TOWARDZERO };
    static const int signals[] = { SIGINT, SIGABRT, SIGTERM, SIGFPE, SIGUSR1 };
    host before, after;
    fgo_graph *g = make_graph(1, IS_WATCHED ? 20 : 60);
    (void)state;
    setlocale(LC_ALL, "C.UTF-8");
    for (size_t i = 0; i < sizeof signals / sizeof *signals; i++) signal(signals[i], on_signal);
    srandom(7);
    const long expected = random();
    for (size_t i = 0; i < 2 * sizeof roundings / sizeof *roundings; i++) {
        fesetround(roundings[i / 2]);
#if defined __x86_64__
        _mm_setcsr(i % 2 ? _mm_getcsr() | 0x8040u : _mm_getcsr() & ~0x8040u); /* flush to zero, denormals are zero */
#endif
        srandom(7);
        look(&before);
        use_everything(g);
        order();
        look(&after);
        fesetround(FE_TONEAREST);
        assert_same_host(&before, &after);
        assert_int_equal(random(), expected);
    }
#if defined __x86_64__
    _mm_setcsr(_mm_getcsr() & ~0x8040u);
#endif
    for (size_t i = 0; i < sizeof signals / sizeof *signals; i++) signal(signals[i], SIG_DFL);
    fgo_graph_free(g);
}

/* ---- solving again ---- */

/* A program that runs for a year: ten thousand solves with other measurements each time, and not one allocation. */
static void test_ten_thousand(UNUSED_STATE)
{
    (void)state;
    rng r = { 62 };
    fgo_graph *g = exact_graph(&r, &fgo_manifold_se2, &fgo_between_se2, 20, 10, 0.05, NULL);
    const int rounds = IS_WATCHED ? 100 : 10000, linear[] = { FGO_LINEAR_BLOCK, FGO_LINEAR_CGLS, FGO_LINEAR_DENSE };
    for (int i = 0; i < 3; i++) {
        fgo_options o = fgo_options_default();
        fgo_solver *s;
        fgo_summary summary;
        o.linear_solver = linear[i];
        o.max_iterations = 5;
        assert_ok(fgo_solver_create(g, &o, &s));
        assert_ok(fgo_solver_solve(s, &summary));
        const size_t allocations = fgoi_allocation_count();
        for (int n = 0; n < (i ? rounds / 10 : rounds); n++) {
            const size_t f = (size_t)rng_below(&r, (int)fgo_graph_factor_count(g));
            fgo_se2 z = *(const fgo_se2 *)fgo_graph_factor_measurement(g, f);
            z.x += rng_uniform(&r, -0.01, 0.01);
            assert_ok(fgo_graph_set_measurement(g, f, &z));
            assert_ok(fgo_solver_solve(s, &summary));
            assert_true(fgo_termination_class(summary.termination) >= 0);
        }
        assert_int_equal(fgoi_allocation_count(), allocations);
        fgo_solver_free(s);
    }
    fgo_graph_free(g);
    printf("solving again: %d times with changed measurements, no allocation\n", rounds);
}

int main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(test_threads), cmocka_unit_test(test_host),
                                        cmocka_unit_test(test_ten_thousand) };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
