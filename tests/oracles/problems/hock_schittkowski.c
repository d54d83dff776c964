/* SPDX-License-Identifier: BSD-3-Clause */
/* hock_schittkowski.c -- the table of the problems with constraints: W. Hock, K. Schittkowski, "Test Examples for Nonlinear
 * Programming Codes", 1981, numbers 6, 7, 26, 39, 40, 65, 71, 100.
 *
 * Not all are sums of squares, so not all objectives are costs as they stand. 26 has a Hessian of the Lagrangian that is singular
 * at the solution; 40 has a second solution, with x3 and x4 negative. */
#include "constrained.h"
#include <math.h>

extern const fgo_factor_class fgo_hs6, fgo_hs6_equal, fgo_hs7, fgo_hs7_equal, fgo_hs26, fgo_hs26_equal, fgo_hs39, fgo_hs39_equal,
    fgo_hs40, fgo_hs40_equal, fgo_hs65, fgo_hs65_positive, fgo_hs71, fgo_hs71_equal, fgo_hs71_positive, fgo_hs100,
    fgo_hs100_positive;

#define NONE                                                                                                                     \
    .lower = { -INFINITY, -INFINITY, -INFINITY, -INFINITY, -INFINITY, -INFINITY, -INFINITY },                                    \
    .upper = { INFINITY, INFINITY, INFINITY, INFINITY, INFINITY, INFINITY, INFINITY }

static const constrained_problem table[] = {
    { 6, 2, &fgo_hs6, 1, &fgo_hs6_equal, NULL, NONE, .start = { -1.2, 1 }, .solution = { 1, 1 }, .best = 0, .accuracy = 1e-15 },
    { 7, 2, &fgo_hs7, 0, &fgo_hs7_equal, NULL, NONE, .start = { 2, 2 }, .solution = { 0, 1.7320508075688772 },
      .best = -1.7320508075688772, .accuracy = 1e-15 },
    { 26, 3, &fgo_hs26, 1, &fgo_hs26_equal, NULL, NONE, .start = { -2.6, 2, 2 }, .solution = { 1, 1, 1 }, .best = 0,
      .accuracy = 1e-15 },
    { 39, 4, &fgo_hs39, 0, &fgo_hs39_equal, NULL, NONE, .start = { 2, 2, 2, 2 }, .solution = { 1, 1, 0, 0 }, .best = -1,
      .accuracy = 1e-15 },
    { 40, 4, &fgo_hs40, 0, &fgo_hs40_equal, NULL, NONE, .start = { 0.8, 0.8, 0.8, 0.8 },
      .solution = { 0.79370052598409974, 0.70710678118654752, 0.52973154718864829, 0.84089641525371454 }, .best = -0.25,
      .accuracy = 1e-15 },
    { 65, 3, &fgo_hs65, 1, NULL, &fgo_hs65_positive, .lower = { -4.5, -4.5, -5 }, .upper = { 4.5, 4.5, 5 },
      .start = { -5, 5, 0 }, .solution = { 3.650461821, 3.65046182, 4.6204170507 }, .best = 0.9535288567, .accuracy = 1e-8 },
    { 71, 4, &fgo_hs71, 0, &fgo_hs71_equal, &fgo_hs71_positive, .lower = { 1, 1, 1, 1 }, .upper = { 5, 5, 5, 5 },
      .start = { 1, 5, 5, 1 }, .solution = { 1, 4.7429994, 3.8211503, 1.3794082 }, .best = 17.0140173, .accuracy = 1e-7 },
    { 100, 7, &fgo_hs100, 0, NULL, &fgo_hs100_positive, NONE, .start = { 1, 2, 0, 4, 0, 1, 1 },
      .solution = { 2.330499, 1.951372, -0.4775414, 4.365726, -0.6244870, 1.038131, 1.594227 }, .best = 680.6300573,
      .accuracy = 1e-6 },
};

int constrained_count(void) { return (int)(sizeof table / sizeof *table); }
const constrained_problem *constrained_get(int i) { return &table[i]; }
