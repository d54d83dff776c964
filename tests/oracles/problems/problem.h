/* SPDX-License-Identifier: BSD-3-Clause */
/* problem.h -- problems of nonlinear least squares from published suites, whose answers are known: what a problem is, and how it
 * becomes a graph.
 *
 * A problem is a sum of squares over observations, each a factor of one class on the one variable of all parameters, as users fit
 * curves. nist.c and mgh.c have the tables; constrained.h those with constraints. */
#ifndef FGOPT_TESTS_PROBLEM_H
#define FGOPT_TESTS_PROBLEM_H
#include "observation.h"
#include <fgopt/fgopt.h>

enum { PROBLEM_PARAMETERS = 11, PROBLEM_OBSERVATIONS = 256, PROBLEM_STARTS = 3, PROBLEM_MINIMA = 2 };

typedef struct problem {
    char name[32];
    const fgo_factor_class *residual; /* of one observation */
    int n;                            /* parameters */
    int observations;                 /* factors */
    observation data[PROBLEM_OBSERVATIONS];
    int starts;
    double start[PROBLEM_STARTS][PROBLEM_PARAMETERS];
    double best;                           /* the least sum of squares that is known, which is the cost F of the graph */
    double best_error;                     /* half a unit of its last digit */
    int unique;                            /* 1: `minimizer` is the only place of the best; else others have the same cost */
    double minimizer[PROBLEM_PARAMETERS];  /* where the best is */
    double last_digit[PROBLEM_PARAMETERS]; /* half a unit of the last digit of each of its numbers; 0: exact */
    double deviation[PROBLEM_PARAMETERS];  /* certified standard deviations, scaled by F; 0: none are known */
    int minima;                            /* other known local minima */
    double minimum[PROBLEM_MINIMA];        /* their costs */
    int bounded;                           /* 1: there is a variant with bounds */
    double lower[PROBLEM_PARAMETERS], upper[PROBLEM_PARAMETERS];
    double bounded_best, bounded_minimizer[PROBLEM_PARAMETERS]; /* the least sum of squares within the bounds, and where */
} problem;

/* Returns how many problems the suite has. */
int nist_count(void);
int mgh_count(void);
/* Returns the name of problem i of the NIST suite, which is that of its file without the ending. */
const char *nist_name(int i);
/* Reads problem i of the NIST suite from its file in `folder`. Returns 0, 1 if there is no such file, -1 if the file is not what
 * is expected. */
int nist_read(const char *folder, int i, problem *out);
/* Fills *out with problem i = 0 .. 18 of More, Garbow and Hillstrom, which has number i + 1 there. */
void mgh_fill(int i, problem *out);

/* Fills *out with the manifold of n parameters that the residuals ask for; see parameters.h. */
fgo_status problem_manifold(int n, fgo_manifold *out);
/* Makes the graph of a problem at x: one variable of key 0, and a factor for each observation. The caller frees *out. */
fgo_status problem_graph(const problem *p, const double *x, fgo_graph **out);
/* Evaluates all residuals at x: e receives one number for each row of each factor, J (or NULL) n numbers for each of those. Returns
 * the number of rows, or -1 if a residual is not finite. */
int problem_evaluate(const problem *p, const double *x, double *e, double *J);

enum { PROBLEM_ROWS = 2 * PROBLEM_OBSERVATIONS }; /* room for e */
#endif
