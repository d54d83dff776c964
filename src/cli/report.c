/* SPDX-License-Identifier: BSD-3-Clause */
/* report.c -- the command that lists every edge with its residual, as CSV (RFC 4180). */
#include "output.h"
#include <inttypes.h>
#include <math.h>

enum { MOST_ROWS = 6 };

typedef struct report_target {
    const char *output;
    fgo_loss loss;
    cli_reading reading;
} report_target;

static const cli_option options[] = {
    { "output", 'o', "OUT", "-", NULL, cli_set_string, offsetof(report_target, output), "the CSV file to write" },
    { "loss", 0, "NAME[:WIDTH]", "none", NULL, cli_set_loss, offsetof(report_target, loss),
      "the loss whose weights are listed: none, huber, cauchy, geman-mcclure, tukey, welsch" },
    CLI_RESIDUAL_OPTION(report_target),
    CLI_INFORMATION_OPTION(report_target),
    CLI_EQUIVALENT_OPTION(report_target),
    { 0 },
};

static const char *const examples[] = {
    "fgopt report best.g2o -o edges.csv",
    "residual, chi2, p-value and weight of every edge",
    "fgopt report best.g2o | sort -t, -k6 -gr | head",
    "the edges that fit worst",
    NULL,
};

static void print_number(FILE *f, double x) { fprintf(f, ",%.17g", x); }

static fgo_status print_factor(FILE *f, fgo_graph *g, size_t factor, fgo_loss loss)
{
    const fgo_factor_class *c = fgo_graph_factor_class(g, factor);
    int64_t key[FGO_MAX_ARITY];
    double chi2, e[MOST_ROWS], rho, weight;
    fgo_status status = fgo_graph_factor_keys(g, factor, key);
    if (!status) status = fgo_graph_chi2(g, factor, &chi2);
    if (!status) status = fgo_graph_residual(g, factor, e); /* no class of a file has more rows */
    if (status) return status;
    fgo_loss_evaluate(loss, chi2, &rho, &weight);
    fprintf(f, "%zu,%s,%" PRId64 ",", factor, c->name, key[0]);
    if (c->arity > 1) fprintf(f, "%" PRId64, key[1]);
    fprintf(f, ",%d", c->rows);
    print_number(f, chi2);
    print_number(f, sqrt(chi2));
    print_number(f, fgo_chi2_survival(c->rows, chi2));
    print_number(f, weight);
    for (int i = 0; i < MOST_ROWS; i++)
        if (i < c->rows)
            print_number(f, e[i]);
        else
            fputc(',', f);
    fputc('\n', f);
    return FGO_OK;
}

static cli_exit run(const cli_arguments *arguments, void *target)
{
    const report_target *t = target;
    fgo_graph *g = NULL;
    cli_output out;
    cli_exit code = cli_read_graph(arguments->operand[0], &t->reading, &g);
    if (code) return code;
    code = cli_output_open(&out, t->output);
    if (!code) {
        fgo_status status = FGO_OK;
        fputs("factor,class,id1,id2,rows,chi2,norm,p,weight,e1,e2,e3,e4,e5,e6\n", out.file);
        for (size_t i = 0; i < fgo_graph_factor_count(g) && !status; i++) status = print_factor(out.file, g, i, t->loss);
        if (status) {
            code = cli_fail_status(status, CLI_UNSOLVABLE);
            cli_output_discard(&out);
        } else
            code = cli_output_close(&out);
    }
    fgo_graph_free(g);
    return code;
}

const cli_command cli_report = {
    .name = "report",
    .synopsis = "FILE [-o OUT]",
    .summary = "list every edge with its residual as CSV",
    .description =
        "One line for each edge, at the estimate in the file and in its order: number, class, ids, rows of the residual, "
        "chi2 = e' Omega e, its root (the whitened norm), the probability of a chi2 at least as large (degrees of freedom: "
        "the rows), the weight that the loss gives it, and the residual e in metres and radians, or half angles "
        "(--residual).",
    .examples = examples,
    .options = options,
    .min_operands = 1,
    .max_operands = 1,
    .target_size = sizeof(report_target),
    .run = run,
};
