/* SPDX-License-Identifier: BSD-3-Clause */
/* corrupt.c -- the command that puts faults into a graph on purpose, and says which and where. */
#include "worlds/corrupt.h"
#include "commands.h"
#include "shell/json.h"
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

static const char *const kinds[] = { "random", "local", "grouped", "local-grouped", NULL }; /* as corrupt_kind */

/* Reads "N" or "P%" into a corrupt_amount. */
static int set_amount(const cli_option *option, const char *text, void *field, char *why)
{
    (void)option;
    corrupt_amount *amount = field;
    char *end;
    amount->number = strtod(text, &end);
    amount->percent = *end == '%';
    const int possible = amount->number >= 0 && amount->number <= 1e9; /* not so: nan */
    if (end != text && possible && !end[amount->percent] &&
        (amount->percent || amount->number == (double)(int64_t)amount->number))
        return 0;
    snprintf(why, CLI_WHY_SIZE, "'%.80s' is neither a whole number nor a percentage such as 10%%", text);
    return -1;
}

static const cli_option options[] = {
    { "output", 'o', "OUT", "-", NULL, cli_set_string, offsetof(corrupt_target, output), "the file to write" },
    { "loops", 'n', "N|P%", "0", NULL, set_amount, offsetof(corrupt_target, loops),
      "add this many wrong loop closures, or percent of those that there are" },
    { "kind", 0, "random|local|grouped|local-grouped", "random", kinds, cli_set_choice, offsetof(corrupt_target, kind),
      "between any two poses, between poses near each other in order of ids, or groups of consecutive ones of these" },
    { "group", 0, "N", "10", NULL, cli_set_count, offsetof(corrupt_target, group), "loops in a group" },
    { "consistent", 0, NULL, NULL, NULL, cli_set_flag, offsetof(corrupt_target, consistent),
      "the loops of a group agree with one another, as when one street looks like another: the hardest case" },
    { "reach", 0, "N", "20", NULL, cli_set_count, offsetof(corrupt_target, reach),
      "local loops join poses at most this many apart" },
    { "spread", 0, "T,R", "0.3,0.175", NULL, cli_set_sigmas, offsetof(corrupt_target, spread),
      "a loop says that two poses are at one place, up to noise of this size: metres on each axis, radians about "
      "each" },
    { "loop-sigma", 0, "T,R", NULL, NULL, cli_set_sigmas, offsetof(corrupt_target, weight),
      "how sure the loops claim to be: standard deviations; without it as a loop closure of the file drawn at random" },
    { "measurement-noise", 0, "T,R", "0,0", NULL, cli_set_noise, offsetof(corrupt_target, measurements),
      "add normal noise to all measurements: standard deviations in metres and radians" },
    { "estimate-noise", 0, "T,R", "0,0", NULL, cli_set_noise, offsetof(corrupt_target, estimates),
      "add normal noise to the initial estimates of all variables that are not held" },
    { "seed", 's', "S", "1", NULL, cli_set_seed, offsetof(corrupt_target, seed), "the same seed gives the same file" },
    CLI_FORMAT_OPTION(corrupt_target),
    { "json", 0, "FILE", NULL, NULL, cli_set_string, offsetof(corrupt_target, json),
      "write what was done here, with the lines of all added loops, as one JSON object" },
    { 0 },
};

static const char *const examples[] = {
    "fgopt corrupt M3500.g2o --loops 100 --seed 7 -o sick.g2o --json added.json",
    "100 wrong loop closures at the end of the file; their lines in added.json",
    "fgopt corrupt sphere.g2o --loops 10% --kind local-grouped --group 5 --consistent -o hard.g2o",
    "groups of five that agree with one another, a tenth as many as there are loop closures",
    "fgopt corrupt M3500.g2o --estimate-noise 0.5,0.1 | fgopt optimize - --init file",
    "the same problem from a worse start",
    NULL,
};

/* Returns the FGO_HOLDS_ bits of a format; none for a graph that remembers no file. */
static unsigned holds(int format)
{
    const fgo_format_class *c = fgo_format_of((fgo_format)format);
    return c ? c->holds : 0;
}

/* Checks that the output keeps the format of the file, since a change of format would keep neither its digits nor its lines. */
static cli_exit check_format(const corrupt_target *t, fgo_graph *g, const char *file)
{
    fgo_file_report r;
    fgo_graph_file_report(g, &r);
    const int ending = cli_is_standard(t->output) ? FGO_FORMAT_AUTO : (int)fgo_format_of_path(t->output);
    if (ending && ending != r.format && !(holds(ending) & holds(r.format) & FGO_HOLDS_COMMENTS)) /* else lines can be mixed */
        return cli_fail(CLI_INPUT, "%s is %s and %s would be %s: fgopt convert it first, or after", file,
                        fgo_format_name((fgo_format)r.format), t->output, fgo_format_name((fgo_format)ending));
    if (!(holds(r.format) & FGO_HOLDS_FACTORS) && t->loops.number > 0)
        return cli_fail(CLI_INPUT, "--loops: %s is a trajectory, which has no edges", file);
    return CLI_OK;
}

/* Returns the line of the first added edge in the output, whose last lines are the edges. */
static size_t first_line(fgo_graph *g)
{
    fgo_file_report r;
    fgo_graph_file_report(g, &r);
    const size_t vertices = r.edges_only ? fgo_graph_variable_count(g) : r.implied; /* get their lines when written */
    return r.lines + vertices + 1;
}

static cli_exit write_json(const corrupt_target *t, const char *file, const corrupt_result *result, size_t line)
{
    cli_json j;
    cli_exit code = cli_json_open(&j, t->json, file);
    if (code) return code;
    cli_json_string(&j, "output", t->output);
    cli_json_integer(&j, "seed", (int64_t)t->seed);
    cli_json_string(&j, "kind", kinds[t->kind]);
    cli_json_begin(&j, "loops", '[');
    for (size_t i = 0; i < result->loops; i++) {
        cli_json_begin(&j, NULL, '{');
        cli_json_count(&j, "line", line + i);
        cli_json_integer(&j, "id1", result->loop[i].id[0]);
        cli_json_integer(&j, "id2", result->loop[i].id[1]);
        cli_json_count(&j, "group", result->loop[i].group);
        cli_json_end(&j, '}');
    }
    cli_json_end(&j, ']');
    cli_json_count(&j, "measurements_changed", result->measurements_changed);
    cli_json_count(&j, "measurements_kept", result->measurements_kept);
    cli_json_count(&j, "estimates_changed", result->estimates_changed);
    cli_json_count(&j, "estimates_kept", result->estimates_kept);
    return cli_json_close(&j);
}

static void print(FILE *f, const corrupt_target *t, const corrupt_result *result, size_t line)
{
    const char *name = cli_is_standard(t->output) ? "stdout" : t->output;
    enum { SHOWN = 10 };
    if (result->loops)
        fprintf(f, "%s: %zu wrong loop closure%s (%s), line%s %zu to %zu\n", name, result->loops, cli_plural(result->loops),
                kinds[t->kind], cli_plural(result->loops), line, line + result->loops - 1);
    for (size_t i = 0; i < result->loops && i < SHOWN; i++)
        fprintf(f, "%s:%zu: %" PRId64 " to %" PRId64 "\n", name, line + i, result->loop[i].id[0], result->loop[i].id[1]);
    if (result->loops > SHOWN) fprintf(f, "%s: %zu more, all in --json FILE\n", name, result->loops - SHOWN);
    if (result->measurements_changed + result->measurements_kept)
        fprintf(f, "%s: noise on %zu measurements, %zu in other units left as they were\n", name, result->measurements_changed,
                result->measurements_kept);
    if (result->estimates_changed + result->estimates_kept)
        fprintf(f, "%s: noise on %zu estimates, %zu held ones left as they were\n", name, result->estimates_changed,
                result->estimates_kept);
}

static cli_exit check_usage(const corrupt_target *t)
{
    if (!(t->loops.number > 0) && !(t->measurements.translation + t->measurements.rotation > 0) &&
        !(t->estimates.translation + t->estimates.rotation > 0))
        return cli_usage(&cli_corrupt, "corrupt: say what: --loops, --measurement-noise or --estimate-noise");
    if (t->reach < 2) return cli_usage(&cli_corrupt, "--reach: local loops need at least 2");
    return CLI_OK;
}

static cli_exit run(const cli_arguments *arguments, void *target)
{
    const corrupt_target *t = target;
    corrupt_result result = { 0 };
    fgo_graph *g = NULL;
    cli_exit code = check_usage(t);
    if (!code) code = cli_read_leniently(arguments->operand[0], &t->reading, &g);
    if (!code) code = check_format(t, g, cli_file_name(arguments->operand[0]));
    const size_t factors = code ? 0 : fgo_graph_factor_count(g);
    if (!code && t->loops.number > 0) code = corrupt_add_loops(g, t, &result);
    if (!code) code = corrupt_add_noise(g, t, factors, &result);
    if (!code) {
        const size_t line = first_line(g);
        fgo_status status = fgo_graph_write(g, t->output, FGO_FORMAT_AUTO);
        if (status) code = cli_fail_status(status, CLI_FAILURE);
        if (!code && t->json) code = write_json(t, cli_file_name(arguments->operand[0]), &result, line);
        const int taken = cli_is_standard(t->output) || (t->json && cli_is_standard(t->json));
        if (!code) print(taken ? stderr : stdout, t, &result, line);
    }
    free(result.loop);
    fgo_graph_free(g);
    return code;
}

const cli_command cli_corrupt = {
    .name = "corrupt",
    .synopsis = "FILE [-o OUT] [options]",
    .summary = "add wrong loop closures or noise, to test what survives them",
    .description = "Writes a pose graph with faults and says which and where: the added loop closures are the last "
                   "lines of the file. "
                   "Everything else keeps its place and its digits, comments and unknown tags included; a file without "
                   "vertices gets "
                   "those that the odometry gives.\n\n"
                   "Wrong loops say that two places are one: pairs that an edge joins already, and pairs that the "
                   "estimates in the file "
                   "put where the loop claims, are drawn again. The kinds are those of N. Suenderhauf and P. Protzel, "
                   "\"Switchable "
                   "constraints for robust pose graph SLAM\", IROS 2012. Noise multiplies a value from the right by "
                   "Exp of a normal "
                   "vector; measurements in pixels are left as they are. Loops are drawn before noise is added and "
                   "stay free of it.",
    .examples = examples,
    .options = options,
    .min_operands = 1,
    .max_operands = 1,
    .target_size = sizeof(corrupt_target),
    .run = run,
};
