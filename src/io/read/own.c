/* SPDX-License-Identifier: BSD-3-Clause */
/* own.c -- files of formats that have a reader of their own: the reader of a class that the caller brings, or of a row. */
#include "reader.h"
#include <string.h>

/* Explains a failure for which the reader of a format left no message. */
static fgo_status explain(const fgo_format_class *c, const char *name, fgo_status status, size_t failures)
{
    if (fgoi_failures() > failures) return status;
    return fgoi_fail(status, "%.160s: the reader of format %.40s failed: %s", name, c->name, fgo_status_text(status));
}

static size_t count_lines(fgo_format_text text)
{
    size_t lines = 0;
    for (const char *p = text.begin, *newline; p < text.end; p = newline + 1, lines++)
        if (!(newline = memchr(p, '\n', (size_t)(text.end - p)))) return lines + 1;
    return lines;
}

fgo_status fgoi_read_own(fgoi_reader *r)
{
    const fgo_format_class *c = r->own;
    const size_t size = r->d->source.size, start = r->d->start;
    if (!c->read) return fgoi_fail(FGO_ERROR_UNSUPPORTED, "%.160s: format %.40s can only be written", r->name, c->name);
    const char *all = fgoi_source_bytes(&r->d->source, r->d->window, 0, size);
    if (!all) return r->d->window->failed;
    const fgo_format_text text = { all + start, all + size, r->name };
    const size_t failures = fgoi_failures();
    const fgo_status status = c->read(c, &text, &r->o, r->g);
    if (status) return explain(c, r->name, status, failures);
    if (!fgo_graph_variable_count(r->g))
        return fgo_format_reject(&text, NULL, size > start ? "there is no vertex and no edge in the file" : "the file is empty");
    fgo_file_report *report = &r->d->report;
    report->vertices = fgo_graph_variable_count(r->g);
    report->edges = fgo_graph_factor_count(r->g);
    report->projected = fgo_graph_projected_count(r->g);
    report->lines = count_lines(text);
    return fgoi_document_close(r->d, c);
}
