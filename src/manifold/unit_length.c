/* SPDX-License-Identifier: BSD-3-Clause */
/* unit_length.c -- scales vectors of any finite size to unit length. */
#include "unit_length.h"
#include <math.h>

static double times_power(double x, int exponent) { return exponent ? ldexp(x, exponent) : x; }

int fgoi_all_finite(const double *x, int n)
{
    for (int i = 0; i < n; i++)
        if (!isfinite(x[i])) return 0;
    return 1;
}

int fgoi_unit_length(double *x, int n)
{
    double largest = 0.0, sum = 0.0;
    for (int i = 0; i < n; i++) {
        if (!isfinite(x[i])) return -1;
        largest = fmax(largest, fabs(x[i]));
    }
    if (largest == 0.0) return -1;
    /* squares must neither overflow nor underflow */
    const int exponent = largest > 1e-100 && largest < 1e100 ? 0 : ilogb(largest);
    for (int i = 0; i < n; i++) {
        double y = times_power(x[i], -exponent);
        sum += y * y;
    }
    double length = sqrt(sum);
    if (fabs(times_power(length, exponent) - 1.0) < 1e-15) return 0;
    for (int i = 0; i < n; i++) x[i] = times_power(x[i], -exponent) / length;
    return 0;
}
