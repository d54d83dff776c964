/* SPDX-License-Identifier: BSD-3-Clause */
/* check.c -- the command that says what is wrong with a graph. */
#include "check.h"
#include "commands.h"
#include "shell/json.h"
#include "shell/remedy.h"

typedef struct check_target {
    const char *json;
    int all, quick;
    double significance;
    cli_reading reading;
} check_target;

static const cli_option options[] = {
    { "json", 0, "FILE", NULL, NULL, cli_set_string, offsetof(check_target, json),
      "write all findings here, as one JSON object" },
    { "all", 'a', NULL, NULL, NULL, cli_set_flag, offsetof(check_target, all),
      "print all findings, not only the first ten of a kind" },
    { "quick", 0, NULL, NULL, NULL, cli_set_flag, offsetof(check_target, quick),
      "do not optimize: leaves out improbable and wrong-way edges, far poses, and what the information may mean" },
    { "significance", 0, "P", "0.001", NULL, cli_set_fraction, offsetof(check_target, significance),
      "probability of a finding in a graph without fault, over all edges" },
    CLI_FORMAT_OPTION(check_target),
    CLI_RESIDUAL_OPTION(check_target),
    CLI_WEIGHTS_OPTION(check_target),
    CLI_EQUIVALENT_OPTION(check_target),
    { 0 },
};

static const char *const examples[] = {
    "fgopt check broken.g2o",
    "what is wrong, line by line",
    "fgopt check broken.g2o --quick --json findings.json",
    "without optimization, for a program",
    "fgopt check M3500.g2o --weights root",
    "whether it is clean if its matrices are what check suspected",
    NULL,
};

void check_print(FILE *f, const char *file, const fgo_findings *findings, size_t most)
{
    const size_t count = fgo_findings_count(findings);
    for (size_t i = 0, of_kind = 0; i < count; i++) {
        const fgo_finding *row = fgo_findings_get(findings, i), *next = fgo_findings_get(findings, i + 1);
        char remedy[CLI_REMEDY_SIZE];
        if (++of_kind <= most) {
            fprintf(f, "%s:", file);
            if (row->line) fprintf(f, "%zu:", row->line);
            fprintf(f, " %s: %s; %s [%s]\n", fgo_severity_name(row->severity), row->evidence,
                    cli_remedy_text(&row->remedy, remedy), fgo_finding_name(row->kind));
        }
        if (next && next->kind == row->kind) continue;
        if (of_kind > most)
            fprintf(f, "%s: %zu of %zu findings [%s] not shown\n", file, of_kind - most, of_kind, fgo_finding_name(row->kind));
        of_kind = 0;
    }
}

void check_explain(const char *file, fgo_graph *g)
{
    fgo_findings *findings = NULL;
    if (fgo_graph_examine(g, FGO_DOCTOR_STRUCTURE, 0.001, &findings)) return;
    check_print(stderr, file, findings, 3);
    fgo_findings_free(findings);
}

/* Writes the members of finding f that follow its evidence: the statistic with its meaning, the factors, the remedy as data. */
static void write_data(cli_json *j, const fgo_finding *f)
{
    char text[CLI_REMEDY_SIZE];
    cli_json_string(j, "statistic_name", fgo_statistic_name(f->what));
    if (f->dofs) {
        cli_json_integer(j, "dofs", f->dofs);
        cli_json_number(j, "p", f->p);
    }
    if (f->factors) {
        cli_json_begin(j, "factors", '[');
        for (int k = 0; k < f->factors; k++) cli_json_count(j, NULL, f->factor[k]);
        cli_json_end(j, ']');
    }
    if (f->other_line) cli_json_count(j, "other_line", f->other_line);
    cli_json_string(j, "remedy", fgo_remedy_name(f->remedy.kind));
    if (cli_remedy_option(&f->remedy, text)) cli_json_string(j, "remedy_option", text);
}

/* Writes the variables of finding f. Degrees of freedom are numbered in the order of the tangent space, as fgo_graph_hold_dof
 * counts them. */
static void write_variables(cli_json *j, const fgo_finding *f)
{
    if (!f->variables) return;
    cli_json_begin(j, "variables", '[');
    for (size_t i = 0; i < f->variables; i++) {
        cli_json_begin(j, NULL, '{');
        cli_json_integer(j, "id", f->variable[i].key);
        cli_json_begin(j, "dofs", '[');
        for (int d = 0; d < 64; d++)
            if (f->variable[i].dofs >> d & 1) cli_json_integer(j, NULL, d);
        cli_json_end(j, ']');
        cli_json_end(j, '}');
    }
    cli_json_end(j, ']');
}

static cli_exit write_json(const char *path, const char *file, const fgo_findings *findings)
{
    cli_json j;
    cli_exit code = cli_json_open(&j, path, file);
    if (code) return code;
    cli_json_begin(&j, "findings", '[');
    for (size_t i = 0; i < fgo_findings_count(findings); i++) {
        const fgo_finding *f = fgo_findings_get(findings, i);
        char remedy[CLI_REMEDY_SIZE];
        cli_json_begin(&j, NULL, '{');
        cli_json_string(&j, "kind", fgo_finding_name(f->kind));
        cli_json_string(&j, "severity", fgo_severity_name(f->severity));
        cli_json_count(&j, "line", f->line);
        cli_json_number(&j, "statistic", f->statistic);
        cli_json_string(&j, "evidence", f->evidence);
        cli_json_string(&j, "advice", cli_remedy_text(&f->remedy, remedy));
        write_data(&j, f);
        write_variables(&j, f);
        cli_json_end(&j, '}');
    }
    cli_json_end(&j, ']');
    return cli_json_close(&j);
}

static cli_exit run(const cli_arguments *arguments, void *target)
{
    const check_target *t = target;
    const char *file = cli_file_name(arguments->operand[0]);
    fgo_graph *g = NULL;
    fgo_findings *findings = NULL;
    if (!(t->significance > 0.0 && t->significance < 1.0))
        return cli_usage(&cli_check, "--significance: %g is not between 0 and 1", t->significance);
    cli_exit code = cli_read_leniently(arguments->operand[0], &t->reading, &g);
    if (code) return code;
    fgo_status status = fgo_graph_examine(g, t->quick ? FGO_DOCTOR_STRUCTURE : FGO_DOCTOR_ALL, t->significance, &findings);
    if (status) code = cli_fail_status(status, CLI_FAILURE);
    if (!code && t->json) code = write_json(t->json, file, findings);
    if (!code) {
        FILE *f = t->json && cli_is_standard(t->json) ? stderr : stdout;
        check_print(f, file, findings, t->all ? (size_t)-1 : 10);
        if (!fgo_findings_count(findings)) fprintf(f, "%s: nothing found\n", file);
        code = fgo_findings_count(findings) ? CLI_FINDINGS : CLI_OK;
    }
    fgo_findings_free(findings);
    fgo_graph_free(g);
    return code;
}

const cli_command cli_check = {
    .name = "check",
    .synopsis = "FILE [--json FILE]",
    .summary = "say what is wrong with a pose graph, line by line",
    .description =
        "Looks for components that nothing holds, degrees of freedom of one or several vertices that no edge measures, "
        "information that is not "
        "positive semi-definite, badly scaled, or seems to mean something else than it says, edges that are repeated, "
        "contradict each other, go the wrong way or are improbable at the optimum, and poses far from their "
        "neighbours. "
        "Every finding has a severity, its line, what speaks for it and what to do. The file is not changed.",
    .examples = examples,
    .options = options,
    .min_operands = 1,
    .max_operands = 1,
    .target_size = sizeof(check_target),
    .run = run,
};
