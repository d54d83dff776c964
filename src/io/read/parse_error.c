/* SPDX-License-Identifier: BSD-3-Clause */
/* parse_error.c -- the error that names a place in a file. */
#include "base/refuse.h"
#include "reader.h"
#include <stdio.h>
#include <string.h>

fgo_status fgoi_fail_at(const char *name, size_t line, size_t column, const fgo_error *what, const char *text)
{
    enum { LONGEST_NAME = 160 };
    const size_t length = strlen(name);
    const char *dots = length > LONGEST_NAME ? "..." : "", *end = name + (length > LONGEST_NAME ? length - LONGEST_NAME : 0);
    fgo_error e = *what;
    e.status = FGO_ERROR_PARSE;
    e.line = line;
    e.column = column;
    if (!e.cause) e.cause = FGO_CAUSE_SYNTAX;
    if (!e.remedy.kind) e.remedy.kind = FGO_REMEDY_CORRECT_TEXT;
    snprintf(e.file, sizeof e.file, "%s", name + (length < sizeof e.file ? 0 : length + 1 - sizeof e.file));
    return fgoi_fail_as(&e, "%s%s:%zu:%zu: %s", dots, end, line, column, text);
}

fgo_status fgo_format_reject(const fgo_format_text *text, const char *at, const char *message)
{
    size_t line = 1;
    FGOI_REQUIRE(text);
    FGOI_REQUIRE(message);
    const char *begin = text->begin, *place = at && at >= begin && at <= text->end ? at : begin;
    for (const char *p; (p = memchr(begin, '\n', (size_t)(place - begin))); begin = p + 1) line++;
    return fgoi_fail_at(text->name, line, (size_t)(place - begin) + 1, &(fgo_error){ .status = FGO_ERROR_PARSE }, message);
}
