/* SPDX-License-Identifier: BSD-3-Clause */
/* noise.h -- from a noise model to the whitening matrix W, upper triangular with W' W = Omega. */
#ifndef FGOI_NOISE_H
#define FGOI_NOISE_H
#include "base/error.h"
#include <fgopt/factor.h>

/* Computes W, the upper triangle packed by rows. *projected becomes 1 if negative eigenvalues were set to zero, else 0. Returns
 * FGO_ERROR_INFORMATION for an indefinite or asymmetric matrix, FGO_ERROR_ARGUMENT for numbers that are not finite. */
fgo_status fgoi_whitening(const fgo_noise *noise, int rows, double *W, int *projected);
#endif
