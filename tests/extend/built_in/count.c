/* SPDX-License-Identifier: BSD-3-Clause */
/* count.c -- the command that counts the variables of a file. */
#include "commands.h"
#include <stdio.h>

typedef struct count_target {
    cli_reading reading;
} count_target;

static const cli_option options[] = { CLI_FORMAT_OPTION(count_target), { 0 } };
static const char *const examples[] = { "fgopt count M3500.g2o", "how many", NULL };

static cli_exit run(const cli_arguments *arguments, void *target)
{
    const count_target *t = target;
    fgo_graph *g = NULL;
    const cli_exit code = cli_read_graph(arguments->operand[0], &t->reading, &g);
    if (!code) printf("%zu\n", fgo_graph_variable_count(g));
    fgo_graph_free(g);
    return code;
}

const cli_command cli_count = {
    .name = "count",
    .synopsis = "FILE",
    .summary = "count the variables of a file",
    .description = "Prints how many variables a file has.",
    .examples = examples,
    .options = options,
    .min_operands = 1,
    .max_operands = 1,
    .target_size = sizeof(count_target),
    .run = run,
};
