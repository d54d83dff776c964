/* SPDX-License-Identifier: BSD-3-Clause */
/* interrupt.h -- ends a solve from outside: by Ctrl-C, or from another thread. For programs whose own signal handlers
 * do not run while they wait in fgo_solve, as those of an interpreter. The library installs no handler unless asked
 * here. */
#ifndef FGOPT_INTERRUPT_H
#define FGOPT_INTERRUPT_H
#include <fgopt/solver.h>

#ifdef __cplusplus
extern "C" {
#endif

/* A callback for fgo_options: stops as soon as the int that callback_user points to is not 0. It is read atomically;
 * signal handlers and other threads may set it. */
FGO_API int fgo_stop_if_set(FGO_OPTIONAL const fgo_iteration *it, void *flag);

/* From now on the first SIGINT sets *flag, which is 0, to 1; the next ones do what a SIGINT did before. Nothing changes
 * where it was ignored. NULL: everything is again as before. Returns the flag of the call before, or NULL, to be given
 * back when done: int stop = 0, *outer = fgo_on_interrupt(&stop);
 *     ... fgo_solve with fgo_stop_if_set and &stop ...
 *     fgo_on_interrupt(outer);
 * Signals belong to the process: only one thread may call this, as a rule the first. */
FGO_API int *fgo_on_interrupt(FGO_OPTIONAL int *flag);

#ifdef __cplusplus
}
#endif
#endif
