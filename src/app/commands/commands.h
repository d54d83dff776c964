/* SPDX-License-Identifier: BSD-3-Clause */
/* commands.h -- the table of commands: a row each, in the order of help. A new command is a file here that defines cli_NAME, and
 * its row; help, the manual, completion and "did you mean" follow. */
#ifndef CLI_COMMANDS_H
#define CLI_COMMANDS_H
#include "shell/cli.h"

#define CLI_COMMANDS(ROW)                                                                                                        \
    ROW(optimize)                                                                                                                \
    ROW(info)                                                                                                                    \
    ROW(generate)                                                                                                                \
    ROW(convert)                                                                                                                 \
    ROW(plot)                                                                                                                    \
    ROW(check)                                                                                                                   \
    ROW(compare)                                                                                                                 \
    ROW(report)                                                                                                                  \
    ROW(corrupt)

#define CLI_DECLARE_COMMAND(NAME) extern const cli_command cli_##NAME;
CLI_COMMANDS(CLI_DECLARE_COMMAND)

/* Makes the shell know the commands, and the formats that their options take. */
void cli_begin(void);
#endif
