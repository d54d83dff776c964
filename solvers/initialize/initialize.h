/* SPDX-License-Identifier: BSD-3-Clause */
/* initialize.h -- first estimates for a problem. */
#ifndef FGOI_INITIALIZE_H
#define FGOI_INITIALIZE_H
#include "evaluate/problem.h"
#include <fgopt/initialize.h>

/* fgo_initialize_with for a problem: x, laid out as the graph's values, holds the values as they are and receives the estimate.
 * report may be NULL. On failure x stays. */
fgo_status fgoi_initialize(const fgoi_problem *p, fgo_init init, int threads, double *x, fgo_init_report *report);
#endif
