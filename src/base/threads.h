/* SPDX-License-Identifier: BSD-3-Clause */
/* threads.h -- a few threads that sleep between calls. Work is cut into parts whose results do not depend on who does
 * them, so every thread count gives the same bits. */
#ifndef FGOI_THREADS_H
#define FGOI_THREADS_H
#include <fgopt/status.h>
#include <stddef.h>

typedef struct fgo_threads fgoi_threads; /* opaque in fgopt/linear_solver.h */

/* Checks a number of threads that a caller asks for, the same wherever one can: 0 is automatic (fgoi_threads_start), 1 ..
 * FGO_MAX_THREADS are that many, else FGO_ERROR_ARGUMENT. */
fgo_status fgoi_threads_check(int threads);

/* count - 1 threads are started, the caller is the last one. NULL when they cannot be had. */
fgoi_threads *fgoi_threads_create(int count);
void fgoi_threads_free(fgoi_threads *t);

/* The threads asked for, or if wanted is 0 those that pay for an evaluation of Jacobians with so many entries: up to four of
 * the processors that this process may use. *out: NULL for one. 0, or -1 when the threads asked for cannot be had. */
int fgoi_threads_start(int wanted, size_t entries, fgoi_threads **out);

/* How many work at once, the caller included; 1 for NULL. */
int fgoi_threads_count(const fgoi_threads *t);

/* Calls work(context, part) for part = 0 .. parts - 1, each once, in any order and thread; returns when all are done.
 * t may be NULL: then the caller does all, in order. */
void fgoi_threads_run(fgoi_threads *t, size_t parts, void (*work)(void *context, size_t part), void *context);
#endif
