/* SPDX-License-Identifier: BSD-3-Clause */
/* gauss_newton.c -- full, undamped steps, up or down. */
#include "policy.h"

static void start(fgoi_policy *p, double initial_lambda, double unit)
{
    (void)initial_lambda, (void)unit;
    p->lambda = 0.0;
}

static int takes(const fgoi_policy *p, double gain_ratio)
{
    (void)p, (void)gain_ratio;
    return 1;
}

static void taken(fgoi_policy *p, double gain_ratio) { (void)p, (void)gain_ratio; }

static int refused(fgoi_policy *p)
{
    (void)p;
    return -1;
}

const fgoi_policy_class fgoi_gauss_newton = { start, takes, taken, refused };
