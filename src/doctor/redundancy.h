/* SPDX-License-Identifier: BSD-3-Clause */
/* redundancy.h -- to what extent the factors of a problem check each other. */
#ifndef FGOI_REDUNDANCY_H
#define FGOI_REDUNDANCY_H
#include "evaluate/problem.h"

/* Computes redundancies as fgo_graph_redundancy does, for a problem: at its values, with its losses and weights. The redundancy
 * of a rejected factor is the number of its rows: it adds no information, so the other factors determine all that it measures. */
fgo_status fgoi_redundancy(const fgoi_problem *p, int threads, double *redundancy);
#endif
