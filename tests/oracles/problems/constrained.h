/* SPDX-License-Identifier: BSD-3-Clause */
/* constrained.h -- problems with equality and inequality constraints from the collection of W. Hock and K. Schittkowski (1981),
 * with their solutions.
 *
 * Objective and constraints are residuals, so each has its Jacobian, and what is a constraint here can be a factor. */
#ifndef FGOPT_TESTS_CONSTRAINED_H
#define FGOPT_TESTS_CONSTRAINED_H
#include "observation.h"
#include <fgopt/fgopt.h>

enum { CONSTRAINED_PARAMETERS = 7 };

/* Minimize the objective where every row of `equal` is 0, every row of `positive` is at least 0, and lower <= x <= upper. */
typedef struct constrained_problem {
    int number; /* in the collection */
    int n;
    const fgo_factor_class *objective;
    int squares;                      /* 1: the objective is the sum of the squares of the rows; 0: it is the one row */
    const fgo_factor_class *equal;    /* or NULL */
    const fgo_factor_class *positive; /* or NULL */
    double lower[CONSTRAINED_PARAMETERS], upper[CONSTRAINED_PARAMETERS];
    double start[CONSTRAINED_PARAMETERS];
    double solution[CONSTRAINED_PARAMETERS];
    double best;
} constrained_problem;

int constrained_count(void);
const constrained_problem *constrained_get(int i);
#endif
