/* SPDX-License-Identifier: BSD-3-Clause */
/* report.c -- the command that lists every edge with its residual, as CSV (RFC 4180). */
#include "commands.h"
#include "shell/output_file.h"
#include <inttypes.h>
#include <math.h>
#include <stdlib.h>

enum { FEWEST_IDS = 2, FEWEST_ROWS = 6 };

typedef struct report_target {
    const char *output;
    fgo_loss loss;
    int quick;
    cli_reading reading;
} report_target;

static const cli_option options[] = {
    { "output", 'o', "OUT", "-", NULL, cli_set_string, offsetof(report_target, output), "the CSV file to write" },
    { "loss", 0, CLI_LOSS_ARGUMENT, "none", NULL, cli_set_loss, offsetof(report_target, loss),
      "the loss whose weights are listed" },
    { "quick", 0, NULL, NULL, NULL, cli_set_flag, offsetof(report_target, quick),
      "leave the redundancy out, which takes about the time of three factorizations" },
    CLI_FORMAT_OPTION(report_target),
    CLI_RESIDUAL_OPTION(report_target),
    CLI_WEIGHTS_OPTION(report_target),
    CLI_INFORMATION_OPTION(report_target),
    CLI_EQUIVALENT_OPTION(report_target),
    { 0 },
};

static const char *const examples[] = {
    "fgopt report best.g2o -o edges.csv",
    "residual, chi2, p-value, weight and redundancy of every edge",
    "fgopt report best.g2o | sort -t, -k6 -gr | head",
    "the edges that fit worst",
    "fgopt report best.g2o | sort -t, -k10 -g | head",
    "the edges that nothing else checks: an error in one of them cannot be seen",
    NULL,
};

/* Prints x, or nothing if it is not known (NaN). */
static void print_number(FILE *f, double x)
{
    if (isnan(x))
        fputc(',', f);
    else
        fprintf(f, ",%.17g", x);
}

/* The columns of a graph: as many as its classes need, and no fewer than a pose graph has. */
typedef struct columns {
    int ids, rows;
} columns;

static columns find_columns(const fgo_graph *g)
{
    columns n = { FEWEST_IDS, FEWEST_ROWS };
    for (size_t i = 0; i < fgo_graph_factor_count(g); i++) {
        const fgo_factor_class *c = fgo_graph_factor_class(g, i);
        if (c->arity > n.ids) n.ids = c->arity;
        if (c->rows > n.rows) n.rows = c->rows;
    }
    return n;
}

static void print_header(FILE *f, columns n)
{
    fputs("factor,class", f);
    for (int i = 1; i <= n.ids; i++) fprintf(f, ",id%d", i);
    fputs(",rows,chi2,norm,p,weight,redundancy", f);
    for (int i = 1; i <= n.rows; i++) fprintf(f, ",e%d", i);
    fputc('\n', f);
}

static fgo_status print_factor(FILE *f, const fgo_graph *g, columns n, size_t factor, fgo_loss loss, double redundancy)
{
    const fgo_factor_class *c = fgo_graph_factor_class(g, factor);
    int64_t key[FGO_MAX_ARITY];
    double chi2, e[FGO_MAX_DIMENSION], rho, weight;
    fgo_status status = fgo_graph_factor_keys(g, factor, key);
    if (!status) status = fgo_graph_chi2(g, factor, &chi2);
    if (!status) status = fgo_graph_residual(g, factor, e);
    if (status) return status;
    fgo_loss_evaluate(loss, chi2, &rho, &weight);
    fprintf(f, "%zu,%s", factor, c->name);
    for (int k = 0; k < n.ids; k++) {
        fputc(',', f);
        if (k < c->arity) fprintf(f, "%" PRId64, key[k]);
    }
    fprintf(f, ",%d", c->rows);
    print_number(f, chi2);
    print_number(f, sqrt(chi2));
    print_number(f, fgo_chi2_survival(c->rows, chi2));
    print_number(f, weight);
    print_number(f, redundancy);
    for (int i = 0; i < n.rows; i++) print_number(f, i < c->rows ? e[i] : (double)NAN);
    fputc('\n', f);
    return FGO_OK;
}

/* Returns the redundancy of each factor; NULL, after printing why, if the graph has none. */
static double *find_redundancy(fgo_graph *g, const char *file, const report_target *t, cli_exit *code)
{
    double *redundancy = malloc((fgo_graph_factor_count(g) + 1) * sizeof *redundancy);
    if (!redundancy) {
        *code = cli_fail(CLI_FAILURE, "out of memory");
        return NULL;
    }
    fgo_status status = fgo_graph_set_all_losses(g, t->loss);
    if (!status) status = fgo_graph_redundancy(g, fgo_options_default().threads, redundancy);
    if (!status) return redundancy;
    free(redundancy);
    if (status == FGO_ERROR_SINGULAR)
        fprintf(stderr, "%s: warning: the redundancy is left out: %s; fgopt check says more\n", file, fgo_last_message());
    else
        *code = cli_fail_status(status, CLI_UNSOLVABLE);
    return NULL;
}

static cli_exit print_all(fgo_graph *g, const report_target *t, const double *redundancy)
{
    cli_output out;
    cli_exit code = cli_output_open(&out, t->output);
    if (code) return code;
    fgo_status status = FGO_OK;
    const columns n = find_columns(g);
    print_header(out.file, n);
    for (size_t i = 0; i < fgo_graph_factor_count(g) && !status; i++)
        status = print_factor(out.file, g, n, i, t->loss, redundancy ? redundancy[i] : (double)NAN);
    if (!status) return cli_output_close(&out);
    cli_output_discard(&out);
    return cli_fail_status(status, CLI_UNSOLVABLE);
}

static cli_exit run(const cli_arguments *arguments, void *target)
{
    const report_target *t = target;
    fgo_graph *g = NULL;
    double *redundancy = NULL;
    if (cli_same_file(t->output, arguments->operand[0]))
        return cli_usage(&cli_report, "--output would overwrite %s, which is to be read", t->output);
    cli_exit code = cli_read_graph(arguments->operand[0], &t->reading, &g);
    if (!code && !t->quick) redundancy = find_redundancy(g, cli_file_name(arguments->operand[0]), t, &code);
    if (!code) code = print_all(g, t, redundancy);
    free(redundancy);
    fgo_graph_free(g);
    return code;
}

const cli_command cli_report = {
    .name = "report",
    .synopsis = "FILE [-o OUT]",
    .summary = "list every edge with its residual as CSV",
    .description = "One line for each edge, at the estimate in the file and in its order: number, class, ids, rows of the "
                   "residual, "
                   "chi2 = e' Omega e, its root (the whitened norm), the probability of a chi2 at least as large (degrees of "
                   "freedom: "
                   "the rows), the weight that the loss gives it, the redundancy, and the residual e in metres and radians, or "
                   "half angles "
                   "(--residual).\n\n"
                   "The redundancy, rows - trace(Omega J Sigma J'), says how far the other edges check this one (W. Foerstner "
                   "1979): from 0, "
                   "an error in it cannot be seen, to its rows. Over all edges it adds up to the rows minus the free degrees of "
                   "freedom. It is empty if the graph is singular.",
    .examples = examples,
    .options = options,
    .min_operands = 1,
    .max_operands = 1,
    .target_size = sizeof(report_target),
    .run = run,
};
