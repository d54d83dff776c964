/* SPDX-License-Identifier: BSD-3-Clause */
/* command.c -- the commands that the shell knows: cli_begin (commands/commands.h) says which. */
#include "cli.h"
#include <string.h>

static const cli_command *const none[] = { NULL };
const cli_command *const *cli_commands = none;

const cli_command *cli_find_command(const char *name)
{
    for (size_t i = 0; cli_commands[i]; i++)
        if (!strcmp(cli_commands[i]->name, name)) return cli_commands[i];
    return NULL;
}

const char *cli_closest_command(const char *word)
{
    enum { MAX_COMMANDS = 64 };
    const char *names[MAX_COMMANDS + 2] = { "help" };
    for (size_t i = 0; i < MAX_COMMANDS && cli_commands[i]; i++) names[i + 1] = cli_commands[i]->name;
    return cli_closest(word, names);
}
