/* SPDX-License-Identifier: BSD-3-Clause */
/* floor.c -- an iteration of fgopt against the floor, what CHOLMOD alone needs for the same matrix.
 *
 *     floor [--repeat N] [--solver NAME] FILE...
 *
 * Per repetition, one after the other in one process: an iteration of fgopt at the file's estimate (linearize, factorize, solve,
 * evaluate a trial), then factorize + solve by CHOLMOD as a careful user would call it on the scalar matrix H (AMD ordering of
 * its own, simplicial and supernodal, OpenMP and BLAS threads off). Ratios are formed within a repetition, against the kind of
 * CHOLMOD that is faster by median; medians over repetitions are printed, in milliseconds. One thread. */
#include "base/host_threads.h"
#include "graph/graph_private.h"
#include "memory.h"
#include "optimize/minimize.h"
#include "whole_system.h"
#include <cholmod.h>
#include <fgopt/fgopt.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MOST = 200 };

/* ---- a linear solver that only lays H out as a plain scalar matrix in natural order, lower triangle ---- */

static cholmod_common common;
static cholmod_sparse *A;

static void lay_out(const fgoi_pattern *p, fgoi_slot *slot)
{
    size_t nonzeros = 0, at = 0;
    for (int j = 0; j < p->n; j++)
        for (size_t k = p->start[j]; k < p->start[j + 1]; k++) nonzeros += (size_t)(p->dim[p->row[k]] * p->dim[j]);
    const size_t n = p->offset[p->n];
    A = cholmod_allocate_sparse(n, n, nonzeros, 1, 1, -1, CHOLMOD_REAL, &common);
    int *Ap = A->p, *Ai = A->i;
    for (int j = 0; j < p->n; j++) {
        size_t height = 0, first = at;
        for (size_t k = p->start[j]; k < p->start[j + 1]; k++) height += (size_t)p->dim[p->row[k]];
        for (int c = 0; c < p->dim[j]; c++) {
            Ap[p->offset[j] + (size_t)c] = (int)at;
            for (size_t k = p->start[j]; k < p->start[j + 1]; k++)
                for (int r = 0; r < p->dim[p->row[k]]; r++) Ai[at++] = (int)p->offset[p->row[k]] + r;
        }
        for (size_t k = p->start[j]; k < p->start[j + 1]; k++) {
            slot[k] = (fgoi_slot){ first, (int32_t)height, 0 };
            first += (size_t)p->dim[p->row[k]];
        }
    }
    Ap[n] = (int)at;
}

/* ---- times ---- */

static double median(const double *values, int n)
{
    double v[MOST];
    memcpy(v, values, (size_t)n * sizeof *v);
    for (int i = 1; i < n; i++)
        for (int j = i; j > 0 && v[j] < v[j - 1]; j--) {
            const double t = v[j];
            v[j] = v[j - 1], v[j - 1] = t;
        }
    return n % 2 ? v[n / 2] : 0.5 * (v[n / 2 - 1] + v[n / 2]);
}

static void fail(const char *what)
{
    fprintf(stderr, "floor: %s\n", what);
    exit(1);
}

/* factorize + solve by CHOLMOD, seconds. */
static double cholmod_time(cholmod_factor *L, cholmod_dense *b, cholmod_dense **x, cholmod_dense **Y, cholmod_dense **E)
{
    const double since = fgoi_now_s();
    const fgoi_host_threads before = fgoi_host_threads_quiet();
    const int ok = cholmod_factorize(A, L, &common) && cholmod_solve2(CHOLMOD_A, L, b, NULL, x, NULL, Y, E, &common);
    fgoi_host_threads_restore(before);
    if (!ok || common.status) fail("CHOLMOD failed");
    return fgoi_now_s() - since;
}

/* One iteration of fgopt from the file's estimate: its parts, seconds. */
static void fgopt_time(fgo_graph *g, const fgo_options *o, const double *start, double part[4])
{
    fgo_solver *s;
    fgo_iteration records[2];
    fgo_options options = *o;
    fgo_summary summary;
    options.max_iterations = 1;
    options.records = records;
    options.record_capacity = 2;
    memcpy(g->x, start, g->x_size * sizeof *start);
    if (fgo_solver_create(g, &options, &s) || fgo_solver_solve(s, &summary)) fail(fgo_last_message());
    memcpy(g->x, start, g->x_size * sizeof *start); /* a second time with warm memory: that is what counts */
    if (fgo_solver_solve(s, &summary)) fail(fgo_last_message());
    part[0] = records[0].time_linearize_s;
    part[1] = records[1].time_factorize_s;
    part[2] = records[1].time_solve_s;
    part[3] = records[1].time_evaluate_s;
    fgo_solver_free(s);
}

static void measure(const char *path, const fgo_options *o, int repeat)
{
    fgo_graph *g;
    fgoi_system s;
    double part[5][MOST], kind[2][MOST], ratio[2][MOST];
    if (fgo_graph_read(path, NULL, &g) || whole_system_create(g, &s)) fail(fgo_last_message());
    double *start = malloc(g->x_size * sizeof *start);
    memcpy(start, g->x, g->x_size * sizeof *start);
    lay_out(&s.pattern, s.slot);
    const size_t n = s.pattern.offset[s.pattern.n];
    cholmod_dense *b = cholmod_allocate_dense(n, 1, n, CHOLMOD_REAL, &common), *x = NULL, *Y = NULL, *E = NULL;
    fgoi_system_linearize(&s, NULL, g->x, A->x, b->x);
    cholmod_factor *L[2];
    for (int k = 0; k < 2; k++) {
        common.supernodal = k ? CHOLMOD_SUPERNODAL : CHOLMOD_SIMPLICIAL;
        L[k] = cholmod_analyze(A, &common);
        cholmod_time(L[k], b, &x, &Y, &E);
    }
    for (int r = 0; r < repeat; r++) {
        double p[4];
        fgopt_time(g, o, start, p);
        part[4][r] = 0.0;
        for (int i = 0; i < 4; i++) part[i][r] = p[i], part[4][r] += p[i];
        for (int k = 0; k < 2; k++) kind[k][r] = cholmod_time(L[k], b, &x, &Y, &E), ratio[k][r] = part[4][r] / kind[k][r];
    }
    const int best = median(kind[1], repeat) < median(kind[0], repeat);
    const char *name = strrchr(path, '/') ? strrchr(path, '/') + 1 : path;
    printf("| %.*s | %.2f, %.2f | %.2f / %.2f / %.2f / %.2f | %.2f | %.2f |\n", (int)strcspn(name, "."), name,
           1e3 * median(kind[0], repeat), 1e3 * median(kind[1], repeat), 1e3 * median(part[0], repeat),
           1e3 * median(part[1], repeat), 1e3 * median(part[2], repeat), 1e3 * median(part[3], repeat),
           1e3 * median(part[4], repeat), median(ratio[best], repeat));
    fflush(stdout);
    for (int k = 0; k < 2; k++) cholmod_free_factor(&L[k], &common);
    cholmod_free_dense(&b, &common), cholmod_free_dense(&x, &common), cholmod_free_dense(&Y, &common),
        cholmod_free_dense(&E, &common);
    cholmod_free_sparse(&A, &common);
    whole_system_free(&s);
    free(start);
    fgo_graph_free(g);
}

int main(int argc, char **argv)
{
    int repeat = 21, i = 1;
    fgo_options o = fgo_options_default();
    o.method = FGO_METHOD_GN;
    for (; i + 1 < argc && argv[i][0] == '-'; i += 2) {
        if (!strcmp(argv[i], "--repeat"))
            repeat = atoi(argv[i + 1]);
        else if (strcmp(argv[i], "--solver") || fgo_option_set(&o, "linear-solver", argv[i + 1]))
            fail("usage: floor [--repeat N] [--solver NAME] FILE...");
    }
    if (repeat < 1 || repeat > MOST || i == argc) fail("usage: floor [--repeat N] [--solver NAME] FILE...");
    cholmod_start(&common);
    common.quick_return_if_not_posdef = 1;
    printf("| milliseconds | CHOLMOD alone: simplicial, supernodal | fgopt: linearize / factorize / solve / evaluate | "
           "iteration | ratio |\n| --- | --- | --- | --- | --- |\n");
    for (; i < argc; i++) measure(argv[i], &o, repeat);
    cholmod_finish(&common);
    return 0;
}
