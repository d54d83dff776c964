/* SPDX-License-Identifier: BSD-3-Clause */
/* convert.c -- the command that rewrites a graph in another format. */
#include "cli.h"
#include <string.h>

typedef struct convert_target {
    int to;
    cli_reading reading;
} convert_target;

static const char *const formats[] = { "auto", "g2o", "toro", NULL }; /* in the order of fgo_format */

static const cli_option options[] = {
    { "to", 't', "g2o|toro", "auto", formats, cli_set_choice, offsetof(convert_target, to),
      "the format to write; auto: by the ending of OUT (.graph and .toro are TORO), else g2o" },
    CLI_INFORMATION_OPTION(convert_target),
    { 0 },
};

static const char *const examples[] = {
    "fgopt convert w100.graph w100.g2o",
    "from TORO to g2o",
    "fgopt convert - - --to toro < manhattan.g2o > manhattan.graph",
    "as a filter",
    NULL,
};

static fgo_format format_by_ending(const char *path)
{
    size_t n = strlen(path);
    if (n > 3 && !strcmp(path + n - 3, ".gz")) n -= 3;
    if (n > 4 && !strcmp(path + n - 4, ".zst")) n -= 4;
    if ((n > 6 && !strncmp(path + n - 6, ".graph", 6)) || (n > 5 && !strncmp(path + n - 5, ".toro", 5)))
        return FGO_FORMAT_TORO;
    return FGO_FORMAT_G2O;
}

static cli_exit run(const cli_arguments *arguments, void *target)
{
    const convert_target *t = target;
    const char *out = arguments->operand[1];
    fgo_graph *g = NULL;
    cli_exit code = cli_read_graph(arguments->operand[0], &t->reading, &g);
    if (code) return code;
    fgo_status status = fgo_graph_write(g, out, t->to ? (fgo_format)t->to : format_by_ending(out));
    /* What the other format cannot express is a matter of the input. */
    if (status) code = cli_fail_status(status, status == FGO_ERROR_UNSUPPORTED ? CLI_INPUT : CLI_FAILURE);
    fgo_graph_free(g);
    return code;
}

const cli_command cli_convert = {
    .name = "convert",
    .synopsis = "IN OUT [--to g2o|toro]",
    .summary = "rewrite a pose graph in another format",
    .description =
        "Reads a g2o or TORO file and writes it in the other format, or the same. Nothing is written if something in "
        "it cannot be expressed there.",
    .examples = examples,
    .options = options,
    .min_operands = 2,
    .max_operands = 2,
    .target_size = sizeof(convert_target),
    .run = run,
};
