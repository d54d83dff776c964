/* SPDX-License-Identifier: BSD-3-Clause */
/* factors.h -- the built-in factor classes.
 *
 * With delta = z^-1 x (prior on x) or delta = z^-1 (a^-1 b) (between a and b), z the measurement on the same manifold:
 *                     rows   g2o convention                            Log convention (class name ends in _log)
 *   prior, between_rn  n     x - z,  (b - a) - z
 *   SO(2)              1     angle of delta in (-pi, pi]
 *   SE(2)              3     (t, angle) of delta                       Log(delta) = (V^-1 t, angle)
 *   SO(3)              3     q_xyz of delta, q_w >= 0 (half angle)     Log(delta), a rotation vector
 *   SE(3)              6     (t, q_xyz) of delta, q_w >= 0             Log(delta) = (V^-1 t, rotation vector)
 * Units: metres, radians; q_xyz is half the rotation vector near zero, so weights of rotations are four times as large as
 * those of the Log convention for the same uncertainty. Source: R. Kuemmerle et al., "g2o", ICRA 2011 and its file format;
 * J. Sola et al. 2018 for Log. Measurements are the ambient values of manifold.h:
 * fgo_so2, fgo_se2, fgo_so3, fgo_se3, unit to rounding; n doubles in R^n. */
#ifndef FGOPT_FACTORS_H
#define FGOPT_FACTORS_H
#include <fgopt/factor.h>

#ifdef __cplusplus
extern "C" {
#endif

FGO_API extern const fgo_factor_class fgo_prior_so2, fgo_prior_se2, fgo_prior_so3, fgo_prior_se3;
FGO_API extern const fgo_factor_class fgo_prior_se2_log, fgo_prior_so3_log, fgo_prior_se3_log;
FGO_API extern const fgo_factor_class fgo_between_so2, fgo_between_se2, fgo_between_so3, fgo_between_se3;
FGO_API extern const fgo_factor_class fgo_between_se2_log, fgo_between_so3_log, fgo_between_se3_log;

/* Classes for R^n, n in 1 .. FGO_MAX_DIMENSION; the measurement is n doubles. The struct is the caller's; a graph copies it. */
FGO_API fgo_status fgo_prior_rn(int n, fgo_factor_class *out);
FGO_API fgo_status fgo_between_rn(int n, fgo_factor_class *out);

#ifdef __cplusplus
}
#endif
#endif
