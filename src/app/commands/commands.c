/* SPDX-License-Identifier: BSD-3-Clause */
/* commands.c -- hands the table of commands to the shell. */
#include "commands.h"

#define ADDRESS(NAME) &cli_##NAME,
static const cli_command *const table[] = { CLI_COMMANDS(ADDRESS) NULL };

void cli_begin(void)
{
    cli_collect_formats();
    cli_commands = table;
}
