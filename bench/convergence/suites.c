/* SPDX-License-Identifier: BSD-3-Clause */
/* suites.c -- optimizes the problems of NIST StRD and of More, Garbow and Hillstrom from all their starts, and prints how far from
 * the known answers that ends.
 *
 *     FGOPT_DATASETS=DIR build/release/bench/suites [--suite nist|mgh] [--tolerances default|tight] [--OPTION VALUE ...]
 *
 * DIR/nist has the files of NIST; those that are not there are named. OPTION is any option of the solver, such as method. */
#include "score.h"
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef struct totals {
    int runs, verdict[VERDICT_COUNT];
    int four_digits; /* MGH: of the cost, which is the measure of Ceres' program */
    int deviations;  /* NIST: four digits of every standard deviation */
    int falsely;     /* said to have converged, and not solved */
    int failed;      /* said to have failed, and solved */
    long iterations;
} totals;

static const char *const short_name[] = { "-",    "cost",     "step",     "gradient", "iterations",
                                          "time", "callback", "singular", "no cost",  "diverged" };

/* Prints a number of digits in a column of its own, or a dash. */
static void print_digits(double digits)
{
    if (isnan(digits))
        printf(" %5s", "-");
    else
        printf(" %5.1f", fmax(digits, -9.9));
}

static void count(const score *s, const fgo_summary *summary, totals *t)
{
    t->runs++;
    t->verdict[s->verdict]++;
    t->four_digits += s->excess <= 1e-4;
    t->deviations += s->deviation >= 4.0;
    t->falsely += fgo_termination_class(summary->termination) > 0 && s->verdict != VERDICT_SOLVED;
    t->failed += fgo_termination_class(summary->termination) < 0 && s->verdict == VERDICT_SOLVED;
    t->iterations += summary->iterations;
}

/* Optimizes problem p from one start and prints a row. Returns 0, or 1 after an error. */
static int run(const problem *p, int start, const fgo_options *options, totals *t)
{
    fgo_graph *g;
    fgo_summary summary;
    score s;
    if (problem_graph(p, p->start[start], &g) || fgo_solve(g, options, &summary)) {
        fprintf(stderr, "%s: %s\n", p->name, fgo_last_message());
        return 1;
    }
    score_answer(p, g, summary.termination, &s);
    fgo_graph_free(g);
    printf("%-22s %d %5d %-10s %17.10e %17.10e %9.1e", p->name, start + 1, summary.iterations, short_name[summary.termination],
           s.cost, p->best, s.excess);
    print_digits(s.digits);
    print_digits(s.deviation);
    printf(" %8.1e %-7s%s\n", s.slope, verdict_name(s.verdict), summary.gauge_held ? " held by the gauge rule" : "");
    count(&s, &summary, t);
    return 0;
}

static int run_all_starts(const problem *p, const fgo_options *options, totals *t)
{
    for (int start = 0; start < p->starts; start++)
        if (run(p, start, options, t)) return 1;
    return 0;
}

static void print_head(const char *suite)
{
    printf("%s\n%-22s s %5s %-10s %17s %17s %9s %5s %5s %8s %s\n", suite, "problem", "iter", "ended", "cost", "best", "excess",
           "LRE", "sd", "slope", "verdict");
}

static void print_totals(const totals *t, const char *also, int number)
{
    printf("%d runs:", t->runs);
    for (int v = 0; v < VERDICT_COUNT; v++) printf(" %d %s,", t->verdict[v], verdict_name((verdict)v));
    printf(" %d %s; %d said converged and are not solved, %d failed and are; %ld iterations\n\n", number, also, t->falsely,
           t->failed, t->iterations);
}

static int run_nist(const fgo_options *options)
{
    const char *datasets = getenv("FGOPT_DATASETS");
    char folder[512], missing[512] = "";
    totals t = { 0 };
    if (!datasets) {
        fprintf(stderr, "FGOPT_DATASETS, the folder of the data sets, is not set: no file of NIST\n");
        return 1;
    }
    snprintf(folder, sizeof folder, "%s/nist", datasets);
    print_head("NIST StRD");
    for (int i = 0; i < nist_count(); i++) {
        problem p;
        const int read = nist_read(folder, i, &p);
        if (read < 0) fprintf(stderr, "%s/%s.dat is not what is expected\n", folder, nist_name(i));
        if (read < 0 || (read == 0 && run_all_starts(&p, options, &t))) return 1;
        const size_t used = strlen(missing);
        if (read > 0) snprintf(missing + used, sizeof missing - used, " %s", nist_name(i));
    }
    print_totals(&t, "with four digits of the standard deviations", t.deviations);
    if (missing[0]) printf("No file:%s\n\n", missing);
    if (t.runs == 0) fprintf(stderr, "%s has no file of the suite\n", folder);
    return t.runs == 0;
}

static int run_mgh(const fgo_options *options)
{
    totals t = { 0 };
    print_head("More, Garbow and Hillstrom");
    for (int i = 0; i < mgh_count(); i++) {
        problem p;
        mgh_fill(i, &p);
        if (run_all_starts(&p, options, &t)) return 1;
    }
    print_totals(&t, "within 1e-4 of the best cost", t.four_digits);
    return 0;
}

/* Sets what NIST's and MGH's answers to all their digits need. */
static void tighten(fgo_options *o)
{
    o->cost_tolerance = o->step_tolerance = o->gradient_tolerance = 1e-18;
    o->max_iterations = 1000;
}

/* Takes one option and its value. Returns 0, or 1 if there is no such option. */
static int set(const char *name, const char *value, fgo_options *o, const char **suite)
{
    if (strcmp(name, "suite") == 0) {
        *suite = value;
        return strcmp(value, "nist") != 0 && strcmp(value, "mgh") != 0;
    }
    if (strcmp(name, "tolerances") == 0) {
        if (strcmp(value, "tight") == 0) tighten(o);
        return strcmp(value, "tight") != 0 && strcmp(value, "default") != 0;
    }
    if (!fgo_option_set(o, name, value)) return 0;
    fprintf(stderr, "%s\n", fgo_last_message());
    return 1;
}

int main(int argc, char **argv)
{
    fgo_options options = fgo_options_default();
    const char *suite = "";
    options.init = FGO_INIT_KEEP;
    for (int i = 1; i < argc; i += 2)
        if (i + 1 == argc || strncmp(argv[i], "--", 2) != 0 || set(argv[i] + 2, argv[i + 1], &options, &suite)) {
            fprintf(stderr, "usage: %s [--suite nist|mgh] [--tolerances default|tight] [--OPTION VALUE ...]\n", argv[0]);
            return 2;
        }
    const int failed = strcmp(suite, "mgh") != 0 && run_nist(&options);
    return (strcmp(suite, "nist") != 0 && run_mgh(&options)) || failed;
}
