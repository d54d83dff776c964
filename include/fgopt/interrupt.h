/* SPDX-License-Identifier: BSD-3-Clause */
/* interrupt.h -- ends a solve from outside: by Ctrl-C, or from another thread. For programs whose own signal handlers do not run
 * while the program waits in fgo_solve, such as an interpreter's. The library installs no handler unless asked to here. */
#ifndef FGOPT_INTERRUPT_H
#define FGOPT_INTERRUPT_H
#include <fgopt/solver.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Returns the int that `flag` points to, and thereby stops a solve as soon as it is not 0: a callback for fgo_options, with the
 * flag as callback_user. The flag is read atomically; signal handlers and other threads may set it. */
FGO_API int fgo_stop_if_set(FGO_OPTIONAL const fgo_iteration *it, void *flag);

/* Makes the first SIGINT set *flag, which is 0, to 1; later SIGINTs do what they did before the call. Nothing changes where
 * SIGINT was ignored. `flag` NULL restores the previous handler. Returns the flag of the previous call, or NULL, which the caller
 * passes when done:
 *     int stop = 0, *outer = fgo_on_interrupt(&stop);
 *     ... fgo_solve with fgo_stop_if_set and &stop ...
 *     fgo_on_interrupt(outer);
 * Signals belong to the process: only one thread may call this function, as a rule the first. */
FGO_API int *fgo_on_interrupt(FGO_OPTIONAL int *flag);

#ifdef __cplusplus
}
#endif
#endif
