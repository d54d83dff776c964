/* SPDX-License-Identifier: BSD-3-Clause */
/* registry.c -- finds file formats: by number, by the ending of a path, by what stands in a file. */
#include "format.h"
#include "io/text/compression.h"
#include <stdio.h>
#include <string.h>

#define ROW(NAME) &fgoi_format_##NAME,
static const fgoi_format *const formats[] = { FGOI_FORMATS(ROW) };
enum { FORMATS = sizeof formats / sizeof *formats };

const fgoi_format *fgoi_format_row(int format) { return format > 0 && format <= FORMATS ? formats[format - 1] : NULL; }

int fgoi_format_is(int format) { return format == FGO_FORMAT_AUTO || fgoi_format_row(format) != NULL; }

fgo_format fgoi_format_number(const fgoi_format *row)
{
    int i = 0;
    while (i < FORMATS && formats[i] != row) i++;
    return (fgo_format)(i < FORMATS ? i + 1 : FGO_FORMAT_AUTO);
}

const fgo_format_class *fgo_format_of(fgo_format format)
{
    const fgoi_format *row = fgoi_format_row((int)format);
    return row ? &row->c : NULL;
}

const char *fgo_format_name(fgo_format format)
{
    const fgoi_format *row = fgoi_format_row((int)format);
    return row ? row->c.name : format == FGO_FORMAT_AUTO ? "auto" : NULL;
}

fgo_format fgo_format_of_path(const char *path)
{
    size_t n;
    if (!path) return FGO_FORMAT_AUTO;
    fgoi_compression_of(path, &n);
    for (int i = 0; i < FORMATS; i++)
        for (const char *const *ending = formats[i]->c.endings; ending && *ending; ending++) {
            const size_t m = strlen(*ending);
            if (n >= m && memcmp(path + n - m, *ending, m) == 0) return (fgo_format)(i + 1);
        }
    return FGO_FORMAT_AUTO;
}

const fgoi_format *fgoi_format_detect(fgoi_cursor line)
{
    const fgoi_format *surest = NULL;
    int most = 0;
    for (int i = 0; i < FORMATS; i++) {
        const fgo_format_class *c = &formats[i]->c;
        const int sure = c->detect ? c->detect(c, line.p, (size_t)(line.end - line.p)) : 0;
        if (sure > most) most = sure, surest = formats[i];
    }
    return surest;
}

const char *fgoi_format_bare_lines(char out[FGOI_BARE_LINES_SIZE])
{
    size_t used = 0;
    out[0] = '\0';
    for (int i = 0; i < FORMATS; i++)
        if (formats[i]->line && used < FGOI_BARE_LINES_SIZE)
            used += (size_t)snprintf(out + used, FGOI_BARE_LINES_SIZE - used, "%s%s", used ? " or " : "", formats[i]->line);
    return out;
}

int fgoi_same_layout(const fgoi_format *a, const fgoi_format *b)
{
    return a == b || (a && b && a->layout == FGOI_LAYOUT_TAGS && b->layout == FGOI_LAYOUT_TAGS);
}

int fgoi_starts_number(char c) { return c != '\0' && strchr("+-.0123456789", c) != NULL; }

int fgoi_line_is_numbers(const char *line, size_t length, int fields)
{
    fgoi_cursor c = { line, line + length };
    int n = 0;
    if (!fgoi_next_field(&c) || !fgoi_starts_number(*c.p)) return 0;
    for (; fgoi_next_field(&c); n++)
        while (c.p < c.end && !fgoi_is_blank(*c.p)) c.p++;
    return n == fields;
}
