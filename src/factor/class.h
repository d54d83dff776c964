/* SPDX-License-Identifier: BSD-3-Clause */
/* class.h -- what a factor class must be. */
#ifndef FGOI_FACTOR_CLASS_H
#define FGOI_FACTOR_CLASS_H
#include <fgopt/factor.h>

/* Checks that c is a class that can be used. Returns FGO_ERROR_ARGUMENT, with the reason, if it is not. */
fgo_status fgoi_check_class(const fgo_factor_class *c);
#endif
