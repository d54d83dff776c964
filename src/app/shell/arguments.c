/* SPDX-License-Identifier: BSD-3-Clause */
/* arguments.c -- parses a command line by the command's table of options. "--name value", "--name=value", "-n value",
 * "-nvalue"; options and operands in any order; "--" ends the options; "-" is an operand. */
#include "cli.h"
#include <math.h>
#include <stdlib.h>
#include <string.h>

static int set_solver(const cli_option *option, const char *text, void *field, char *why)
{
    if (!fgo_option_set(field, option->name, text)) return 0;
    snprintf(why, CLI_WHY_SIZE, "%s", fgo_last_message());
    return -1;
}

/* Returns what help calls the argument of an option of the solver: "lm|gn", "N" or "X". */
static const char *describe_argument(const fgo_option *row, const char *const *words, char text[64])
{
    if (!words) return row->type == FGO_OPTION_INT ? "N" : "X";
    size_t used = 0;
    for (size_t i = 0; words[i] && used < 64; i++)
        used += (size_t)snprintf(text + used, 64 - used, "%s%s", i ? "|" : "", words[i]);
    return text;
}

static const char *describe_default(const fgo_option *row, char text[64])
{
    if (row->type == FGO_OPTION_CHOICE) return row->choices[(int)row->default_value];
    if (!isfinite(row->default_value)) return NULL; /* no limit */
    snprintf(text, 64, "%g", row->default_value);
    return text;
}

/* Returns the words that an option of the solver takes, with NULL at the end; NULL if it takes a number. */
static const char *const *words_of(const fgo_option *row)
{
    static const char *const bits[] = { "0", "1", NULL };
    return row->type == FGO_OPTION_BOOL ? bits : row->choices;
}

void cli_collect_options(const cli_command *command, cli_options *out)
{
    out->count = 0;
    for (const cli_option *row = command->options; row->name; row++) out->row[out->count++] = *row;
    size_t solver_count = 0;
    const fgo_option *solver = command->has_solver ? fgo_option_table(&solver_count) : NULL;
    for (size_t i = 0; i < solver_count && out->count < CLI_MAX_OPTIONS - 2; i++) {
        char(*text)[64] = out->text[out->count];
        const char *const *words = words_of(&solver[i]);
        out->row[out->count++] = (cli_option){
            .name = solver[i].name,
            .argument = describe_argument(&solver[i], words, text[0]),
            .default_value = describe_default(&solver[i], text[1]),
            .choices = words,
            .set = set_solver,
            .offset = command->solver_offset,
            .help = solver[i].help,
        };
    }
    if (!command->operand_words && command->max_operands)
        out->row[out->count++] = (cli_option){
            .name = "extension",
            .argument = "LIBRARY",
            .set = cli_set_extension,
            .help = "a shared library with manifolds and factor classes of one's own, whose tags files may then have",
        };
    out->row[out->count++] = (cli_option){ .name = "help", .letter = 'h', .help = "print this help" };
}

static const cli_option *find_long(const cli_options *options, const char *name, size_t length)
{
    for (size_t i = 0; i < options->count; i++)
        if (strlen(options->row[i].name) == length && !strncmp(options->row[i].name, name, length)) return &options->row[i];
    return NULL;
}

static const cli_option *find_letter(const cli_options *options, char letter)
{
    for (size_t i = 0; i < options->count; i++)
        if (options->row[i].letter == letter) return &options->row[i];
    return NULL;
}

static cli_exit unknown_option(const cli_command *command, const cli_options *options, const char *word)
{
    const char *names[CLI_MAX_OPTIONS + 1] = { NULL };
    char name[64];
    for (size_t i = 0; i < options->count; i++) names[i] = options->row[i].name;
    snprintf(name, sizeof name, "%.*s", (int)strcspn(word + 2, "="), word[1] == '-' ? word + 2 : "");
    const char *near = cli_closest(name, names);
    if (near) return cli_usage(command, "unknown option %s; did you mean --%s?", word, near);
    return cli_usage(command, "unknown option %s", word);
}

/* Parses argv[*i], an option; advances *i past its argument. */
static cli_exit parse_option(const cli_command *command, const cli_options *options, int argc, char **argv, int *i, void *target,
                             int *help)
{
    const char *word = argv[*i], *text = NULL;
    const cli_option *option;
    if (word[1] == '-') {
        size_t length = strcspn(word + 2, "=");
        option = find_long(options, word + 2, length);
        if (word[2 + length]) text = word + 2 + length + 1;
    } else {
        option = find_letter(options, word[1]);
        if (word[2]) text = word + 2;
    }
    if (!option) return unknown_option(command, options, word);
    if (!option->set) {
        *help = 1;
        return CLI_OK;
    }
    if (!option->argument && text) return cli_usage(command, "--%s takes no argument", option->name);
    if (option->argument && !text) {
        if (*i + 1 >= argc) return cli_usage(command, "--%s needs an argument, %s", option->name, option->argument);
        text = argv[++*i];
    }
    char why[CLI_WHY_SIZE] = "";
    const int wrong = option->set(option, text, (char *)target + option->offset, why);
    if (!wrong) return CLI_OK;
    if (wrong == CLI_OUT_OF_MEMORY) return cli_fail(CLI_FAILURE, "%s", why);
    /* The library's own messages name the option already. */
    if (option->set == set_solver) return cli_usage(command, "%s", why);
    return cli_usage(command, "--%s: %s", option->name, why);
}

static cli_exit set_defaults(const cli_command *command, const cli_options *options, void *target)
{
    if (command->has_solver) *(fgo_options *)(void *)((char *)target + command->solver_offset) = fgo_options_default();
    for (size_t i = 0; i < options->count; i++) {
        const cli_option *option = &options->row[i];
        char why[CLI_WHY_SIZE] = "";
        if (!option->default_value || option->set == set_solver) continue;
        if (option->set(option, option->default_value, (char *)target + option->offset, why))
            return cli_fail(CLI_FAILURE, "--%s: default %s: %s", option->name, option->default_value, why);
    }
    return CLI_OK;
}

static cli_exit parse(const cli_command *command, const cli_options *options, int argc, char **argv, cli_arguments *arguments,
                      void *target, int *help)
{
    int only_operands = 0;
    for (int i = 0; i < argc; i++) {
        const char *word = argv[i];
        if (!only_operands && !strcmp(word, "--")) {
            only_operands = 1;
        } else if (!only_operands && word[0] == '-' && word[1]) {
            cli_exit code = parse_option(command, options, argc, argv, &i, target, help);
            if (code || *help) return code;
        } else {
            if (arguments->operands == command->max_operands)
                return cli_usage(command, "%s: one operand too many, '%s'", command->name, word);
            arguments->operand[arguments->operands++] = word;
        }
    }
    if (arguments->operands < command->min_operands) return cli_usage(command, "%s needs %s", command->name, command->synopsis);
    return CLI_OK;
}

cli_exit cli_run(const cli_command *command, int argc, char **argv)
{
    cli_options options;
    cli_arguments arguments = { { NULL }, 0 };
    int help = 0;
    void *target = calloc(1, command->target_size);
    if (!target) return cli_fail(CLI_FAILURE, "out of memory");
    cli_collect_options(command, &options);
    cli_exit code = set_defaults(command, &options, target);
    if (!code) code = parse(command, &options, argc, argv, &arguments, target, &help);
    if (!code && help)
        cli_print_command_help(stdout, command);
    else if (!code && !(code = cli_check_beside(command, &arguments, target)))
        code = command->run(&arguments, target);
    for (size_t i = 0; i < options.count; i++) /* the only values on the heap */
        if (options.row[i].set == cli_set_keys) free(((cli_keys *)(void *)((char *)target + options.row[i].offset))->key);
    free(target);
    return code;
}
