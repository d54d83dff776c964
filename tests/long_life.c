/* SPDX-License-Identifier: BSD-3-Clause */
/* long_life.c -- SECONDS: what a robot does for a year, for as long as that: graphs are made, grown, changed, solved in
 * every way, examined, copied, written, read and freed, bad files and unsolvable problems among them, while one graph
 * with its solver lives on through many rounds. Prints resident memory, heap in use, descriptors and threads as it
 * goes. Fails if heap in use at rest, descriptors or threads are not what they were after the first rounds, or if
 * resident memory rises. */
#include "support.h"
#include <dirent.h>
#include <malloc.h>
#include <time.h>
#include <unistd.h>

enum { SAMPLES = 240, WARM_ROUNDS = 40, ALLOWED_HEAP = 4096 };

/* Sizes are random, so that in the first minutes ever larger ones come. */
static double allowed_resident_kb(double seconds) { return seconds < 600.0 ? 8192.0 : 1024.0; }

typedef struct sample {
    double seconds;
    long round, resident_kb, heap_bytes;
    int descriptors, threads;
} sample;

/* ---- what a process has ---- */

static double now_s(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

static int entries_of(const char *folder)
{
    int n = 0;
    DIR *d = opendir(folder);
    assert_non_null(d);
    while (readdir(d)) n++;
    closedir(d);
    return n;
}

static sample take_sample(double start_s, long round)
{
    long pages = 0, resident = 0;
    malloc_trim(0); /* what the C library keeps for later is no growth */
    FILE *f = fopen("/proc/self/statm", "r");
    assert_non_null(f);
    assert_int_equal(fscanf(f, "%ld %ld", &pages, &resident), 2);
    fclose(f);
    const struct mallinfo2 heap = mallinfo2();
    return (sample){ now_s() - start_s,
                     round,
                     resident * (sysconf(_SC_PAGESIZE) / 1024),
                     (long)(heap.uordblks + heap.hblkhd),
                     entries_of("/proc/self/fd"),
                     entries_of("/proc/self/task") };
}

/* ---- a round ---- */

static fgo_graph *random_graph(rng *r)
{
    const int three = rng_below(r, 2);
    const fgo_manifold *m = three ? &fgo_manifold_se3 : &fgo_manifold_se2;
    const fgo_factor_class *c = three ? &fgo_between_se3 : &fgo_between_se2;
    return exact_graph(r, m, c, 10 + rng_below(r, 120), rng_below(r, 120), 0.05, NULL);
}

/* The measurements of some factors become those of others of their class, for a while. */
static void change_measurements(rng *r, fgo_graph *g)
{
    const int n = (int)fgo_graph_factor_count(g);
    for (int i = 0; i < 5; i++) {
        const size_t from = (size_t)rng_below(r, n), to = (size_t)rng_below(r, n);
        double z[16];
        memcpy(z, fgo_graph_factor_measurement(g, from), fgo_graph_factor_class(g, from)->measurement_size);
        assert_ok(fgo_graph_set_measurement(g, to, z));
        assert_ok(fgo_graph_set_loss(g, to, fgo_loss_cauchy(2.0)));
    }
}

/* A new pose beside an old one. */
static void grow(rng *r, fgo_graph *g)
{
    const size_t n = fgo_graph_variable_count(g), near = (size_t)rng_below(r, (int)n);
    const int64_t keys[2] = { fgo_graph_variable_key(g, near), (int64_t)n };
    const size_t f = (size_t)rng_below(r, (int)fgo_graph_factor_count(g));
    const fgo_factor_class *c = fgo_graph_factor_class(g, f);
    double z[16];
    memcpy(z, fgo_graph_factor_measurement(g, f), c->measurement_size);
    assert_ok(fgo_graph_add_variable(g, keys[1], fgo_graph_variable_manifold(g, near), fgo_graph_variable_value(g, near)));
    assert_ok(fgo_graph_add_factor(g, c, keys, z, fgo_noise_sigma(0.1), fgo_loss_none()));
}

static fgo_solver *random_solver(rng *r, fgo_graph *g)
{
    fgo_options o = fgo_options_default();
    fgo_solver *s;
    o.linear_solver = rng_below(r, 5);
    o.method = rng_below(r, 2);
    o.threads = 1 + rng_below(r, 4);
    o.max_iterations = 20;
    assert_ok(fgo_solver_create(g, &o, &s));
    return s;
}

static void live_on(rng *r, fgo_graph **g, fgo_solver **s)
{
    if (!*g) {
        *g = random_graph(r);
        *s = random_solver(r, *g);
    }
    for (int i = 0; i < 3; i++) {
        assert_ok(fgo_solver_solve(*s, NULL));
        change_measurements(r, *g);
    }
    grow(r, *g);
    if (rng_below(r, 20)) return;
    fgo_solver_free(*s);
    fgo_graph_free(*g);
    *g = NULL;
    *s = NULL;
}

static void through_a_file(rng *r, fgo_graph *g)
{
    static const char *const endings[] = { "g2o", "g2o.gz", "g2o.zst" };
    char path[64];
    fgo_graph *back;
    snprintf(path, sizeof path, "/dev/shm/fgopt-soak-%ld.%s", (long)getpid(), endings[rng_below(r, 3)]);
    assert_ok(fgo_graph_write(g, path, FGO_FORMAT_G2O));
    assert_ok(fgo_graph_read(path, NULL, &back));
    assert_int_equal(fgo_graph_factor_count(back), fgo_graph_factor_count(g));
    unlink(path);
    fgo_graph_free(back);
}

static void go_wrong(void)
{
    static const char *const texts[] = { "VERTEX_SE2 0 0 0 x\n", "EDGE_SE2 0 1 1 0 0 1 2 0 1 0 1\n", "" };
    const double huge[3] = { 1e200, 1e200, 1e200 };
    fgo_graph *g = NULL;
    fgo_factor_class prior;
    fgo_options as_it_is = fgo_options_default();
    fgo_summary s;
    as_it_is.init = FGO_INIT_KEEP;
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        assert_true(fgo_graph_read_memory(texts[i], strlen(texts[i]), "bad", NULL, &g) != FGO_OK && !g);
    assert_true(fgo_graph_read("/no/such/file", NULL, &g) == FGO_ERROR_IO);
    assert_ok(fgo_graph_create(&g));
    assert_ok(fgo_prior_rn(3, &prior));
    assert_ok(fgo_graph_add_rn(g, 1, 3, huge));
    assert_true(fgo_graph_add_rn(g, 1, 3, huge) == FGO_ERROR_KEY);
    assert_ok(fgo_graph_add_factor(g, &prior, (int64_t[]){ 1 }, (double[]){ 0, 0, 0 }, fgo_noise_unit(), fgo_loss_none()));
    assert_ok(fgo_solve(g, &as_it_is, &s));
    assert_int_equal(s.termination, FGO_TERMINATION_FAILED_COST);
    fgo_graph_free(g);
}

static void one_round(rng *r)
{
    fgo_graph *g = random_graph(r), *copy;
    fgo_findings *findings;
    fgo_comparison comparison;
    fgo_solver *s = random_solver(r, g);
    assert_ok(fgo_graph_copy(g, &copy));
    assert_ok(fgo_solver_solve(s, NULL));
    fgo_solver_free(s);
    assert_ok(fgo_initialize(copy, (fgo_init)rng_below(r, FGO_INIT_AUTO + 1), NULL));
    assert_ok(fgo_graph_compare(g, copy, NULL, &comparison, NULL));
    assert_ok(fgo_graph_examine(g, FGO_DOCTOR_ALL, 0.01, &findings));
    fgo_findings_free(findings);
    through_a_file(r, g);
    fgo_graph_free(copy);
    fgo_graph_free(g);
    go_wrong();
}

/* ---- the verdict ---- */

static double mean_resident(const sample *s, int from, int to)
{
    double sum = 0.0;
    for (int i = from; i < to; i++) sum += (double)s[i].resident_kb;
    return sum / (to - from);
}

static int judge(const sample *s, int n)
{
    const sample *first = &s[0], *last = &s[n - 1];
    const double early = mean_resident(s, n / 4, n / 2), late = mean_resident(s, 3 * n / 4, n);
    int good = 1;
    for (int i = 0; i < n; i++)
        good = good && s[i].descriptors == first->descriptors && s[i].threads == first->threads &&
               labs(s[i].heap_bytes - first->heap_bytes) <= ALLOWED_HEAP;
    good = good && late - early <= allowed_resident_kb(last->seconds);
    printf("%s: %ld rounds in %.0f s; heap at rest %ld -> %ld bytes; resident %.0f KB in the second quarter, %.0f KB "
           "in the "
           "last\n",
           good ? "no growth" : "GROWTH", last->round, last->seconds, first->heap_bytes, last->heap_bytes, early, late);
    return good;
}

int main(int argc, char **argv)
{
    static sample samples[SAMPLES + 8];
    const double seconds = argc > 1 ? atof(argv[1]) : 0.0;
    if (!(seconds > 0.0)) {
        fprintf(stderr, "usage: %s SECONDS\n", argv[0]);
        return 2;
    }
    rng r = { 2026 };
    fgo_graph *lasting = NULL;
    fgo_solver *solver = NULL;
    int n = 0;
    long round = 0;
    for (; round < WARM_ROUNDS; round++) one_round(&r);
    const double start_s = now_s();
    printf("    seconds      round  resident KB  heap bytes  descriptors  threads\n");
    for (double next_s = 0.0; now_s() - start_s < seconds || lasting || n < 8; round++) {
        one_round(&r);
        live_on(&r, &lasting, &solver);
        if (lasting || now_s() - start_s < next_s || n == SAMPLES + 8) continue; /* at rest, and it is time */
        samples[n] = take_sample(start_s, round);
        const sample *s = &samples[n++];
        printf("%11.1f %10ld %12ld %11ld %12d %8d\n", s->seconds, s->round, s->resident_kb, s->heap_bytes, s->descriptors,
               s->threads);
        fflush(stdout);
        next_s = s->seconds + seconds / SAMPLES;
    }
    return judge(samples, n) ? 0 : 1;
}
