/* SPDX-License-Identifier: BSD-3-Clause */
/* redundancy.h -- how far the factors of a problem check each other. */
#ifndef FGOI_REDUNDANCY_H
#define FGOI_REDUNDANCY_H
#include "evaluate/problem.h"

/* fgo_graph_redundancy for a problem: at its values, with its losses and weights. A rejected factor has all its rows: the others
 * say all that it would say, as it says nothing. */
fgo_status fgoi_redundancy(const fgoi_problem *p, int threads, double *redundancy);
#endif
