/* SPDX-License-Identifier: BSD-3-Clause */
/* levenberg_marquardt.c -- the damping rule of H. B. Nielsen, "Damping parameter in Marquardt's method",
 * IMM-REP-1999-05: taken:    lambda *= max(1/3, 1 - (2 rho - 1)^3),  nu = 2 refused:  lambda *= nu,  nu *= 2 with rho
 * the gain ratio. */
#include "policy.h"
#include <math.h>

static const double LEAST_GAIN = 1e-3;                                /* a step must give this part of what the model promised */
static const double NEGLIGIBLE = 1e-12, LEAST = 1e-6, LARGEST = 1e16; /* of lambda, in units of the diagonal */

static void start(fgoi_policy *p, double initial_lambda, double unit)
{
    p->unit = unit > 0.0 ? unit : 1.0;
    p->lambda = initial_lambda * p->unit;
    p->nu = 2.0;
}

static int takes(const fgoi_policy *p, double gain_ratio)
{
    (void)p;
    return gain_ratio > LEAST_GAIN;
}

static void taken(fgoi_policy *p, double gain_ratio)
{
    const double q = 2.0 * gain_ratio - 1.0;
    p->lambda *= fmax(1.0 / 3.0, 1.0 - q * q * q);
    if (p->lambda < NEGLIGIBLE * p->unit) p->lambda = 0.0;
    p->nu = 2.0;
}

static int refused(fgoi_policy *p)
{
    if (p->lambda < LEAST * p->unit) {
        p->lambda = LEAST * p->unit;
        return 0;
    }
    p->lambda *= p->nu;
    p->nu *= 2.0;
    return p->lambda <= LARGEST * p->unit ? 0 : -1;
}

const fgoi_policy_class fgoi_levenberg_marquardt = { start, takes, taken, refused };
