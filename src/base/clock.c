/* SPDX-License-Identifier: BSD-3-Clause */
/* clock.c -- POSIX's monotonic clock in seconds; a double resolves 2 ns until 194 days after the start of the machine. */
#define _POSIX_C_SOURCE 199309L /* clock_gettime */
#include "clock.h"
#include <time.h>

double fgoi_now_s(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

void fgoi_lap(double *since, double *a, double *b)
{
    const double now = fgoi_now_s();
    *a += now - *since;
    *b += now - *since;
    *since = now;
}
