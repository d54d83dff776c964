/* SPDX-License-Identifier: BSD-3-Clause */
/* message.c -- errors on stderr, one line each, and the words they use. */
#include "cli.h"
#include <stdarg.h>
#include <string.h>
#undef cli_fail /* what analyzers see elsewhere */

const cli_exit_meaning cli_exit_meanings[] = {
    { CLI_OK, "converged, or done" },
    { CLI_USAGE, "the command line is wrong" },
    { CLI_INPUT, "the input is wrong; nothing is written" },
    { CLI_UNSOLVABLE, "the problem cannot be solved; no graph is written" },
    { CLI_STOPPED, "stopped before convergence; the estimate is written" },
    { CLI_FINDINGS, "check found something" },
    { CLI_INTERRUPTED, "interrupted; the best estimate is written" },
    { CLI_FAILURE, "anything else" },
    { -1, NULL },
};

cli_exit cli_usage(const cli_command *command, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    fputs("fgopt: ", stderr);
    vfprintf(stderr, format, args);
    va_end(args);
    if (command)
        fprintf(stderr, "\nTry 'fgopt %s --help'.\n", command->name);
    else
        fputs("\nTry 'fgopt --help'.\n", stderr);
    return CLI_USAGE;
}

cli_exit cli_fail(cli_exit code, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    fputs("fgopt: ", stderr);
    vfprintf(stderr, format, args);
    va_end(args);
    fputc('\n', stderr);
    return code;
}

cli_exit cli_fail_status(fgo_status status, cli_exit otherwise)
{
    /* A parse error begins with file:line:column, which editors and people look for at the start of the line. */
    fprintf(stderr, "%s%s\n", status == FGO_ERROR_PARSE ? "" : "fgopt: ", fgo_last_message());
    return status == FGO_ERROR_MEMORY ? CLI_FAILURE : otherwise;
}

/* Returns how many edits (insert, delete, replace, swap neighbours) turn a into b: V. Levenshtein 1966, F. Damerau 1964. */
static size_t edit_distance(const char *a, const char *b)
{
    enum { LONGEST = 40 };
    size_t d[LONGEST + 1][LONGEST + 1], m = strlen(a), n = strlen(b);
    if (m > LONGEST || n > LONGEST) return LONGEST;
    for (size_t i = 0; i <= m; i++) d[i][0] = i;
    for (size_t j = 0; j <= n; j++) d[0][j] = j;
    for (size_t i = 1; i <= m; i++) {
        for (size_t j = 1; j <= n; j++) {
            size_t best = d[i - 1][j - 1] + (a[i - 1] != b[j - 1]);
            if (d[i - 1][j] + 1 < best) best = d[i - 1][j] + 1;
            if (d[i][j - 1] + 1 < best) best = d[i][j - 1] + 1;
            if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] && d[i - 2][j - 2] + 1 < best)
                best = d[i - 2][j - 2] + 1;
            d[i][j] = best;
        }
    }
    return d[m][n];
}

const char *cli_closest(const char *text, const char *const *words)
{
    const char *best = NULL;
    size_t length = strlen(text), least = length / 3 + 1; /* at most one edit in three letters, and one in the shortest */
    for (size_t i = 0; words[i]; i++) {
        size_t distance = edit_distance(text, words[i]);
        if (length >= 3 && !strncmp(text, words[i], length)) distance = 1; /* an abbreviation */
        if (distance <= least && (!best || distance < least)) {
            best = words[i];
            least = distance;
        }
    }
    return best;
}

const char *cli_plural(size_t count) { return count == 1 ? "" : "s"; }
