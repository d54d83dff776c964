/* SPDX-License-Identifier: BSD-3-Clause */
/* compare.c -- the command that says how far an estimate is from a reference. */
#include "output.h"

typedef struct compare_target {
    const char *json;
    int align;
    int64_t delta;
    cli_reading reading;
} compare_target;

static const char *const alignments[] = { "none", "se", "sim", NULL }; /* as fgo_alignment */

static const cli_option options[] = {
    { "align", 0, "none|se|sim", "se", alignments, cli_set_choice, offsetof(compare_target, align),
      "move the estimate onto the reference first: not, by a rigid motion, or by one with a scale" },
    { "delta", 0, "N", "1", NULL, cli_set_count, offsetof(compare_target, delta),
      "relative errors of steps over N poses, in ascending order of ids" },
    { "json", 0, "FILE", NULL, NULL, cli_set_string, offsetof(compare_target, json),
      "write the figures here, as one JSON object" },
    { 0 },
};

static const char *const examples[] = {
    "fgopt compare best.g2o truth.g2o",
    "absolute and relative pose errors",
    NULL,
};

static void print_row(FILE *f, const char *name, const char *unit, const fgo_error_statistics *s)
{
    fprintf(f, "%-16s %-4s %12.6g %12.6g %12.6g %12.6g %12.6g\n", name, unit, s->rmse, s->mean, s->median, s->max, s->min);
}

static void write_row(cli_json *j, const char *name, const fgo_error_statistics *s)
{
    cli_json_begin(j, name, '{');
    cli_json_count(j, "count", s->count);
    cli_json_number(j, "rmse", s->rmse);
    cli_json_number(j, "mean", s->mean);
    cli_json_number(j, "median", s->median);
    cli_json_number(j, "max", s->max);
    cli_json_number(j, "min", s->min);
    cli_json_end(j, '}');
}

static cli_exit write_json(const char *path, const fgo_comparison *c)
{
    cli_output out;
    cli_exit code = cli_output_open(&out, path);
    if (code) return code;
    cli_json j = { out.file, 0, 0 };
    cli_json_begin(&j, NULL, '{');
    cli_json_string(&j, "version", fgo_version());
    cli_json_count(&j, "matched", c->matched);
    cli_json_number(&j, "scale", c->scale);
    write_row(&j, "ate_translation", &c->ate_translation);
    write_row(&j, "ate_rotation", &c->ate_rotation);
    write_row(&j, "rpe_translation", &c->rpe_translation);
    write_row(&j, "rpe_rotation", &c->rpe_rotation);
    cli_json_end(&j, '}');
    return cli_output_close(&out);
}

static void print(FILE *f, const compare_target *t, const fgo_comparison *c)
{
    fprintf(f, "%zu poses with a common id, alignment: %s", c->matched, alignments[t->align]);
    if (t->align == FGO_ALIGN_SIM) fprintf(f, " (scale %.9g)", c->scale);
    fprintf(f, "\n%-21s %12s %12s %12s %12s %12s\n", "", "rmse", "mean", "median", "max", "min");
    print_row(f, "ATE translation", "m", &c->ate_translation);
    print_row(f, "ATE rotation", "rad", &c->ate_rotation);
    print_row(f, "RPE translation", "m", &c->rpe_translation);
    print_row(f, "RPE rotation", "rad", &c->rpe_rotation);
}

static cli_exit run(const cli_arguments *arguments, void *target)
{
    const compare_target *t = target;
    fgo_graph *estimate = NULL, *reference = NULL;
    fgo_comparison c;
    const cli_reading reading = { .information = 1 }; /* weights do not count here */
    cli_exit code = cli_read_graph(arguments->operand[0], &reading, &estimate);
    if (!code) code = cli_read_graph(arguments->operand[1], &reading, &reference);
    if (!code) {
        fgo_status status = fgo_graph_compare(estimate, reference, (fgo_alignment)t->align, (size_t)t->delta, &c);
        if (status) code = cli_fail_status(status, CLI_INPUT);
    }
    if (!code && t->json) code = write_json(t->json, &c);
    if (!code && !(t->json && cli_is_standard(t->json))) print(stdout, t, &c);
    fgo_graph_free(estimate);
    fgo_graph_free(reference);
    return code;
}

const cli_command cli_compare = {
    .name = "compare",
    .synopsis = "ESTIMATE REFERENCE [--align none|se|sim]",
    .summary = "absolute and relative pose errors against a reference",
    .description = "Compares the poses of two graphs that have the same ids. ATE is the error of each pose after alignment, "
                   "RPE that of each step; rotations are angles in radians (J. Sturm et al., IROS 2012).",
    .examples = examples,
    .options = options,
    .min_operands = 2,
    .max_operands = 2,
    .target_size = sizeof(compare_target),
    .run = run,
};
