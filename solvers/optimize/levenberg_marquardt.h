/* SPDX-License-Identifier: BSD-3-Clause */
/* levenberg_marquardt.h -- the state of Levenberg-Marquardt, shown for the test of its damping rule. */
#ifndef FGOI_LEVENBERG_MARQUARDT_H
#define FGOI_LEVENBERG_MARQUARDT_H
#include <fgopt/strategy.h>

typedef struct fgoi_lm {
    double lambda; /* damping of the next step */
    double nu;     /* by which the next rejection multiplies lambda */
    double unit;   /* the damping that doubles the largest damped diagonal entry; initial_lambda is relative to it */
    double *added; /* lambda D: what is added to the diagonal */
    int scaled;    /* 1: D is the diagonal of H; 0: D is the unit matrix */
} fgoi_lm;
#endif
