/* SPDX-License-Identifier: BSD-3-Clause */
#include "error.h"
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#undef fgoi_fail /* what analyzers see elsewhere */
#undef fgoi_fail_memory

/* The one piece of state that is not on an object; thread-local, so calls in different threads do not meet. */
static _Thread_local fgoi_message last;

fgo_status fgoi_fail(fgoi_message *m, fgo_status status, const char *format, ...)
{
    fgoi_message text; /* the arguments may point into m or last */
    va_list args;
    va_start(args, format);
    vsnprintf(text.text, sizeof text.text, format, args);
    va_end(args);
    last = text;
    if (m) *m = text;
    return status;
}

fgo_status fgoi_fail_memory(fgoi_message *m) { return fgoi_fail(m, FGO_ERROR_MEMORY, "out of memory"); }

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
