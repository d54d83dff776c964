/* SPDX-License-Identifier: BSD-3-Clause */
/* score.h -- how good an answer to a problem with a known answer is. */
#ifndef FGOPT_TESTS_SCORE_H
#define FGOPT_TESTS_SCORE_H
#include "problem.h"

typedef enum verdict {
    VERDICT_SOLVED, /* the best: NIST, four digits of every parameter; MGH, a cost within 1e-6 of the best, or 1e-10 if that is 0 */
    VERDICT_EARLY,   /* a cost within 1e-6 of the best, but not four digits of every parameter */
    VERDICT_OTHER,   /* said to have converged, and it is another minimum */
    VERDICT_SADDLE,  /* said to have converged, and it is a stationary point from which the cost falls in some direction */
    VERDICT_FALSE,   /* said to have converged, and it is no stationary point */
    VERDICT_STOPPED, /* a limit was reached, or what was said is that it failed */
    VERDICT_COUNT
} verdict;

typedef struct score {
    double cost;      /* F at the answer */
    double excess;    /* (F - best) / best; F itself if the best is 0 */
    double digits;    /* least log relative error of the parameters; NAN if the best is found in several places */
    double deviation; /* the same of the standard deviations; NAN if there are none to compare with or none could be computed */
    double
        slope; /* largest |cosine| of the angle between the residuals and a column of their Jacobian: 0 at a stationary point */
    verdict verdict;
} score;

/* Returns NIST's log relative error, -log10 |value - certified| / |certified|, for a certified 0 of the error itself: the number of
 * right digits, at most `most`. */
double log_relative_error(double value, double certified, double most);
/* Returns the cosine `slope` at x, free of units (J. More's test of the gradient, MINPACK); 0 if the residuals are zero. */
double slope_at(const problem *p, const double *x);
/* Returns 1 if the Hessian of the cost at x, from differences of its gradient, has a direction of clearly negative curvature. */
int falls_somewhere(const problem *p, const double *x);
/* Returns the least log relative error of the standard deviations of the parameters that graph g has, scaled by `cost` divided by
 * the degrees of freedom; NAN if there are none to compare with or none can be computed. */
double deviation_digits(const problem *p, const fgo_graph *g, double cost);
/* Fills *out for the answer that graph g has after an optimization ended as t says. */
void score_answer(const problem *p, const fgo_graph *g, fgo_termination t, score *out);
const char *verdict_name(verdict v);
#endif
