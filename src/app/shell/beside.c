/* SPDX-License-Identifier: BSD-3-Clause */
/* beside.c -- makes sure that a file that a command writes beside its output, such as --json, is neither the output nor a file
 * that the command reads, which would be lost. */
#include "cli.h"
#include <string.h>
#include <sys/stat.h>

int cli_same_file(const char *a, const char *b)
{
    struct stat s, t;
    if (cli_is_standard(a) || cli_is_standard(b)) return 0;
    if (stat(a, &s) || stat(b, &t)) return !strcmp(a, b);
    return S_ISREG(s.st_mode) && s.st_dev == t.st_dev && s.st_ino == t.st_ino;
}

/* Returns the file name that the option of a row has set in the target, or NULL. */
static const char *file_of(const cli_option *row, const void *target)
{
    const char *path;
    memcpy(&path, (const char *)target + row->offset, sizeof path);
    return path;
}

static const cli_option *find_row(const cli_command *command, const char *argument, const cli_option *from)
{
    for (const cli_option *row = from ? from + 1 : command->options; row->name; row++)
        if (row->set == cli_set_string && row->argument && !strcmp(row->argument, argument)) return row;
    return NULL;
}

cli_exit cli_check_beside(const cli_command *command, const cli_arguments *arguments, const void *target)
{
    const cli_option *output = find_row(command, "OUT", NULL);
    const char *out = output ? file_of(output, target) : NULL;
    for (const cli_option *row = NULL; (row = find_row(command, "FILE", row)) != NULL;) {
        const char *path = file_of(row, target);
        if (!path) continue;
        if (out && cli_is_standard(path) && cli_is_standard(out))
            return cli_usage(command, "--%s and --%s cannot both be standard output", row->name, output->name);
        if (out && cli_same_file(path, out))
            return cli_usage(command, "--%s and --%s are the same file, %s", row->name, output->name, path);
        for (size_t i = 0; i < arguments->operands && !command->operand_words; i++)
            if (cli_same_file(path, arguments->operand[i]))
                return cli_usage(command, "--%s would overwrite %s, which is to be read", row->name, arguments->operand[i]);
    }
    return CLI_OK;
}
