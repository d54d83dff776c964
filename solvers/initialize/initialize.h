/* SPDX-License-Identifier: BSD-3-Clause */
/* initialize.h -- first estimates for a problem. */
#ifndef FGOI_INITIALIZE_H
#define FGOI_INITIALIZE_H
#include "evaluate/problem.h"
#include <fgopt/initialize.h>

/* Computes a first estimate as fgo_initialize_with does, for a problem. x, laid out as the graph's values, has the values before
 * and receives the estimate; it is unchanged after an error. `report` may be NULL. */
fgo_status fgoi_initialize(const fgoi_problem *p, fgo_init init, int threads, double *x, fgo_init_report *report);
#endif
