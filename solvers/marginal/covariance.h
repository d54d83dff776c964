/* SPDX-License-Identifier: BSD-3-Clause */
/* covariance.h -- covariances of a problem. */
#ifndef FGOI_COVARIANCE_H
#define FGOI_COVARIANCE_H
#include "evaluate/problem.h"
#include <fgopt/covariance.h>

/* Creates covariances as fgo_covariance_create does, for a problem, which is copied: at its values, with its losses and weights.
 * Graph and overrides must outlive the object. */
fgo_status fgoi_covariance_create(const fgoi_problem *problem, int threads, fgo_covariance **out);
#endif
