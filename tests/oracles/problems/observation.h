/* SPDX-License-Identifier: BSD-3-Clause */
/* observation.h -- the measurement of the residuals of the suites: what was observed, and where. */
#ifndef FGOPT_TESTS_OBSERVATION_H
#define FGOPT_TESTS_OBSERVATION_H

/* Residuals without data (MGH 1, a system of equations) ignore it. */
typedef struct observation {
    double x;      /* the predictor: a time, or the number of the observation */
    double y;      /* the response */
    double second; /* the second predictor, where there is one */
} observation;
#endif
