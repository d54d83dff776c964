/* SPDX-License-Identifier: BSD-3-Clause */
/* commands.h -- the table of commands: one row for each, in the order of help. A new command is a file in this folder that
 * defines cli_NAME, and a row here; help, the manual, completion and "did you mean" follow. */
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

/* Tells the shell which commands there are, and which formats their options take. */
void cli_begin(void);
#endif
