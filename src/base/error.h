/* SPDX-License-Identifier: BSD-3-Clause */
/* error.h -- records the message and the data of a failure: in the thread, never in an object, so that objects are only read. */
#ifndef FGOI_ERROR_H
#define FGOI_ERROR_H
#include <fgopt/error.h>

/* Formats the thread's last message (fgo_last_message), clears the data of its last error but for the status, and returns
 * `status`. */
fgo_status fgoi_fail(fgo_status status, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* Formats the thread's last message and sets the data of its last error (fgo_last_error); returns the status in `data`. */
fgo_status fgoi_fail_as(const fgo_error *data, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* Returns the data of an error about a key: FGO_ERROR_KEY with the cause and its remedy. */
fgo_error fgoi_key_error(fgo_cause cause, int64_t key);

/* Fails as fgoi_fail_as does, with the data of fgoi_key_error. */
fgo_status fgoi_fail_key(fgo_cause cause, int64_t key, const char *format, ...) __attribute__((format(printf, 3, 4)));

/* Returns how many calls have failed in this thread. */
size_t fgoi_failures(void);

/* Returns the data of the thread's last error. */
const fgo_error *fgoi_last_error(void);

/* Fails as fgoi_fail does, for an allocation that returned NULL. */
fgo_status fgoi_fail_memory(void);

/* Returns the text of an errno value, in the language of the thread's locale: English between fgoi_c_locale_enter and
 * fgoi_c_locale_leave. Unlike strerror it may be called by several threads. */
const char *fgoi_errno_text(int number);

#ifdef FGOI_ANALYZER /* static analyzers look at one file at a time and would take these for calls that may return FGO_OK */
#define fgoi_fail(status, ...)         (fgoi_fail(status, __VA_ARGS__), (status))
#define fgoi_fail_as(...)              (fgoi_fail_as(__VA_ARGS__), FGO_ERROR_ARGUMENT) /* compound literals have commas */
#define fgoi_fail_key(cause, key, ...) (fgoi_fail_key(cause, key, __VA_ARGS__), FGO_ERROR_KEY)
#define fgoi_fail_memory()             (fgoi_fail_memory(), FGO_ERROR_MEMORY)
#endif
#endif
