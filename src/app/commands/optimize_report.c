/* SPDX-License-Identifier: BSD-3-Clause */
/* optimize_report.c -- the header, the table of iterations, the summary, and the JSON of a run. */
#include "optimize.h"
#include "shell/json.h"
#include "topology.h"
#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

static int has_loss(const optimize_run *run) { return run->target->loss.loss_class != &fgo_loss_class_none; }

/* Writes what keeps the graph in place: "2 variables fixed, id 17 held by the gauge rule". */
static void describe_gauge(fgo_graph *g, const fgo_solver *solver, size_t held, char *text, size_t size)
{
    const int64_t *key = NULL;
    const unsigned char *all = fgo_solver_held(solver), *own = fgo_graph_held(g);
    size_t count = fgo_solver_gauge_keys(solver, &key), used = 0, dofs = 0, v = 0;
    for (size_t i = 0; i < fgo_graph_tangent_dimension(g); i++) dofs += all[i] && !own[i];
    if (held) used += (size_t)snprintf(text, size, "%zu variable%s fixed", held, cli_plural(held));
    if (count == 1 && !fgo_graph_find(g, key[0], &v) && dofs < (size_t)fgo_graph_variable_manifold(g, v)->tangent)
        snprintf(text + used, size - used, "%s%zu degree%s of freedom of id %" PRId64 " held by the gauge rule", used ? ", " : "",
                 dofs, cli_plural(dofs), key[0]);
    else if (count == 1)
        snprintf(text + used, size - used, "%sid %" PRId64 " held by the gauge rule", used ? ", " : "", key[0]);
    else if (count > 1)
        snprintf(text + used, size - used, "%s%zu variables held by the gauge rule (ids %" PRId64 ", %" PRId64 "%s)",
                 used ? ", " : "", count, key[0], key[1], count > 2 ? ", ..." : "");
    else if (!held)
        snprintf(text, size, "nothing held");
}

cli_exit optimize_print_header(const optimize_run *run, fgo_graph *g, const fgo_solver *solver)
{
    topology t;
    cli_exit code = topology_of(g, &t);
    if (code) return code;
    size_t held = 0, held_by_rule = fgo_solver_gauge_keys(solver, &(const int64_t *){ NULL });
    for (size_t i = 0; i < fgo_graph_variable_count(g); i++) held += fgo_graph_variable_held(g, i) > 0;
    char variables[256], gauge[200], loss[64] = "";
    topology_describe_variables(&t, variables, sizeof variables);
    describe_gauge(g, solver, held, gauge, sizeof gauge);
    if (held_by_rule > 1 && t.components > 1)
        fprintf(stderr, "%s: warning: nothing holds %zu of the %zu components; their smallest ids are held\n", run->file,
                held_by_rule, t.components);
    if (run->target->quiet) return CLI_OK;
    if (has_loss(run)) fgo_loss_format(run->target->loss, loss, sizeof loss);
    fprintf(stderr, "%s: %s, %zu edge%s, %zu component%s, %s\n", run->file, variables, t.edges, cli_plural(t.edges), t.components,
            cli_plural(t.components), gauge);
    fprintf(stderr, "residual: %s; initial estimate: %s (%s)%s%s\n",
            fgo_convention_name((fgo_convention)run->target->reading.residual), fgo_init_name(run->init.chosen), run->init.reason,
            *loss ? "; loss: " : "", loss);
    fprintf(stderr, " it %15s  %9s  %9s  %9s  %8s\n", has_loss(run) ? "cost" : "chi2", "|step|", "|grad|", "lambda", "ms");
    return CLI_OK;
}

static void print_row(const optimize_run *run, const fgo_iteration *it)
{
    double before_s = run->iterations > 1 ? run->iteration[run->iterations - 2].time_s : 0.0;
    int fixed = it->cost == 0.0 || (fabs(it->cost) >= 1e-2 && fabs(it->cost) < 1e8);
    char row[160];
    int n = snprintf(row, sizeof row, "%3d", it->iteration);
    n += snprintf(row + n, sizeof row - (size_t)n, fixed ? " %15.6f" : " %15.8e", it->cost);
    if (it->iteration == 0) {
        snprintf(row + n, sizeof row - (size_t)n, "  %9s  %9s  %9s", "-", "-", "-");
    } else {
        n += snprintf(row + n, sizeof row - (size_t)n, "  %9.2e  %9.2e", it->step_norm, it->gradient_norm);
        if (run->target->solver.method == FGO_METHOD_GN)
            snprintf(row + n, sizeof row - (size_t)n, "  %9s", "-");
        else
            snprintf(row + n, sizeof row - (size_t)n, "  %9.2e", it->lambda);
    }
    fprintf(stderr, "%s  %8.1f%s\n", row, 1e3 * (it->time_s - before_s), it->accepted ? "" : "  rejected");
}

int optimize_after_iteration(const fgo_iteration *it, void *user)
{
    optimize_run *run = user;
    if (run->iterations == run->capacity) {
        size_t capacity = run->capacity ? 2 * run->capacity : 128;
        fgo_iteration *grown = realloc(run->iteration, capacity * sizeof *grown);
        run->out_of_memory = !grown;
        if (!grown) return 1;
        run->iteration = grown;
        run->capacity = capacity;
    }
    run->iteration[run->iterations++] = *it;
    if (!run->target->quiet) print_row(run, it);
    return interrupt_came();
}

void optimize_print_summary(const optimize_run *run)
{
    const fgo_summary *s = &run->summary;
    FILE *f = run->out;
    fprintf(f, "%s: chi2 %.9g -> %.9g", run->file, run->chi2_initial, run->chi2_final);
    if (has_loss(run)) fprintf(f, ", cost %.9g -> %.9g", s->cost_initial, s->cost_final);
    fprintf(f, "\n%s after %d iteration%s (%d accepted), %.3g s\n", fgo_termination_text(s->termination), s->iterations,
            cli_plural((size_t)s->iterations), s->accepted, run->time_total_s);
    if (s->linear_iterations) fprintf(f, "%s\n", s->message); /* how exact the steps were */
    fprintf(f, "ms: read %.1f, initialize %.1f, analyze %.1f, linearize %.1f, factorize %.1f, solve %.1f, evaluate %.1f",
            1e3 * run->time_read_s, 1e3 * run->init.time_s, 1e3 * s->time_analyze_s, 1e3 * s->time_linearize_s,
            1e3 * s->time_factorize_s, 1e3 * s->time_solve_s, 1e3 * s->time_evaluate_s);
    if (run->wrote_graph)
        fprintf(f, ", write %.1f\nwrote %s\n", 1e3 * run->time_write_s,
                cli_is_standard(run->target->output) ? "standard output" : run->target->output);
    else
        fprintf(f, "\nno graph written%s\n", run->target->output ? "" : "; -o OUT writes it");
}

static void write_iterations(cli_json *j, const optimize_run *run)
{
    cli_json_begin(j, "iterations", '[');
    for (size_t i = 0; i < run->iterations; i++) {
        const fgo_iteration *it = &run->iteration[i];
        int first = it->iteration == 0; /* the initial estimate: no step was tried */
        cli_json_begin(j, NULL, '{');
        cli_json_integer(j, "iteration", it->iteration);
        cli_json_number(j, "cost", it->cost);
        cli_json_number(j, "gradient_norm", first ? (double)NAN : it->gradient_norm);
        cli_json_number(j, "step_norm", first ? (double)NAN : it->step_norm);
        cli_json_number(j, "lambda", first ? (double)NAN : it->lambda);
        cli_json_bool(j, "accepted", it->accepted);
        cli_json_begin(j, "time_s", '{');
        cli_json_number(j, "linearize", it->time_linearize_s);
        cli_json_number(j, "factorize", it->time_factorize_s);
        cli_json_number(j, "solve", it->time_solve_s);
        cli_json_number(j, "evaluate", it->time_evaluate_s);
        cli_json_number(j, "since_start", it->time_s);
        cli_json_end(j, '}');
        cli_json_end(j, '}');
    }
    cli_json_end(j, ']');
}

static void write_times(cli_json *j, const optimize_run *run)
{
    const fgo_summary *s = &run->summary;
    cli_json_begin(j, "time_s", '{');
    cli_json_number(j, "read", run->time_read_s);
    cli_json_number(j, "initialize", run->init.time_s);
    cli_json_number(j, "analyze", s->time_analyze_s);
    cli_json_number(j, "linearize", s->time_linearize_s);
    cli_json_number(j, "factorize", s->time_factorize_s);
    cli_json_number(j, "solve", s->time_solve_s);
    cli_json_number(j, "evaluate", s->time_evaluate_s);
    cli_json_number(j, "write", run->time_write_s);
    cli_json_number(j, "optimize", run->time_optimize_s);
    cli_json_number(j, "total", run->time_total_s);
    cli_json_end(j, '}');
}

/* Returns the largest memory that this program has used. On Linux /proc has that number for this program alone; the number of
 * getrusage begins with the size of the process that started the program. */
static int64_t peak_memory_bytes(void)
{
    struct rusage usage;
    char line[128];
    long long kibibytes = 0;
    FILE *status = fopen("/proc/self/status", "r");
    while (status && fgets(line, sizeof line, status))
        if (!strncmp(line, "VmHWM:", 6)) {
            kibibytes = strtoll(line + 6, NULL, 10);
            break;
        }
    if (status) (void)fclose(status);
    if (kibibytes > 0) return (int64_t)kibibytes * 1024;
    return getrusage(RUSAGE_SELF, &usage) ? 0 : (int64_t)usage.ru_maxrss * 1024; /* Linux counts kibibytes */
}

cli_exit optimize_write_json(const optimize_run *run)
{
    const fgo_summary *s = &run->summary;
    const optimize_target *t = run->target;
    cli_json j;
    cli_exit code = cli_json_open(&j, t->json, run->file);
    if (code) return code;
    cli_json_string(&j, "residual", fgo_convention_name((fgo_convention)t->reading.residual));
    cli_json_count(&j, "variables", s->variables);
    cli_json_count(&j, "factors", s->factors);
    cli_json_count(&j, "tangent_dim", s->tangent_dimension);
    cli_json_string(&j, "method", fgo_method_name((fgo_method)t->solver.method));
    cli_json_string(&j, "linear_solver", fgo_linear_solver_name((fgo_linear_solver)s->linear_solver));
    cli_json_string(&j, "init", fgo_init_name(run->init.chosen));
    cli_json_begin(&j, "init_cost", '{');
    for (int i = 0; i < FGO_INIT_AUTO; i++) cli_json_number(&j, fgo_init_name((fgo_init)i), run->init.cost[i]);
    cli_json_end(&j, '}');
    cli_json_integer(&j, "threads", s->threads);
    cli_json_number(&j, "chi2_initial", run->chi2_initial);
    cli_json_number(&j, "chi2_final", run->chi2_final);
    write_iterations(&j, run);
    cli_json_string(&j, "termination", fgo_termination_text(s->termination));
    write_times(&j, run);
    cli_json_integer(&j, "peak_memory_bytes", peak_memory_bytes());
    return cli_json_close(&j);
}
