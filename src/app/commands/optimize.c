/* SPDX-License-Identifier: BSD-3-Clause */
/* optimize.c -- the command that finds the optimum. */
#include "optimize.h"
#include "check.h"
#include "commands.h"
#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

static const cli_option options[] = {
    { "output", 'o', "OUT", NULL, NULL, cli_set_string, offsetof(optimize_target, output),
      "write the graph with its new estimates here; without it no graph is written" },
    CLI_RESIDUAL_OPTION(optimize_target),
    CLI_FORMAT_OPTION(optimize_target),
    CLI_WEIGHTS_OPTION(optimize_target),
    CLI_INFORMATION_OPTION(optimize_target),
    CLI_EQUIVALENT_OPTION(optimize_target),
    CLI_LOSS_OPTION(optimize_target, loss),
    { "fix", 0, "ID", NULL, NULL, cli_set_keys, offsetof(optimize_target, fix),
      "hold this variable at its first estimate; may be given several times" },
    { "json", 0, "FILE", NULL, NULL, cli_set_string, offsetof(optimize_target, json),
      "write everything that is known of the run here, as one JSON object" },
    { "quiet", 'q', NULL, NULL, NULL, cli_set_flag, offsetof(optimize_target, quiet), "print warnings and errors only" },
    { 0 },
};

static const char *const examples[] = {
    "fgopt sphere2500.g2o -o best.g2o",
    "Levenberg-Marquardt from the estimate in the file",
    "fgopt optimize city.g2o --method gn --init odometry -o best.g2o",
    "Gauss-Newton from an estimate along the odometry",
    "fgopt optimize noisy.g2o --loss cauchy --fix 0 --json report.json -o best.g2o",
    "wrong loop closures lose their pull, pose 0 stays, a report for programs",
    "fgopt optimize - -o - < in.g2o > out.g2o",
    "as a filter; the summary goes to standard error",
    NULL,
};

static int is_standard(const char *path) { return path && cli_is_standard(path); }

/* Returns chi2 at the current values, without losses: what the cost would be if no factor had a loss. */
static double plain_chi2(fgo_graph *g)
{
    double sum = 0.0, chi2;
    for (size_t f = 0; f < fgo_graph_factor_count(g); f++) {
        if (fgo_graph_chi2(g, f, &chi2)) return (double)NAN;
        sum += chi2;
    }
    return sum;
}

static cli_exit fix_variables(const optimize_run *run, fgo_graph *g)
{
    const cli_keys *fix = &run->target->fix;
    for (size_t i = 0; i < fix->count; i++)
        if (fgo_graph_hold(g, fix->key[i]))
            return cli_usage(&cli_optimize, "--fix: %s has no variable %" PRId64, run->file, fix->key[i]);
    return CLI_OK;
}

static cli_exit read_problem(optimize_run *run, const char *path, fgo_graph **g)
{
    const optimize_target *t = run->target;
    fgo_file_report report;
    double start_s = cli_now_s();
    cli_exit code = cli_read_graph(path, &t->reading, g);
    run->time_read_s = cli_now_s() - start_s;
    if (code) return code;
    run->edges_only = !fgo_graph_file_report(*g, &report) && report.edges_only;
    if (fgo_graph_set_all_losses(*g, t->loss)) return cli_fail(CLI_FAILURE, "%s", fgo_last_message());
    return fix_variables(run, *g);
}

static cli_exit initialize(optimize_run *run, fgo_graph *g)
{
    if (run->target->loss.loss_class != &fgo_loss_class_none) run->chi2_initial = plain_chi2(g);
    fgo_status status = fgo_initialize_with(g, (fgo_init)run->target->solver.init, run->target->solver.threads, &run->init);
    if (!status && run->target->loss.loss_class == &fgo_loss_class_none) run->chi2_initial = run->init.cost[FGO_INIT_KEEP];
    if (run->edges_only && run->init.chosen == FGO_INIT_KEEP) run->init.chosen = FGO_INIT_ODOMETRY;
    if (status) return cli_fail_status(status, CLI_UNSOLVABLE);
    return CLI_OK;
}

/* Returns the exit code that says how the optimization ended. */
static cli_exit judge(const optimize_run *run)
{
    const fgo_summary *s = &run->summary;
    if (run->out_of_memory) return cli_fail(CLI_FAILURE, "out of memory");
    if (s->termination == FGO_TERMINATION_STOPPED_CALLBACK) return CLI_INTERRUPTED;
    int class = fgo_termination_class(s->termination);
    if (class >= 0) return class == 1 ? CLI_OK : CLI_STOPPED;
    return cli_fail(CLI_UNSOLVABLE, "%s: cannot be solved: %s", run->file,
                    s->message[0] ? s->message : fgo_termination_text(s->termination));
}

static cli_exit solve(optimize_run *run, fgo_graph *g)
{
    fgo_options o = run->target->solver;
    o.callback = optimize_after_iteration;
    o.callback_user = run;
    fgo_solver *solver = NULL;
    double start_s = cli_now_s(), create_s = 0.0, header_s = 0.0;
    int robust = run->target->loss.loss_class != &fgo_loss_class_none;
    fgo_status status = fgo_solver_create(g, &o, &solver);
    cli_exit code = status ? cli_fail_status(status, CLI_UNSOLVABLE) : CLI_OK;
    if (!code) {
        create_s = cli_now_s() - start_s;
        header_s = cli_now_s();
        code = optimize_print_header(run, g, solver);
        header_s = cli_now_s() - header_s;
    }
    if (!code) {
        status = fgo_solver_solve(solver, &run->summary);
        code = status ? cli_fail_status(status, CLI_UNSOLVABLE) : judge(run);
        if (!status && run->summary.termination == FGO_TERMINATION_FAILED_SINGULAR) check_explain(run->file, g);
        run->summary.time_analyze_s += create_s; /* the analysis happens there; a solve counts only a later one */
        run->chi2_final = robust ? plain_chi2(g) : run->summary.cost_final;
        run->time_optimize_s = cli_now_s() - start_s - header_s;
    }
    fgo_solver_free(solver);
    return code;
}

static cli_exit write_graph(optimize_run *run, fgo_graph *g)
{
    double start_s = cli_now_s();
    fgo_status status = fgo_graph_write(g, run->target->output, FGO_FORMAT_AUTO);
    run->time_write_s = cli_now_s() - start_s;
    run->wrote_graph = !status;
    return status ? cli_fail_status(status, CLI_FAILURE) : CLI_OK;
}

/* Writes the results of an optimization that ended with `code`. Returns `code`, or the code of a failure to write. */
static cli_exit report(optimize_run *run, fgo_graph *g, cli_exit code, double start_s)
{
    cli_exit failure = CLI_OK;
    int has_estimate = code == CLI_OK || code == CLI_STOPPED || code == CLI_INTERRUPTED;
    if (run->target->output && has_estimate) failure = write_graph(run, g);
    run->time_total_s = cli_now_s() - start_s;
    if (!run->target->quiet && run->summary.termination != FGO_TERMINATION_NONE) optimize_print_summary(run);
    if (run->target->json) {
        cli_exit json = optimize_write_json(run);
        if (!failure) failure = json;
    }
    return failure ? failure : code;
}

static cli_exit run(const cli_arguments *arguments, void *target)
{
    optimize_target *t = target;
    optimize_run r = { .target = t, .file = cli_file_name(arguments->operand[0]), .chi2_initial = (double)NAN };
    fgo_graph *g = NULL;
    double start_s = cli_now_s();
    r.chi2_final = (double)NAN;
    r.out = is_standard(t->output) || is_standard(t->json) ? stderr : stdout;
    cli_exit code = read_problem(&r, arguments->operand[0], &g);
    if (!code) {
        interrupt_catch(); /* until here there is nothing to save: Ctrl-C ends the program at once */
        r.summary.variables = fgo_graph_variable_count(g);
        r.summary.factors = fgo_graph_factor_count(g);
        code = initialize(&r, g);
        if (!code && interrupt_came())
            code = cli_fail(CLI_INTERRUPTED, "interrupted before the first iteration; nothing written");
        else
            code = report(&r, g, code ? code : solve(&r, g), start_s);
    }
    fgo_graph_free(g);
    free(r.iteration);
    return code;
}

const cli_command cli_optimize = {
    .name = "optimize",
    .synopsis = "FILE [-o OUT] [options]",
    .summary = "find the optimum of a pose graph; the default command",
    .description =
        "Reads a pose graph (g2o or TORO), minimizes chi2 = sum of e' Omega e over its edges, and with -o writes the "
        "graph "
        "with nothing changed but the estimates. A row for each iteration goes to standard error, the summary to "
        "standard "
        "output. FILE or OUT may be \"-\".\n\n"
        "If nothing holds a connected component in place (no FIX line, no --fix, no prior), its smallest id is "
        "held.\n\n"
        "Ctrl-C ends the optimization after the current iteration, and the best estimate is written; a second one ends "
        "the "
        "program at once. The exit code says how it ended: see fgopt --help.",
    .examples = examples,
    .options = options,
    .has_solver = 1,
    .solver_offset = offsetof(optimize_target, solver),
    .min_operands = 1,
    .max_operands = 1,
    .target_size = sizeof(optimize_target),
    .run = run,
};
