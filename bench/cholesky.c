/* SPDX-License-Identifier: BSD-3-Clause */
/* cholesky.c -- the block Cholesky against CHOLMOD on the normal systems of pose graphs.
 *
 *     cholesky [--cpu] [--reps N] [--threads T] FILE...
 *
 * H is that of the file's estimate, with 1e-6 of its diagonal added and information matrices projected if need be.
 * CHOLMOD is the library's own use of it (AMD on the blocks, its thread trouble cured), once simplicial, once
 * supernodal; the one with the lower median counts. One thread each, but for the column of the
 * block solver's gain by T threads. Each repetition runs all candidates one after another and ratios are formed within
 * it, because a machine is seldom quiet; medians of N. --cpu counts the thread's processor time, for machines where
 * other programs take turns on the same cores. MB: the most that a solver asks for at a time, its copy of H included;
 * of the block solver also what that comes to in pages, of 2 MB where the system has them. */
#define _POSIX_C_SOURCE 200809L
#include "base/cpu.h"
#include "linear/registry.h"
#include "matrix/linear.h"
#include "memory.h"
#include "whole_system.h"
#include <fgopt/fgopt.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

/* solvers/linear/cholmod.c compiled with one choice each; see CMakeLists.txt. */
extern const fgo_linear_solver_class fgoi_linear_simplicial, fgoi_linear_supernodal;

enum { SIMPLICIAL, SUPERNODAL, BLOCK, THREADED, CANDIDATES, LARGEST_REPS = 1000 };
static const fgo_linear_solver_class *const class_of[] = { &fgoi_linear_simplicial, &fgoi_linear_supernodal, &fgoi_linear_block,
                                                           &fgoi_linear_block };

typedef struct {
    fgoi_linear *ls;
    double analyze[LARGEST_REPS], factorize[LARGEST_REPS], solve[LARGEST_REPS], residual;
    size_t memory, pages; /* most bytes asked for from its creation to its end; the same with maps as pages touched */
} candidate;

static clockid_t clock_id = CLOCK_MONOTONIC;

static double now_ms(void)
{
    struct timespec t;
    clock_gettime(clock_id, &t);
    return 1e3 * (double)t.tv_sec + 1e-6 * (double)t.tv_nsec;
}

static int ascending(const void *a, const void *b)
{
    const double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static double median(const double *x, int n)
{
    double sorted[LARGEST_REPS];
    memcpy(sorted, x, (size_t)n * sizeof *x);
    qsort(sorted, (size_t)n, sizeof *sorted, ascending);
    return 0.5 * (sorted[n / 2] + sorted[(n - 1) / 2]);
}

static double least(const double *x, int n)
{
    double best = x[0];
    for (int i = 1; i < n; i++) best = fmin(best, x[i]);
    return best;
}

static double median_ratio(const double *a, const double *b, int n)
{
    double ratio[LARGEST_REPS];
    for (int i = 0; i < n; i++) ratio[i] = a[i] / b[i];
    return median(ratio, n);
}

static void *checked(void *p)
{
    if (!p) {
        fprintf(stderr, "cholesky: out of memory\n");
        exit(1);
    }
    return p;
}

static void check(fgo_status status)
{
    if (!status) return;
    fprintf(stderr, "cholesky: %s\n", fgo_last_message());
    exit(1);
}

/* |H x - b| / |b| for the damped H. */
static double residual(const fgoi_system *s, const fgoi_slot *slot, const double *values, const double *x, const double *b)
{
    const fgoi_pattern *p = &s->pattern;
    const size_t n = p->offset[p->n];
    double *y = checked(calloc(n + 1, sizeof *y)), error = 0.0, size = 0.0;
    for (int j = 0; j < p->n; j++)
        for (size_t k = p->start[j]; k < p->start[j + 1]; k++)
            for (size_t r = 0; r < (size_t)p->dim[p->row[k]]; r++)
                for (size_t c = 0; c < (size_t)p->dim[j]; c++) {
                    const size_t u = p->offset[p->row[k]] + r, v = p->offset[j] + c, ld = (size_t)slot[k].ld;
                    const double h = values[slot[k].offset + (slot[k].transposed ? r * ld + c : c * ld + r)];
                    y[u] += h * x[v];
                    if (p->row[k] != j) y[v] += h * x[u];
                }
    for (size_t i = 0; i < n; i++) error += (y[i] - b[i]) * (y[i] - b[i]), size += b[i] * b[i];
    free(y);
    return sqrt(error / size);
}

/* The most that one candidate holds while it analyses, factorizes and solves, its copy of H included. */
static void measure_memory(const fgo_linear_solver_class *class, fgoi_threads *threads, size_t *most, fgo_graph *g,
                           fgoi_system *s, double *b)
{
    fgoi_linear *ls;
    for (int warm = 0; warm < 2; warm++) { /* the BLAS keeps what it allocates first */
        memory_begin();
        check(fgoi_linear_create(class, &ls));
        ls->request.threads = threads;
        check(fgoi_linear_analyze(ls, &s->pattern, s->slot));
        memory_phase();
        fgoi_system_linearize(s, NULL, g->x, ls->report.values, b);
        for (int j = 0; j < s->pattern.n; j++)
            for (int d = 0; d < s->pattern.dim[j]; d++) ls->report.values[fgoi_system_diagonal(s, j, d)] *= 1.0 + 1e-6;
        fgoi_linear_factorize(ls, NULL);
        fgoi_linear_solve(ls, b);
        *most = memory_most();
        fgoi_linear_free(ls);
    }
}

/* One repetition of one candidate. */
static void measure(candidate *c, fgo_graph *g, fgoi_system *s, double *b, double *x, int rep)
{
    const fgoi_pattern *p = &s->pattern;
    const size_t n = p->offset[p->n];
    double since = now_ms();
    check(fgoi_linear_analyze(c->ls, p, s->slot));
    c->analyze[rep] = now_ms() - since;
    fgoi_system_linearize(s, NULL, g->x, c->ls->report.values, b);
    for (int j = 0; j < p->n; j++)
        for (int d = 0; d < p->dim[j]; d++) c->ls->report.values[fgoi_system_diagonal(s, j, d)] *= 1.0 + 1e-6;
    if (fgoi_linear_factorize(c->ls, NULL) != FGO_OUTCOME_SOLVED) { /* which also touches the memory */
        fprintf(stderr, "cholesky: not positive definite at row %zu\n", c->ls->report.failed_at);
        exit(1);
    }
    since = now_ms();
    fgoi_linear_factorize(c->ls, NULL);
    c->factorize[rep] = now_ms() - since;
    memcpy(x, b, n * sizeof *x);
    since = now_ms();
    fgoi_linear_solve(c->ls, x);
    c->solve[rep] = now_ms() - since;
    c->residual = residual(s, s->slot, c->ls->report.values, x, b);
}

static void report(const char *path, const candidate *all, int reps)
{
    const candidate *block = &all[BLOCK];
    const int best = median(all[SUPERNODAL].factorize, reps) < median(all[SIMPLICIAL].factorize, reps) ? SUPERNODAL : SIMPLICIAL;
    const candidate *cholmod = &all[best];
    /* the thread's processor time says nothing about its helpers */
    const double gain = clock_id == CLOCK_MONOTONIC ? median_ratio(block->factorize, all[THREADED].factorize, reps) : NAN;
    const char *name = strrchr(path, '/') ? strrchr(path, '/') + 1 : path;
    printf("| %s | %.3g (%.3g) %s | %.3g (%.3g) | %.2f | %.1f | %.3g | %.2f | %.3g | %.2f | %.1f | %.0e, %.0e | %.2f | "
           "%.2f | %.2f | %.2f |\n",
           name, median(cholmod->factorize, reps), least(cholmod->factorize, reps), best == SUPERNODAL ? "super" : "simpl",
           median(block->factorize, reps), least(block->factorize, reps),
           median_ratio(cholmod->factorize, block->factorize, reps),
           1e-6 * block->ls->report.flops / least(block->factorize, reps), median(block->analyze, reps),
           median_ratio(cholmod->analyze, block->analyze, reps), median(block->solve, reps),
           median_ratio(cholmod->solve, block->solve, reps), 8e-6 * (double)block->ls->report.nonzeros_L, block->residual,
           cholmod->residual, gain, 1e-6 * (double)cholmod->memory, 1e-6 * (double)block->memory, 1e-6 * (double)block->pages);
    fflush(stdout);
}

static void bench(const char *path, int reps, fgoi_threads *threads)
{
    fgo_read_options read = fgo_read_options_default();
    fgo_graph *g;
    fgoi_system s;
    read.project_information = 1;
    check(fgo_graph_read(path, &read, &g));
    check(whole_system_create(g, &s));
    const size_t n = s.pattern.offset[s.pattern.n];
    double *b = checked(calloc(n + 1, sizeof *b)), *x = checked(calloc(n + 1, sizeof *x));
    candidate *all = checked(calloc(CANDIDATES, sizeof *all));
    for (int i = 0; i < CANDIDATES; i++) {
        memory_refuse_maps(1);
        measure_memory(class_of[i], i == THREADED ? threads : NULL, &all[i].memory, g, &s, b);
        memory_refuse_maps(0);
        measure_memory(class_of[i], i == THREADED ? threads : NULL, &all[i].pages, g, &s, b);
    }
    for (int i = 0; i < CANDIDATES; i++) check(fgoi_linear_create(class_of[i], &all[i].ls));
    all[THREADED].ls->request.threads = threads;
    for (int rep = 0; rep < reps; rep++)
        for (int i = 0; i < CANDIDATES; i++) measure(&all[i], g, &s, b, x, rep);
    report(path, all, reps);
    for (int i = 0; i < CANDIDATES; i++) fgoi_linear_free(all[i].ls);
    free(all), free(b), free(x);
    whole_system_free(&s);
    fgo_graph_free(g);
}

int main(int argc, char **argv)
{
    int reps = 15, first = 1, count = 2;
    for (; first < argc && argv[first][0] == '-'; first++) {
        if (!strcmp(argv[first], "--reps") && first + 1 < argc)
            reps = atoi(argv[++first]);
        else if (!strcmp(argv[first], "--threads") && first + 1 < argc)
            count = atoi(argv[++first]);
        else if (!strcmp(argv[first], "--cpu"))
            clock_id = CLOCK_THREAD_CPUTIME_ID;
        else
            return fprintf(stderr, "cholesky: no such option: %s\n", argv[first]), 2;
    }
    if (reps < 1 || reps > LARGEST_REPS) return fprintf(stderr, "cholesky: --reps 1 .. %d\n", LARGEST_REPS), 2;
    printf("kernels: %s; ms: median (least) of %d\n\n", fgoi_cpu_name(fgoi_cpu_level()), reps);
    printf("| graph | CHOLMOD factor | block factor | ratio | GFLOP/s | analyze | ratio | solve | ratio | MB of L | "
           "residuals | %d threads | CHOLMOD MB at most | block | in pages |\n"
           "| --- | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |\n",
           count);
    fgoi_threads *threads = count > 1 ? fgoi_threads_create(count) : NULL;
    for (int i = first; i < argc; i++) bench(argv[i], reps, threads);
    fgoi_threads_free(threads);
    return 0;
}
