/* SPDX-License-Identifier: BSD-3-Clause */
/* main.c -- the fgopt program: finds the command, runs it, and makes sure that what it printed has arrived. */
#include "commands/commands.h"
#include <errno.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>

static cli_exit help(int argc, char **argv)
{
    if (argc == 0) {
        cli_print_help(stdout);
        return CLI_OK;
    }
    if (argc > 1) return cli_usage(NULL, "help takes one word, the name of a command");
    if (!strcmp(argv[0], "--man")) {
        cli_print_manual(stdout);
    } else if (!strcmp(argv[0], "--bash-completion")) {
        cli_print_completion(stdout);
    } else if (!strcmp(argv[0], "--help") || !strcmp(argv[0], "-h")) {
        cli_print_help(stdout);
    } else {
        const cli_command *command = cli_find_command(argv[0]);
        if (!command) return cli_usage(NULL, "help: there is no command '%s'", argv[0]);
        cli_print_command_help(stdout, command);
    }
    return CLI_OK;
}

static cli_exit dispatch(int argc, char **argv)
{
    if (argc < 2) {
        fputs("Usage: fgopt FILE [-o OUT]\n       fgopt COMMAND ...\nTry 'fgopt --help'.\n", stderr);
        return CLI_USAGE;
    }
    const char *word = argv[1];
    if (!strcmp(word, "--version") || !strcmp(word, "-V")) {
        printf("fgopt %s\n%s\n", fgo_version(), fgo_license());
        return CLI_OK;
    }
    if (!strcmp(word, "--help") || !strcmp(word, "-h")) return help(0, NULL);
    if (!strcmp(word, "help")) return help(argc - 2, argv + 2);
    const cli_command *command = cli_find_command(word);
    if (command) return cli_run(command, argc - 2, argv + 2);
    /* without a command the program optimizes; a bare word that is no file and resembles a command is a typing error */
    if (word[0] != '-' && !strpbrk(word, "./") && access(word, F_OK)) {
        const char *near = cli_closest_command(word);
        if (near) return cli_usage(NULL, "there is no command '%s'; did you mean '%s'?", word, near);
    }
    return cli_run(&cli_optimize, argc - 1, argv + 1);
}

int main(int argc, char **argv)
{
    signal(SIGPIPE, SIG_IGN); /* a closed pipe is a write error like any other: reported, exit code 1 */
    cli_begin();
    cli_exit code = dispatch(argc, argv);
    errno = 0;
    if (fflush(stdout) || ferror(stdout))
        code = cli_fail(CLI_FAILURE, "cannot write to standard output: %s", errno ? strerror(errno) : "write error");
    return (int)code;
}
