/* SPDX-License-Identifier: BSD-3-Clause */
/* policy.h -- what tells Gauss-Newton from Levenberg-Marquardt: how much to damp, and which steps to take. */
#ifndef FGOI_POLICY_H
#define FGOI_POLICY_H

typedef struct fgoi_policy fgoi_policy;

typedef struct fgoi_policy_class {
    /* Called once. unit: the damping that doubles the largest damped diagonal entry; initial_lambda is relative to it. */
    void (*start)(fgoi_policy *p, double initial_lambda, double unit);
    /* Is a finite step with this gain ratio (actual over predicted reduction) taken? */
    int (*takes)(const fgoi_policy *p, double gain_ratio);
    void (*taken)(fgoi_policy *p, double gain_ratio);
    /* After a step that was not taken, or a system that could not be factorized: 0 to try again, -1 to give up. */
    int (*refused)(fgoi_policy *p);
} fgoi_policy_class;

struct fgoi_policy {
    const fgoi_policy_class *c;
    double lambda; /* damping of the next step */
    double nu;     /* factor of the next increase */
    double unit;
};

extern const fgoi_policy_class fgoi_gauss_newton, fgoi_levenberg_marquardt;
#endif
