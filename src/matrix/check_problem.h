/* SPDX-License-Identifier: BSD-3-Clause */
/* check_problem.h -- random least-squares problems with which linear solvers are checked: normal matrices of blocks, and their
 * inverses in long double. */
#ifndef FGOI_CHECK_PROBLEM_H
#define FGOI_CHECK_PROBLEM_H
#include "base/error.h"
#include "jacobian.h"
#include "pattern.h"

typedef struct fgoi_check_problem {
    fgoi_pattern pattern;
    fgoi_jacobian jacobian;
    double *J, *r; /* of the jacobian; r has `rows` numbers */
    size_t n;
    double *H, *b;    /* H = J' J rounded, n x n; b = -J' r */
    long double *Z;   /* H^-1, n x n */
    double condition; /* |H| |H^-1| in the Frobenius norm */
    uint64_t random;  /* state of the generator */
} fgoi_check_problem;

/* Return a random number in (0, 1), and a random integer in 0 .. n - 1. */
double fgoi_check_uniform(fgoi_check_problem *q);
int fgoi_check_below(fgoi_check_problem *q, int n);

/* Makes a well-conditioned problem of `blocks` blocks of 1 .. largest scalars each; a pair of blocks is connected with
 * probability `density`. The caller calls fgoi_check_problem_free, also after a failure. */
fgo_status fgoi_check_problem_make(fgoi_check_problem *q, uint64_t seed, int blocks, int largest, double density);
void fgoi_check_problem_free(fgoi_check_problem *q);

/* Computes H and b from J and r. */
void fgoi_check_problem_multiply(fgoi_check_problem *q);

/* Computes Z and the condition of H, which must be positive definite. */
void fgoi_check_problem_invert(fgoi_check_problem *q);
#endif
