/* SPDX-License-Identifier: BSD-3-Clause */
/* initialize.h -- first estimates for a graph, for those who want them apart from fgo_solve, which begins with one. The ways
 * (fgo_init) and the report of what was done are in solver.h. */
#ifndef FGOPT_INITIALIZE_H
#define FGOPT_INITIALIZE_H
#include <fgopt/solver.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Sets values; degrees of freedom that are held, and variables that no factor reaches, keep theirs. If the chosen way cannot be
 * gone (chordal on a graph without poses) or leads to infinity the values stay and report->chosen is FGO_INIT_KEEP. report may be
 * NULL. */
FGO_API fgo_status fgo_initialize_with_sized(fgo_graph *g, fgo_init init, int threads, FGO_OPTIONAL fgo_init_report *report,
                                             size_t report_size);
static inline fgo_status fgo_initialize(fgo_graph *g, fgo_init init, FGO_OPTIONAL fgo_init_report *report)
{
    return fgo_initialize_with_sized(g, init, 0, report, sizeof *report);
}

/* The same with that many threads, as fgo_options.threads explains; fgo_initialize takes 0. */
static inline fgo_status fgo_initialize_with(fgo_graph *g, fgo_init init, int threads, FGO_OPTIONAL fgo_init_report *report)
{
    return fgo_initialize_with_sized(g, init, threads, report, sizeof *report);
}

#ifdef __cplusplus
}
#endif
#endif
