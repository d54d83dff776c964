/* SPDX-License-Identifier: BSD-3-Clause */
/* error.h -- how a failing function leaves its message: in its thread, never on an object, so that objects are only read. */
#ifndef FGOI_ERROR_H
#define FGOI_ERROR_H
#include <fgopt/status.h>

/* Formats the thread's last message (fgo_last_message) and returns `status`. */
fgo_status fgoi_fail(fgo_status status, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* fgoi_fail for an allocation that returned NULL. */
fgo_status fgoi_fail_memory(void);

#ifdef FGOI_ANALYZER /* static analyzers look at one file at a time and would take these for calls that may return FGO_OK */
#define fgoi_fail(status, ...) (fgoi_fail(status, __VA_ARGS__), (status))
#define fgoi_fail_memory()     (fgoi_fail_memory(), FGO_ERROR_MEMORY)
#endif
#endif
