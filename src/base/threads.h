/* SPDX-License-Identifier: BSD-3-Clause */
/* threads.h -- a few threads that sleep between calls. Work is cut into parts whose results do not depend on the thread that does
 * them, so every thread count gives the same bits. */
#ifndef FGOI_THREADS_H
#define FGOI_THREADS_H
#include <fgopt/status.h>
#include <stddef.h>

typedef struct fgo_threads fgoi_threads; /* the type is opaque in fgopt/linear_solver.h */

/* Checks a number of threads that a caller asks for, by the same rule wherever a caller can: 0 is automatic (fgoi_threads_start),
 * 1 .. FGO_MAX_THREADS are that many. Returns FGO_ERROR_ARGUMENT for any other number. */
fgo_status fgoi_threads_check(int threads);

/* Starts count - 1 threads; the caller is the last one. Returns NULL when they cannot be had. */
fgoi_threads *fgoi_threads_create(int count);
void fgoi_threads_free(fgoi_threads *t);

/* Starts the threads that are wanted or, if `wanted` is 0, as many as pay for an evaluation of Jacobians with `entries` entries:
 * up to four of the processors that this process may use. *out becomes NULL for one thread. Returns 0, or -1 when the threads
 * that are wanted cannot be had. */
int fgoi_threads_start(int wanted, size_t entries, fgoi_threads **out);

/* Returns how many threads work at once, including the caller; 1 for NULL. */
int fgoi_threads_count(const fgoi_threads *t);

/* Calls work(context, part) for part = 0 .. parts - 1, each once, in any order and thread. Returns when all are done. t may be
 * NULL: then the caller does all parts, in order. */
void fgoi_threads_run(fgoi_threads *t, size_t parts, void (*work)(void *context, size_t part), void *context);
#endif
