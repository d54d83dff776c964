/* SPDX-License-Identifier: BSD-3-Clause */
/* formats.c -- the words for the library's formats, from its table. */
#include "cli.h"
#include <stdarg.h>

const char *cli_format_words[CLI_MAX_FORMATS + 1];
char cli_formats[256], cli_format_to_write[512];

static void append(char *text, size_t size, size_t *used, const char *format, ...) __attribute__((format(printf, 4, 5)));
static void append(char *text, size_t size, size_t *used, const char *format, ...)
{
    va_list args;
    if (*used >= size) return;
    va_start(args, format);
    *used += (size_t)vsnprintf(text + *used, size - *used, format, args);
    va_end(args);
}

void cli_collect_formats(void)
{
    const size_t size = sizeof cli_format_to_write;
    size_t names = 0, help = 0;
    append(cli_format_to_write, size, &help, "the format to write; auto: by the ending of OUT (");
    for (int i = 0; i < CLI_MAX_FORMATS && fgo_format_name((fgo_format)i); i++) {
        const fgo_format_class *c = fgo_format_of((fgo_format)i);
        cli_format_words[i] = fgo_format_name((fgo_format)i);
        append(cli_formats, sizeof cli_formats, &names, "%s%s", i ? "|" : "", cli_format_words[i]);
        for (const char *const *ending = c ? c->endings : NULL; ending && *ending; ending++)
            append(cli_format_to_write, size, &help, "%s%s", ending > c->endings ? " and " : i > 1 ? ", " : "", *ending);
        if (c && c->endings && c->endings[0] && c->endings[1]) append(cli_format_to_write, size, &help, " for %s", c->name);
    }
    append(cli_format_to_write, size, &help, "), else g2o");
}
