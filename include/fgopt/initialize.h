/* SPDX-License-Identifier: BSD-3-Clause */
/* initialize.h -- computes a first estimate for a graph, without the optimization that follows it in fgo_solve. The methods
 * (fgo_init) and the report (fgo_init_report) are declared in solver.h.
 *
 *     fgo_init_report report;
 *     fgo_status status = fgo_initialize(g, FGO_INIT_AUTO, &report);
 *     if (!status) printf("%s: %zu variables\n", fgo_init_name(report.chosen), report.reached); */
#ifndef FGOPT_INITIALIZE_H
#define FGOPT_INITIALIZE_H
#include <fgopt/solver.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Sets the current values of g to the first estimate of method `init`. Held degrees of freedom, and variables that no factor
 * reaches, keep their values. If the method cannot be used (chordal on a graph without poses), or leads to values that are not
 * finite, all values stay and report->chosen is FGO_INIT_KEEP. `threads` as in fgo_options. *report receives what was done and
 * may be NULL; report_size is its size in bytes as the caller was compiled. After an error the values are as before:
 * FGO_ERROR_EVALUATE if a factor cannot be evaluated, FGO_ERROR_MEMORY, FGO_ERROR_ARGUMENT. */
FGO_API fgo_status fgo_initialize_with_sized(fgo_graph *g, fgo_init init, int threads, FGO_OPTIONAL fgo_init_report *report,
                                             size_t report_size);
/* Sets the current values of g as fgo_initialize_with_sized does, with the number of threads that the library chooses. */
static inline fgo_status fgo_initialize(fgo_graph *g, fgo_init init, FGO_OPTIONAL fgo_init_report *report)
{
    return fgo_initialize_with_sized(g, init, 0, report, sizeof *report);
}

/* Sets the current values of g as fgo_initialize_with_sized does, for C and C++, which know the size of the report. */
static inline fgo_status fgo_initialize_with(fgo_graph *g, fgo_init init, int threads, FGO_OPTIONAL fgo_init_report *report)
{
    return fgo_initialize_with_sized(g, init, threads, report, sizeof *report);
}

#ifdef __cplusplus
}
#endif
#endif
