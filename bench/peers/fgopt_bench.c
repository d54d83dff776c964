/* SPDX-License-Identifier: BSD-3-Clause */
/* fgopt_bench.c -- one run of fgopt on one file, timed from the loaded graph to the end: first estimate, symbolic
 * analysis and iterations. Prints one JSON object, whose fields README.md explains.
 *
 *     fgopt_bench FILE [--init NAME] [--residual g2o|log] [--write OUT] [--OPTION VALUE]...
 *
 * --init: a name of fgo_init_name; by default auto if there is one, else file. OPTION: a name of fgo_option_table. */
#define _POSIX_C_SOURCE 200809L
#include <fgopt/fgopt.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { RECORDS = 2000 };

typedef struct settings {
    const char *file, *write, *init_name;
    fgo_init init;
    fgo_read_options read;
    fgo_options options;
} settings;

static double now_s(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

static int find_init(const char *name, fgo_init *out)
{
    const char *known;
    for (int i = 0; (known = fgo_init_name((fgo_init)i)); i++)
        if (!strcmp(known, name)) {
            *out = (fgo_init)i;
            return 1;
        }
    return 0;
}

static int parse(int argc, char **argv, settings *s)
{
    if (argc < 2 || argc % 2) return 0;
    s->file = argv[1];
    s->init_name = find_init("auto", &s->init) ? "auto" : "file";
    for (int i = 2; i < argc; i += 2) {
        const char *name = argv[i], *value = argv[i + 1];
        if (strncmp(name, "--", 2)) return 0;
        name += 2;
        if (!strcmp(name, "write"))
            s->write = value;
        else if (!strcmp(name, "residual"))
            s->read.convention = strcmp(value, "log") ? FGO_CONVENTION_G2O : FGO_CONVENTION_LOG;
        else if (!strcmp(name, "init")) {
            s->init_name = value;
            if (!find_init(value, &s->init)) return fprintf(stderr, "no initialization %s\n", value), 0;
        } else if (fgo_option_set(&s->options, name, value)) {
            return fprintf(stderr, "%s\n", fgo_last_message()), 0;
        }
    }
    return 1;
}

/* Of this program alone: ru_maxrss of getrusage starts at what the process that launched it had. -1 if not known. */
static long peak_memory_kB(void)
{
    long kB = -1;
    char line[128];
    FILE *status = fopen("/proc/self/status", "r");
    while (status && kB < 0 && fgets(line, sizeof line, status))
        if (!strncmp(line, "VmHWM:", 6)) kB = strtol(line + 6, NULL, 10);
    if (status) fclose(status);
    return kB;
}

static void print_number(const char *name, double x)
{
    if (isfinite(x))
        printf("\"%s\": %.17g, ", name, x);
    else
        printf("\"%s\": null, ", name);
}

static void report(const settings *s, const fgo_summary *sum, double load_s, double init_s, double total_s)
{
    /* What the summary's own total does not see (creating and freeing the solver) lies before the first iteration. */
    const double before_s = total_s - sum->time_total_s + sum->time_analyze_s;
    printf("{\"tool\": \"fgopt\", \"version\": \"%s\", \"residual\": \"%s\", \"init\": \"%s\", \"trajectory\": [", fgo_version(),
           fgo_convention_name((fgo_convention)s->read.convention), s->init_name);
    for (int i = 0; i < sum->records; i++) {
        const fgo_iteration *it = &s->options.records[i];
        if (isfinite(it->cost)) printf("%s[%.9g, %.17g]", i ? ", " : "", before_s + it->time_s, it->cost);
    }
    printf("], \"iterations\": %d, ", sum->iterations);
    print_number("load_s", load_s);
    print_number("initialize_s", init_s);
    print_number("analyze_s", sum->time_analyze_s);
    print_number("linearize_s", sum->time_linearize_s);
    print_number("factorize_s", sum->time_factorize_s + sum->time_solve_s);
    print_number("rest_s",
                 sum->time_total_s - sum->time_analyze_s - sum->time_linearize_s - sum->time_factorize_s - sum->time_solve_s);
    print_number("total_s", total_s);
    print_number("chi2_final", sum->cost_final);
    printf("\"factorization\": \"%s\", \"termination\": \"%s\", \"poses\": %zu, \"edges\": %zu, \"peak_memory_kB\": "
           "%ld}\n",
           sum->factorization, fgo_termination_text(sum->termination), sum->variables, sum->factors, peak_memory_kB());
}

int main(int argc, char **argv)
{
    static fgo_iteration records[RECORDS];
    settings s = { .read = fgo_read_options_default(), .options = fgo_options_default() };
    s.options.records = records;
    s.options.record_capacity = RECORDS;
    if (!parse(argc, argv, &s)) {
        fprintf(stderr, "usage: fgopt_bench FILE [--init NAME] [--residual g2o|log] [--write OUT] [--OPTION VALUE]...\n");
        return 2;
    }
    fgo_graph *g = NULL;
    fgo_summary summary = { 0 };
    const double start = now_s();
    fgo_status status = fgo_graph_read(s.file, &s.read, &g);
    const double loaded = now_s();
    if (!status) status = fgo_initialize_with(g, s.init, s.options.threads, NULL);
    const double initialized = now_s();
    if (!status) status = fgo_solve(g, &s.options, &summary);
    const double end = now_s();
    if (!status) report(&s, &summary, loaded - start, initialized - loaded, end - loaded);
    if (!status && s.write) status = fgo_graph_write(g, s.write, FGO_FORMAT_G2O);
    if (status) fprintf(stderr, "fgopt_bench: %s\n", fgo_last_message());
    fgo_graph_free(g);
    return status ? 1 : 0;
}
