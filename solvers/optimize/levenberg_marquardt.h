/* SPDX-License-Identifier: BSD-3-Clause */
/* levenberg_marquardt.h -- the state of Levenberg-Marquardt, for the test of its damping rule. */
#ifndef FGOI_LEVENBERG_MARQUARDT_H
#define FGOI_LEVENBERG_MARQUARDT_H

typedef struct fgoi_lm {
    double lambda; /* damping of the next step */
    double nu;     /* factor of the next increase */
    double unit;   /* the damping that doubles the largest damped diagonal entry; initial_lambda is relative to it */
    double *added; /* to the diagonal */
    int scaled;    /* D is H's diagonal, else 1 */
} fgoi_lm;
#endif
