/* SPDX-License-Identifier: BSD-3-Clause */
/* error.h -- how a failing function leaves its message: on the object it was called on, and in its thread. */
#ifndef FGOI_ERROR_H
#define FGOI_ERROR_H
#include <fgopt/status.h>

typedef struct fgoi_message {
    char text[512];
} fgoi_message;

/* Formats the message into m (may be NULL) and the thread's last message, and returns the status. */
fgo_status fgoi_fail(fgoi_message *m, fgo_status status, const char *format, ...) __attribute__((format(printf, 3, 4)));

/* fgoi_fail for an allocation that returned NULL. */
fgo_status fgoi_fail_memory(fgoi_message *m);

#ifdef FGOI_ANALYZER /* static analyzers look at one file at a time and would take these for calls that may return FGO_OK */
#define fgoi_fail(m, status, ...) (fgoi_fail(m, status, __VA_ARGS__), (status))
#define fgoi_fail_memory(m)       (fgoi_fail_memory(m), FGO_ERROR_MEMORY)
#endif
#endif
