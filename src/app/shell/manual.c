/* SPDX-License-Identifier: BSD-3-Clause */
/* manual.c -- the man page fgopt(1), from the tables of the commands. */
#include "cli.h"

/* Prints text with roff's special characters escaped; a line may not begin with a dot or an apostrophe. */
static void print_escaped(FILE *f, const char *text)
{
    int line_begins = 1;
    for (; *text; text++) {
        if (line_begins && (*text == '.' || *text == '\'')) fputs("\\&", f);
        line_begins = *text == '\n';
        if (*text == '-')
            fputs("\\-", f);
        else if (*text == '\\')
            fputs("\\e", f);
        else if (*text == '\n' && text[1] == '\n') {
            fputs("\n.PP\n", f);
            text++;
        } else
            fputc(*text, f);
    }
}

static void print_option(FILE *f, const cli_option *option)
{
    char help[512];
    fputs(".TP\n", f);
    if (option->letter) fprintf(f, "\\fB\\-%c\\fR, ", option->letter);
    fputs("\\fB\\-\\-", f);
    print_escaped(f, option->name);
    fputs("\\fR", f);
    if (option->argument) {
        fputs(" \\fI", f);
        print_escaped(f, option->argument);
        fputs("\\fR", f);
    }
    fputc('\n', f);
    cli_describe_option(option, help, sizeof help);
    print_escaped(f, help);
    if (option->default_value) {
        fputs(" (default: ", f);
        print_escaped(f, option->default_value);
        fputc(')', f);
    }
    fputc('\n', f);
}

static void print_command(FILE *f, const cli_command *command)
{
    cli_options options;
    cli_collect_options(command, &options);
    fprintf(f, ".SS \"fgopt %s ", command->name);
    print_escaped(f, command->synopsis);
    fputs("\"\n", f);
    print_escaped(f, command->description);
    fputc('\n', f);
    for (size_t i = 0; i < options.count; i++) print_option(f, &options.row[i]);
}

static void print_examples(FILE *f)
{
    fputs(".SH EXAMPLES\n", f);
    for (size_t i = 0; cli_commands[i]; i++) {
        for (const char *const *example = cli_commands[i]->examples; *example; example += 2) {
            fputs(".TP\n\\fB", f);
            print_escaped(f, example[0]);
            fputs("\\fR\n", f);
            print_escaped(f, example[1]);
            fputc('\n', f);
        }
    }
}

void cli_print_manual(FILE *f)
{
    fprintf(f, ".TH FGOPT 1 \"\" \"fgopt %s\" \"User Commands\"\n", FGO_VERSION);
    fputs(".SH NAME\nfgopt \\- nonlinear least squares on factor graphs\n.SH SYNOPSIS\n"
          "\\fBfgopt\\fR \\fIFILE\\fR [\\fB\\-o\\fR \\fIOUT\\fR]\n.br\n",
          f);
    for (size_t i = 0; cli_commands[i]; i++) {
        fprintf(f, "\\fBfgopt %s\\fR ", cli_commands[i]->name);
        print_escaped(f, cli_commands[i]->synopsis);
        fputs("\n.br\n", f);
    }
    fputs("\\fBfgopt help\\fR [\\fICOMMAND\\fR]\n.SH DESCRIPTION\n"
          "fgopt reads a pose graph in the g2o or TORO format, finds the values of its variables that minimize the sum "
          "of "
          "squared, weighted residuals, and writes the graph back with nothing but the estimates changed. "
          "Without the name of a command it optimizes. A file named \\(lq\\-\\(rq is standard input or output.\n"
          ".SH COMMANDS\n",
          f);
    for (size_t i = 0; cli_commands[i]; i++) print_command(f, cli_commands[i]);
    fputs(".SH \"EXIT STATUS\"\n", f);
    for (const cli_exit_meaning *row = cli_exit_meanings; row->code >= 0; row++)
        fprintf(f, ".IP %d 5\n%s\n", row->code, row->meaning);
    print_examples(f);
}
