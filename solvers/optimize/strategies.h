/* SPDX-License-Identifier: BSD-3-Clause */
/* strategies.h -- the built-in strategies: one row each, from which names and help of the option `method` come.
 *
 * To add one: a file that defines `const fgo_strategy_class fgoi_strategy_NAME`, and a row here. */
#ifndef FGOI_STRATEGIES_H
#define FGOI_STRATEGIES_H
#include "base/error.h"
#include <fgopt/solver.h>
#include <fgopt/strategy.h>

/* ROW(NAME, HELP), in the order of fgo_method's numbers. */
#define FGOI_STRATEGIES(ROW)                                                                                                     \
    ROW(lm, "Levenberg-Marquardt")                                                                                               \
    ROW(gn, "Gauss-Newton, full steps")                                                                                          \
    ROW(auto, "full steps while they get anywhere, else Levenberg-Marquardt")

#define FGOI_DECLARE(NAME, HELP) extern const fgo_strategy_class fgoi_strategy_##NAME;
FGOI_STRATEGIES(FGOI_DECLARE)
#undef FGOI_DECLARE

/* Returns the strategy that `options` select: the caller's class, or the built-in one of the method. */
const fgo_strategy_class *fgoi_strategy_find(const fgo_options *options);

/* Checks a class. FGO_ERROR_ARGUMENT if it lacks what every strategy must have. */
fgo_status fgoi_strategy_check(const fgo_strategy_class *c);

/* Returns whether the strategy agrees that the steps have converged; 1 if its class does not judge that. */
int fgoi_strategy_converged(const fgo_strategy_class *c, void *state, fgo_linearization *p);
#endif
