/* SPDX-License-Identifier: BSD-3-Clause */
/* hock_schittkowski.c -- the table of the problems with constraints: W. Hock, K. Schittkowski, "Test Examples for Nonlinear
 * Programming Codes", 1981, numbers 6, 7, 26, 39, 40, 65, 71, 100.
 *
 * Not all are sums of squares, so not all objectives are costs as they stand. 26 has a Hessian of the Lagrangian that is singular
 * at the solution; 40 has a second solution, with x3 and x4 negative. The solutions of 65, 71 and 100 are computed in 40 digits from the
 * conditions of Karush, Kuhn and Tucker; the book's have 7 to 10. */
#include "constrained.h"
#include <math.h>

extern const fgo_factor_class fgo_hs6, fgo_hs6_equal, fgo_hs7, fgo_hs7_equal, fgo_hs26, fgo_hs26_equal, fgo_hs39, fgo_hs39_equal,
    fgo_hs40, fgo_hs40_equal, fgo_hs65, fgo_hs65_positive, fgo_hs71, fgo_hs71_equal, fgo_hs71_positive, fgo_hs100,
    fgo_hs100_positive;

#define NONE                                                                                                                     \
    .lower = { -INFINITY, -INFINITY, -INFINITY, -INFINITY, -INFINITY, -INFINITY, -INFINITY },                                    \
    .upper = { INFINITY, INFINITY, INFINITY, INFINITY, INFINITY, INFINITY, INFINITY }

static const constrained_problem table[] = {
    { 6, 2, &fgo_hs6, 1, &fgo_hs6_equal, NULL, NONE, .start = { -1.2, 1 }, .solution = { 1, 1 }, .best = 0 },
    { 7, 2, &fgo_hs7, 0, &fgo_hs7_equal, NULL, NONE, .start = { 2, 2 }, .solution = { 0, 1.7320508075688772 },
      .best = -1.7320508075688772 },
    { 26, 3, &fgo_hs26, 1, &fgo_hs26_equal, NULL, NONE, .start = { -2.6, 2, 2 }, .solution = { 1, 1, 1 }, .best = 0 },
    { 39, 4, &fgo_hs39, 0, &fgo_hs39_equal, NULL, NONE, .start = { 2, 2, 2, 2 }, .solution = { 1, 1, 0, 0 }, .best = -1 },
    { 40, 4, &fgo_hs40, 0, &fgo_hs40_equal, NULL, NONE, .start = { 0.8, 0.8, 0.8, 0.8 },
      .solution = { 0.79370052598409974, 0.70710678118654752, 0.5297315471796477, 0.84089641525371454 }, .best = -0.25 },
    { 65, 3, &fgo_hs65, 1, NULL, &fgo_hs65_positive, .lower = { -4.5, -4.5, -5 }, .upper = { 4.5, 4.5, 5 }, .start = { -5, 5, 0 },
      .solution = { 3.6504617252130363, 3.6504617252130363, 4.6204175553200086 }, .best = 0.95352885680478284 },
    { 71, 4, &fgo_hs71, 0, &fgo_hs71_equal, &fgo_hs71_positive, .lower = { 1, 1, 1, 1 }, .upper = { 5, 5, 5, 5 },
      .start = { 1, 5, 5, 1 }, .solution = { 1, 4.7429996372644171, 3.8211499841848739, 1.3794082931726724 },
      .best = 17.014017289156302 },
    { 100, 7, &fgo_hs100, 0, NULL, &fgo_hs100_positive, NONE, .start = { 1, 2, 0, 4, 0, 1, 1 },
      .solution = { 2.33049937287957, 1.951372372896889, -0.47754139238887163, 4.3657262336558102, -0.62448697052681741,
                    1.0381310186079583, 1.5942267116118685 },
      .best = 680.63005737440215 },
};

int constrained_count(void) { return (int)(sizeof table / sizeof *table); }
const constrained_problem *constrained_get(int i) { return &table[i]; }
