/* SPDX-License-Identifier: BSD-3-Clause */
/* help.c -- --help of the program and of each command, from their tables. */
#include "cli.h"
#include <string.h>

enum { WIDTH = 100, HELP_COLUMN = 30 };

/* Prints text from `column` on, wrapped at WIDTH; the lines after the first are indented by `indent`. */
static void print_wrapped(FILE *f, const char *text, int column, int indent)
{
    while (*text) {
        int length = (int)strcspn(text, " \n");
        if (column + length > WIDTH && column > indent) {
            fprintf(f, "\n%*s", indent, "");
            column = indent;
        }
        fprintf(f, "%.*s", length, text);
        column += length;
        text += length;
        if (*text == '\n') {
            fprintf(f, "\n%*s", text[1] == '\n' ? 0 : indent, "");
            column = indent;
            text++;
        } else if (*text == ' ') {
            text++;
            if (column + 1 + (int)strcspn(text, " \n") <= WIDTH) {
                fputc(' ', f);
                column++;
            } else {
                fprintf(f, "\n%*s", indent, "");
                column = indent;
            }
        }
    }
    fputc('\n', f);
}

static void print_option(FILE *f, const cli_option *option)
{
    char left[128], help[512], text[640];
    int n = option->letter ? snprintf(left, sizeof left, "  -%c, --%s", option->letter, option->name)
                           : snprintf(left, sizeof left, "      --%s", option->name);
    if (option->argument && n > 0 && (size_t)n < sizeof left)
        n += snprintf(left + n, sizeof left - (size_t)n, " %s", option->argument);
    cli_describe_option(option, help, sizeof help);
    snprintf(text, sizeof text, "%s%s%s%s", help, option->default_value ? " (default: " : "",
             option->default_value ? option->default_value : "", option->default_value ? ")" : "");
    fputs(left, f);
    if (n >= HELP_COLUMN)
        fprintf(f, "\n%*s", HELP_COLUMN, "");
    else
        fprintf(f, "%*s", HELP_COLUMN - n, "");
    print_wrapped(f, text, HELP_COLUMN, HELP_COLUMN);
}

void cli_print_command_help(FILE *f, const cli_command *command)
{
    cli_options options;
    cli_collect_options(command, &options);
    fprintf(f, "Usage: fgopt %s %s\n\n", command->name, command->synopsis);
    print_wrapped(f, command->description, 0, 0);
    fputs("\nOptions:\n", f);
    for (size_t i = 0; i < options.count; i++) print_option(f, &options.row[i]);
    fputs("\nExamples:\n", f);
    for (size_t i = 0; command->examples[i]; i += 2)
        fprintf(f, "  %s\n      %s\n", command->examples[i], command->examples[i + 1]);
}

void cli_print_help(FILE *f)
{
    fputs("fgopt finds the optimum of a pose graph: nonlinear least squares on factor graphs.\n\n"
          "Usage: fgopt FILE [-o OUT]       optimizes a g2o or TORO file\n"
          "       fgopt COMMAND ...\n\nCommands:\n",
          f);
    for (size_t i = 0; cli_commands[i]; i++) fprintf(f, "  %-10s %s\n", cli_commands[i]->name, cli_commands[i]->summary);
    fputs("  help       print this help, or that of a command: fgopt help COMMAND\n\n"
          "Every command has --help. fgopt --version prints the version and the licence in effect.\n"
          "A file named \"-\" is standard input or output.\n\n"
          "Exit codes:\n",
          f);
    for (const cli_exit_meaning *row = cli_exit_meanings; row->code >= 0; row++)
        fprintf(f, "  %-4d %s\n", row->code, row->meaning);
    fputs("\nStart with:\n"
          "  fgopt generate manhattan -o world.g2o\n"
          "  fgopt world.g2o -o best.g2o\n"
          "  fgopt plot world.g2o best.g2o -o world.svg\n",
          f);
}
