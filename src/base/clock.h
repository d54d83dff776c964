/* SPDX-License-Identifier: BSD-3-Clause */
/* clock.h -- the clock that times are measured with. */
#ifndef FGOI_CLOCK_H
#define FGOI_CLOCK_H

/* Returns the seconds on a clock that never goes back; only differences mean anything. */
double fgoi_now_s(void);

/* Adds the time since *since to two clocks and sets *since to now. */
void fgoi_lap(double *since, double *a, double *b);
#endif
