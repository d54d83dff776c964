/* SPDX-License-Identifier: BSD-3-Clause */
/* seed.c -- the benchmarks of SwiftFusion (borglab/SwiftFusion on GitHub), run with fgopt.
 *
 *     seed [--repeat N] INTEL SPHERE2500
 *     cc -O3 -Iinclude -Ibuild/include bench/seed.c build/libfgopt.a \
 *         -lcholmod -lamd -lmetis -llapacke -lopenblas -lm -pthread -o seed
 *
 * Their rows (Sources/SwiftFusionBenchmarks/Pose2SLAM.swift and Pose3SLAM.swift of borglab/SwiftFusion): unit weights,
 * a unit prior at the origin on pose 0, the file's estimate, steps and CGLS iterations fixed in number, one thread.
 * Theirs has no preconditioner and damps by lambda I. Times are from the loaded graph to the last step, in one process,
 * repetitions of the rows interleaved; the median and the range are printed. */
#include <fgopt/fgopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { MOST = 100 };

typedef struct {
    const char *name;
    int file; /* 0: INTEL, 1: SPHERE2500 */
    fgo_init init;
    const char *options[12][2]; /* none: the initialization is what is timed */
    double time_s[MOST];
    fgo_summary summary;
} row;

#define FIXED                                                                                                                    \
    { "cost-tolerance", "0" }, { "step-tolerance", "0" }, { "gradient-tolerance", "0" }
#define CGLS(COUNT, PRECONDITIONER)                                                                                              \
    { "linear-solver", "cgls" }, { "cgls-iterations", COUNT }, { "cgls-tolerance", "0" },                                        \
    {                                                                                                                            \
        "cgls-preconditioner", PRECONDITIONER                                                                                    \
    }

static row rows[] = {
    { .name = "INTEL, 10 Gauss-Newton steps of 500 CGLS iterations",
      .options = { FIXED, { "method", "gn" }, { "max-iterations", "10" }, CGLS("500", "none") } },
    { .name = "- with block-Jacobi",
      .options = { FIXED, { "method", "gn" }, { "max-iterations", "10" }, CGLS("500", "block-jacobi") } },
    { .name = "- with CHOLMOD, until converged", .options = { { "method", "gn" }, { "linear-solver", "cholmod" } } },
    { .name = "sphere2500, 30 LM steps of 200 CGLS iterations",
      .file = 1,
      .options = { FIXED, { "max-iterations", "30" }, { "diagonal-scaling", "0" }, CGLS("200", "none") } },
    { .name = "- with block-Jacobi",
      .file = 1,
      .options = { FIXED, { "max-iterations", "30" }, { "diagonal-scaling", "0" }, CGLS("200", "block-jacobi") } },
    { .name = "- with CHOLMOD, until converged", .file = 1, .options = { { "linear-solver", "cholmod" } } },
    { .name = "sphere2500, chordal initialization", .file = 1, .init = FGO_INIT_CHORDAL },
    { .name = "- then 30 LM steps of 200 CGLS iterations",
      .file = 1,
      .init = FGO_INIT_CHORDAL,
      .options = { FIXED, { "max-iterations", "30" }, { "diagonal-scaling", "0" }, CGLS("200", "none") } },
};
enum { ROWS = sizeof rows / sizeof *rows };

static void check(fgo_status status)
{
    if (!status) return;
    fprintf(stderr, "seed: %s\n", fgo_last_message());
    exit(1);
}

static double now_s(void)
{
    struct timespec t;
    timespec_get(&t, TIME_UTC);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

/* The file with unit weights and a unit prior on pose 0. */
static fgo_graph *load(const char *path, int space)
{
    fgo_graph *g;
    const double origin[7] = { 0, 0, !space, 0, 0, 0, space };
    check(fgo_graph_read(path, NULL, &g));
    for (size_t f = 0; f < fgo_graph_factor_count(g); f++) check(fgo_graph_set_noise(g, f, fgo_noise_unit()));
    check(fgo_graph_add_factor(g, space ? &fgo_prior_se3 : &fgo_prior_se2, (int64_t[]){ 0 }, origin, fgo_noise_unit(),
                               fgo_loss_none()));
    return g;
}

static void run(row *w, const char *path, int repetition)
{
    fgo_graph *g = load(path, w->file);
    fgo_options o = fgo_options_default();
    for (size_t i = 0; w->options[i][0]; i++) check(fgo_option_set(&o, w->options[i][0], w->options[i][1]));
    double since = now_s();
    if (w->init) check(fgo_initialize(g, w->init, NULL));
    if (w->init && w->options[0][0]) since = now_s(); /* timed in a row of its own */
    if (w->options[0][0]) {
        check(fgo_solve(g, &o, &w->summary));
    } else {
        w->time_s[repetition] = now_s() - since;
        check(fgo_graph_cost(g, &w->summary.cost_final));
    }
    if (w->options[0][0]) w->time_s[repetition] = now_s() - since;
    fgo_graph_free(g);
}

static int by_size(const void *a, const void *b)
{
    double x, y;
    memcpy(&x, a, sizeof x);
    memcpy(&y, b, sizeof y);
    return (x > y) - (x < y);
}

static void print(row *w, int repeat)
{
    qsort(w->time_s, (size_t)repeat, sizeof *w->time_s, by_size);
    const double *t = w->time_s, median = repeat % 2 ? t[repeat / 2] : 0.5 * (t[repeat / 2 - 1] + t[repeat / 2]);
    printf("| %-51s | %8.1f | %8.1f .. %8.1f | %5d | %10zu | %12.6f |\n", w->name, 1e3 * median, 1e3 * t[0], 1e3 * t[repeat - 1],
           w->summary.iterations, w->summary.linear_iterations, w->summary.cost_final);
}

static const char caption[] =
    "\nSwiftFusion's own figures, on its authors' machines of 2020: INTEL, 10 Gauss-Newton steps of 500 CGLS "
    "iterations\n"
    "4477 ms (ProfFan) and 1800 ms (marcrasi), and GTSAM \"configured to do a similar thing\" 4100 ms\n"
    "(github.com/borglab/SwiftFusion/pull/79, 2020-06-11); its INTEL file is another extract of the recording, which\n"
    "goes from chi2 73565.64 to 0.987 with unit weights. sphere2500, 30 Gauss-Newton steps with CGLS: 185 s on an "
    "i7-8700K at\n"
    "4.7 GHz (github.com/borglab/SwiftFusion/pull/85, 2020-06-15). For chordal initialization it published no time\n"
    "in text.\n";

int main(int argc, char **argv)
{
    int repeat = 5, i = 1;
    if (argc > 3 && !strcmp(argv[1], "--repeat")) repeat = atoi(argv[2]), i = 3;
    if (argc - i != 2 || repeat < 1 || repeat > MOST) {
        fprintf(stderr, "usage: seed [--repeat N] INTEL SPHERE2500\n");
        return 2;
    }
    for (int r = 0; r < repeat; r++)
        for (int k = 0; k < ROWS; k++) run(&rows[k], argv[i + rows[k].file], r);
    printf("| unit weights | ms, median of %d | range | steps | CG iterations | chi2 at the end |\n", repeat);
    printf("| --- | ---: | ---: | ---: | ---: | ---: |\n");
    for (int k = 0; k < ROWS; k++) print(&rows[k], repeat);
    fputs(caption, stdout);
    return 0;
}
