/* SPDX-License-Identifier: BSD-3-Clause */
/* registry.c -- finds file formats: by number, by the ending of a path, by what stands in a file. */
#include "base/refuse.h"
#include "format.h"
#include "io/text/compression.h"
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>

#define ROW(NAME) &fgoi_format_##NAME,
static const fgoi_format *const formats[] = { FGOI_FORMATS(ROW) };
enum { FORMATS = sizeof formats / sizeof *formats, MOST = 256, BY_ENDING = 95 };

/* The formats of users. Writers take turns by a lock; readers need none, since a row is there before the count that says so. */
static fgoi_format registered[MOST];
static atomic_int registered_count;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

const fgoi_format *fgoi_format_row(int format)
{
    if (format <= FORMATS) return format > 0 ? formats[format - 1] : NULL;
    const int i = format - FORMATS - 1;
    return i < atomic_load_explicit(&registered_count, memory_order_acquire) ? &registered[i] : NULL;
}

int fgoi_format_is(int format) { return format == FGO_FORMAT_AUTO || fgoi_format_row(format) != NULL; }

fgo_format fgoi_format_number(const fgoi_format *row)
{
    const fgoi_format *other;
    for (int i = 1; (other = fgoi_format_row(i)); i++)
        if (other == row) return (fgo_format)i;
    return FGO_FORMAT_AUTO;
}

const fgo_format_class *fgo_format_of(fgo_format format)
{
    const fgoi_format *row = fgoi_format_row((int)format);
    return row ? fgoi_format_class(row) : NULL;
}

const char *fgo_format_name(fgo_format format)
{
    const fgoi_format *row = fgoi_format_row((int)format);
    return row ? row->c.name : format == FGO_FORMAT_AUTO ? "auto" : NULL;
}

/* ---- registering ---- */

static fgo_status add(const fgo_format_class *c)
{
    const int n = atomic_load_explicit(&registered_count, memory_order_relaxed);
    const char *name;
    for (int i = 0; (name = fgo_format_name((fgo_format)i)); i++) {
        if (fgo_format_of((fgo_format)i) == c) return FGO_OK;
        if (!strcmp(name, c->name)) return fgoi_fail(FGO_ERROR_TYPE, "format %.40s: another format has this name", c->name);
    }
    if (n == MOST) return fgoi_fail(FGO_ERROR_TOO_LARGE, "more than %d registered formats", MOST);
    registered[n] = (fgoi_format){ .c = *c, .layout = FGOI_LAYOUT_OWN, .registered = c };
    atomic_store_explicit(&registered_count, n + 1, memory_order_release);
    return FGO_OK;
}

fgo_status fgo_register_format(const fgo_format_class *c)
{
    FGOI_REQUIRE(c);
    if (c->size < sizeof *c || !c->name || !*c->name)
        return fgoi_fail(FGO_ERROR_ARGUMENT, "registering a format: it has no size or no name");
    if (!c->read && !c->write)
        return fgoi_fail(FGO_ERROR_ARGUMENT, "registering format %.40s: it has neither reader nor writer", c->name);
    pthread_mutex_lock(&lock);
    const fgo_status status = add(c);
    pthread_mutex_unlock(&lock);
    return status;
}

/* ---- recognizing ---- */

/* Returns 1 if the first n bytes of a path end with one of a format's endings. */
static int has_ending(const fgoi_format *row, const char *path, size_t n)
{
    for (const char *const *ending = row->c.endings; ending && *ending; ending++) {
        const size_t m = strlen(*ending);
        if (n >= m && memcmp(path + n - m, *ending, m) == 0) return 1;
    }
    return 0;
}

fgo_format fgo_format_of_path(const char *path)
{
    const fgoi_format *row;
    size_t n;
    if (!path) return FGO_FORMAT_AUTO;
    fgoi_compression_of(path, &n);
    for (int i = 1; (row = fgoi_format_row(i)); i++)
        if (has_ending(row, path, n)) return (fgo_format)i;
    return FGO_FORMAT_AUTO;
}

/* Returns the format that is most certain of the line; `named` is the format that the path speaks for, or NULL. */
static const fgoi_format *surest_of(const fgoi_format *named, fgoi_cursor line)
{
    const fgoi_format *row, *surest = named;
    int most = named ? BY_ENDING : 0;
    for (int i = 1; (row = fgoi_format_row(i)); i++) {
        const fgo_format_class *c = fgoi_format_class(row);
        const int sure = c->detect ? c->detect(c, line.p, (size_t)(line.end - line.p)) : 0;
        if (sure > most) most = sure, surest = row;
    }
    return surest;
}

const fgoi_format *fgoi_format_of_start(const char *name, fgoi_cursor first_line)
{
    const fgoi_format *named = fgoi_format_row((int)fgo_format_of_path(name));
    const fgoi_format *surest = surest_of(named && fgoi_format_class(named)->read ? named : NULL, first_line);
    return surest && surest->layout == FGOI_LAYOUT_OWN ? surest : NULL;
}

const fgoi_format *fgoi_format_detect(fgoi_cursor line) { return surest_of(NULL, line); }

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
