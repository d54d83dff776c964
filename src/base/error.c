/* SPDX-License-Identifier: BSD-3-Clause */
/* error.c -- the last message of each thread with its data, and what the statuses are called. */
#include "error.h"
#include "sized.h"
#include <locale.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#undef fgoi_fail /* what analyzers see elsewhere */
#undef fgoi_fail_as
#undef fgoi_fail_key
#undef fgoi_fail_memory

typedef struct message {
    char text[512];
    fgo_error data;
    size_t number; /* counted from 1 */
} message;

/* The library's one piece of state that is not on an object; thread-local, so calls in different threads do not meet. */
static _Thread_local message last;

__attribute__((format(printf, 2, 0))) static fgo_status fail(const fgo_error *data, const char *format, va_list args)
{
    message m = { .data = *data, .number = last.number + 1 }; /* data and arguments may point into last */
    vsnprintf(m.text, sizeof m.text, format, args);
    last = m;
    return m.data.status;
}

fgo_status fgoi_fail(fgo_status status, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    fail(&(fgo_error){ .status = status }, format, args);
    va_end(args);
    return status;
}

fgo_status fgoi_fail_as(const fgo_error *data, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    const fgo_status status = fail(data, format, args);
    va_end(args);
    return status;
}

fgo_error fgoi_key_error(fgo_cause cause, int64_t key)
{
    const fgo_remedy_kind remedy = cause == FGO_CAUSE_UNKNOWN_KEY     ? FGO_REMEDY_ADD_VARIABLE
                                   : cause == FGO_CAUSE_DUPLICATE_KEY ? FGO_REMEDY_RENAME
                                                                      : FGO_REMEDY_CORRECT_KEYS;
    return (fgo_error){ .status = FGO_ERROR_KEY, .cause = cause, .remedy = { remedy, 0 }, .keys = 1, .key = { key } };
}

fgo_status fgoi_fail_key(fgo_cause cause, int64_t key, const char *format, ...)
{
    const fgo_error data = fgoi_key_error(cause, key);
    va_list args;
    va_start(args, format);
    fail(&data, format, args);
    va_end(args);
    return FGO_ERROR_KEY;
}

size_t fgoi_failures(void) { return last.number; }

const fgo_error *fgoi_last_error(void) { return &last.data; }

fgo_status fgo_last_error_sized(fgo_error *out, size_t out_size)
{
    if (!out || out_size > FGOI_LARGEST_STRUCT) return FGO_ERROR_ARGUMENT;
    fgoi_sized_write(out, out_size, &last.data, sizeof last.data);
    return FGO_OK;
}

fgo_status fgoi_fail_memory(void) { return fgoi_fail(FGO_ERROR_MEMORY, "out of memory"); }

const char *fgoi_errno_text(int number) { return strerror_l(number, uselocale((locale_t)0)); }

const char *fgo_last_message(void) { return last.text; }

const char *fgo_status_text(fgo_status status)
{
    switch (status) {
    case FGO_OK: return "ok";
    case FGO_ERROR_ARGUMENT: return "invalid argument";
    case FGO_ERROR_MEMORY: return "out of memory";
    case FGO_ERROR_KEY: return "unknown or duplicate key";
    case FGO_ERROR_TYPE: return "variable of the wrong type";
    case FGO_ERROR_INFORMATION: return "information matrix is not positive semi-definite";
    case FGO_ERROR_IO: return "file cannot be opened, read or written";
    case FGO_ERROR_PARSE: return "file content is wrong";
    case FGO_ERROR_TOO_LARGE: return "too large";
    case FGO_ERROR_UNSUPPORTED: return "not supported";
    case FGO_ERROR_EVALUATE: return "a factor cannot be evaluated";
    case FGO_ERROR_SINGULAR: return "the factors do not determine all variables";
    }
    return "unknown status";
}
