/* SPDX-License-Identifier: BSD-3-Clause */
/* refuse.c -- the messages of refused arguments. */
#include "refuse.h"
#include <stdint.h>
#include <string.h>

/* Returns the length of a function's name as callers know it: the exported half of an inline function ends in _sized. */
static int known_length(const char *function)
{
    static const char end[] = "_sized";
    const size_t length = strlen(function), more = sizeof end - 1;
    return (int)(length > more && !strcmp(function + length - more, end) ? length - more : length);
}

void fgoi_refuse_null(const char *function, const char *argument)
{
    fgoi_fail(FGO_ERROR_ARGUMENT, "%.*s: %s is NULL", known_length(function), function, argument);
}

void fgoi_refuse_size(const char *function, const char *argument, size_t size)
{
    fgoi_fail(FGO_ERROR_ARGUMENT, "%.*s: %s is %zu, more than any struct has", known_length(function), function, argument, size);
}

int fgoi_refuses_array(const char *function, const char *argument, const void *pointer, size_t count)
{
    if (pointer ? count <= PTRDIFF_MAX : !count) return 0;
    if (!pointer)
        fgoi_refuse_null(function, argument);
    else
        fgoi_fail(FGO_ERROR_ARGUMENT, "%.*s: %s has %zu elements, as no array can have", known_length(function), function,
                  argument, count);
    return 1;
}

int fgoi_refuses_range(const char *function, const char *argument, int number, int first, int last)
{
    if (number >= first && number <= last) return 0;
    fgoi_fail(FGO_ERROR_ARGUMENT, "%.*s: %s is %d, not in %d .. %d", known_length(function), function, argument, number, first,
              last);
    return 1;
}
