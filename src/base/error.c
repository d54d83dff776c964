/* SPDX-License-Identifier: BSD-3-Clause */
/* error.c -- the last message of each thread, and what the statuses are called. */
#include "error.h"
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#undef fgoi_fail /* what analyzers see elsewhere */
#undef fgoi_fail_memory

typedef struct message {
    char text[512];
} message;

/* The library's one piece of state that is not on an object; thread-local, so calls in different threads do not meet. */
static _Thread_local message last;

fgo_status fgoi_fail(fgo_status status, const char *format, ...)
{
    message m; /* the arguments may point into last */
    va_list args;
    va_start(args, format);
    vsnprintf(m.text, sizeof m.text, format, args);
    va_end(args);
    last = m;
    return status;
}

fgo_status fgoi_fail_memory(void) { return fgoi_fail(FGO_ERROR_MEMORY, "out of memory"); }

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
