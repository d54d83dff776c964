/* SPDX-License-Identifier: BSD-3-Clause */
/* support.h -- what the C tests share: cmocka, a seeded generator, and small graphs with a known optimum. */
#ifndef FGOPT_TESTS_SUPPORT_H
#define FGOPT_TESTS_SUPPORT_H
#include <fgopt/fgopt.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h> /* needs those before it */

#define UNUSED_STATE void **state

/* How often a test repeats itself with other random numbers: a tenth as often under a sanitizer, valgrind or gcov, which look
 * for wrong memory or executed lines and not for rare numbers. */
#ifdef FGOPT_INSTRUMENTED
#define REPEATED(n) (((n) + 9) / 10)
#else
#define REPEATED(n) (n)
#endif
#define assert_ok(call) assert_status((call), FGO_OK, #call, __FILE__, __LINE__)

static inline void assert_status(fgo_status got, fgo_status wanted, const char *call, const char *file, int line)
{
    if (got == wanted) return;
    print_error("%s: %s (%s), wanted %s\n", call, fgo_status_text(got), fgo_last_message(), fgo_status_text(wanted));
    _fail(file, line);
}

/* |a - b| <= tolerance * max(1, |b|); NaN never is. */
#define assert_close(a, b, tolerance) assert_near((a), (b), (tolerance), #a, __FILE__, __LINE__)

static inline void assert_near(double a, double b, double tolerance, const char *what, const char *file, int line)
{
    if (fabs(a - b) <= tolerance * fmax(1.0, fabs(b))) return;
    print_error("%s is %.17g, wanted %.17g within %g\n", what, a, b, tolerance);
    _assert_true(0, what, file, line);
}

/* A factor on tolerances against oracles in long double: 1 where that has its 64 bits or more. Valgrind computes it in 53
 * (its manual, "Limitations"); there the tests look for wrong memory only. */
static inline double oracle_slack(void)
{
    volatile long double one = 1.0L;
    return one + 0x1p-62L != one ? 1.0 : 1e6;
}

/* splitmix64 (S. Vigna, public domain): one number of state, the same everywhere. */
typedef struct {
    uint64_t state;
} rng;

static inline uint64_t rng_next(rng *r)
{
    uint64_t z = (r->state += 0x9e3779b97f4a7c15ULL);
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ULL;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebULL;
    return z ^ (z >> 31);
}
static inline double rng_uniform(rng *r, double low, double high) /* [low, high) */
{
    return low + (high - low) * (double)(rng_next(r) >> 11) * 0x1p-53;
}
static inline int rng_below(rng *r, int n) { return (int)(rng_next(r) % (uint64_t)n); }
static inline double rng_normal(rng *r) /* Box-Muller */
{
    const double u = 1.0 - rng_uniform(r, 0.0, 1.0), v = rng_uniform(r, 0.0, 1.0);
    return sqrt(-2.0 * log(u)) * cos(6.283185307179586 * v);
}

static inline void set_identity(const fgo_manifold *m, double *x)
{
    memset(x, 0, (size_t)m->ambient * sizeof *x);
    if (m->name[0] != 'S') return;
    x[m->name[2] == '2' ? m->ambient - 2 : m->ambient - 1] = 1.0; /* cos of (cos, sin), or qw */
}

/* A random value on a manifold: far from the origin in the tangent space. */
static inline void random_value(rng *r, const fgo_manifold *m, double *x)
{
    double delta[64];
    set_identity(m, x);
    for (int i = 0; i < m->tangent; i++) delta[i] = rng_uniform(r, -2.5, 2.5);
    m->retract(m, x, delta, x);
}

/* The full matrix of a random symmetric positive definite n x n information, condition about `spread`^2. */
static inline void random_information(rng *r, int n, double spread, double *Omega)
{
    double A[64];
    for (int i = 0; i < n * n; i++) A[i] = rng_normal(r);
    for (int i = 0; i < n; i++) A[i * n + i] += pow(spread, rng_uniform(r, 0.0, 1.0));
    for (int i = 0; i < n; i++)
        for (int j = 0; j < n; j++) {
            Omega[i * n + j] = i == j ? 0.1 : 0.0;
            for (int k = 0; k < n; k++) Omega[i * n + j] += A[k * n + i] * A[k * n + j];
        }
}

/* A pose graph of `poses` variables on m (keys 0, 1, ...): a chain and `loops` random edges of class c, whose measurements
 * are exact for the truth, so that the optimum has cost 0. The values in the graph are the truth moved by `noise` in each
 * tangent direction, but for key 0. truth, if not NULL: poses * m->ambient numbers. */
static inline fgo_graph *exact_graph(rng *r, const fgo_manifold *m, const fgo_factor_class *c, int poses, int loops, double noise,
                                     double *truth)
{
    const size_t n = (size_t)m->ambient;
    double *x = malloc((size_t)poses * n * sizeof *x), start[16], delta[16], Omega[36];
    fgo_graph *g = NULL;
    assert_non_null(x);
    assert_ok(fgo_graph_create(&g));
    for (int i = 0; i < poses; i++) {
        random_value(r, m, x + (size_t)i * n);
        for (int d = 0; d < m->tangent; d++) delta[d] = i ? noise * rng_normal(r) : 0.0;
        m->retract(m, x + (size_t)i * n, delta, start);
        assert_ok(fgo_graph_add_variable(g, i, m, start));
    }
    for (int e = 0; e < poses - 1 + loops; e++) {
        const int i = e < poses - 1 ? e : rng_below(r, poses);
        int j = e < poses - 1 ? e + 1 : rng_below(r, poses);
        if (i == j) j = (j + 1) % poses;
        double z[16];
        double identity[16];
        set_identity(m, identity);
        m->local(m, x + (size_t)i * n, x + (size_t)j * n, delta);
        m->retract(m, identity, delta, z); /* z = Exp(Log(a^-1 b)) */
        random_information(r, c->rows, 10.0, Omega);
        assert_ok(fgo_graph_add_factor(g, c, (int64_t[]){ i, j }, z, fgo_noise_information(Omega), fgo_loss_none()));
    }
    if (truth) memcpy(truth, x, (size_t)poses * n * sizeof *x);
    free(x);
    return g;
}
#endif
