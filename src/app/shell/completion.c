/* SPDX-License-Identifier: BSD-3-Clause */
/* completion.c -- the bash completion, from the tables of the commands. It requires only bash itself. */
#include "cli.h"

static void print_words(FILE *f, const char *const *words)
{
    for (size_t i = 0; words[i]; i++) fprintf(f, "%s%s", i ? " " : "", words[i]);
}

/* Prints one arm of the case over "command:previous word" for each option whose argument is one of a few words. */
static void print_argument_arms(FILE *f, const cli_command *command, const cli_options *options)
{
    for (size_t i = 0; i < options->count; i++) {
        const cli_option *option = &options->row[i];
        if (!option->argument) continue;
        fprintf(f, "    %s:--%s", command->name, option->name);
        if (option->letter) fprintf(f, "|%s:-%c", command->name, option->letter);
        fputs(") ", f);
        if (option->choices) {
            fputs("words='", f);
            print_words(f, option->choices);
            fputs("' ;;\n", f);
        } else if (option->set == cli_set_loss) {
            fputs("words='", f);
            for (size_t k = 0; fgo_loss_class_get(k); k++) fprintf(f, "%s%s", k ? " " : "", fgo_loss_class_get(k)->name);
            fputs("' ;;\n", f);
        } else {
            fputs(option->set == cli_set_string ? "files=1 ;;\n" : ";;\n", f); /* nothing to offer for a number */
        }
    }
}

static void print_option_arm(FILE *f, const cli_command *command, const cli_options *options)
{
    fprintf(f, "    %s:*) options='", command->name);
    for (size_t i = 0; i < options->count; i++) fprintf(f, "%s--%s", i ? " " : "", options->row[i].name);
    fputs("'; ", f);
    if (command->operand_words) {
        fputs("words='", f);
        print_words(f, command->operand_words);
        fputs("' ;;\n", f);
    } else {
        fputs("files=1 ;;\n", f);
    }
}

void cli_print_completion(FILE *f)
{
    fputs("# bash completion for fgopt, printed by: fgopt help --bash-completion\n"
          "_fgopt()\n{\n"
          "  local current=${COMP_WORDS[COMP_CWORD]} previous=${COMP_WORDS[COMP_CWORD-1]}\n"
          "  local command=optimize options= words= files=\n"
          "  case ${COMP_WORDS[1]} in ",
          f);
    for (size_t i = 0; cli_commands[i]; i++) fprintf(f, "%s|", cli_commands[i]->name);
    fputs("help) (( COMP_CWORD > 1 )) && command=${COMP_WORDS[1]} ;; esac\n"
          "  case $command:$previous in\n",
          f);
    for (size_t i = 0; cli_commands[i]; i++) {
        cli_options options;
        cli_collect_options(cli_commands[i], &options);
        print_argument_arms(f, cli_commands[i], &options);
    }
    for (size_t i = 0; cli_commands[i]; i++) {
        cli_options options;
        cli_collect_options(cli_commands[i], &options);
        print_option_arm(f, cli_commands[i], &options);
    }
    fputs("    help:*) words='", f);
    for (size_t i = 0; cli_commands[i]; i++) fprintf(f, "%s%s", i ? " " : "", cli_commands[i]->name);
    fputs("' ;;\n  esac\n  (( COMP_CWORD == 1 )) && words='", f);
    for (size_t i = 0; cli_commands[i]; i++) fprintf(f, "%s ", cli_commands[i]->name);
    fputs("help' options=\"$options --version\" files=1\n"
          "  [[ $current == -* ]] && words=$options files=\n"
          "  COMPREPLY=( $(compgen -W \"$words\" -- \"$current\") )\n"
          "  [[ $files ]] && COMPREPLY+=( $(compgen -f -- \"$current\") )\n"
          "}\n"
          "complete -o filenames -F _fgopt fgopt\n",
          f);
}
