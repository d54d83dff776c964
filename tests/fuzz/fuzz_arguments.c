/* SPDX-License-Identifier: BSD-3-Clause */
/* fuzz_arguments.c -- lines as the words of a command line. It is parsed as the program does, but not run. */
#include "commands/commands.h"
#include "fuzz.h"

static cli_exit parsed(const cli_arguments *arguments, void *target)
{
    (void)target;
    fuzz_require(arguments->operands <= CLI_MAX_OPERANDS);
    for (size_t i = 0; i < arguments->operands; i++) fuzz_require(arguments->operand[i]);
    return CLI_OK;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    enum { MOST = 64 };
    char *text = fuzz_text(data, size), *rest = text, *word[MOST + 1];
    int words = 0;
    cli_begin();
    while (words < MOST && (word[words] = strsep(&rest, "\n"))) words++;
    word[words] = NULL;
    const cli_command *command = words ? cli_find_command(word[0]) : NULL;
    if (command) {
        cli_command probe = *command;
        probe.run = parsed;
        const cli_exit code = cli_run(&probe, words - 1, word + 1);
        fuzz_require(code == CLI_OK || code == CLI_USAGE);
    }
    free(text);
    return 0;
}
