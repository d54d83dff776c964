/* SPDX-License-Identifier: BSD-3-Clause */
/* class.h -- what a factor class must be. */
#ifndef FGOI_FACTOR_CLASS_H
#define FGOI_FACTOR_CLASS_H
#include <fgopt/factor.h>

/* FGO_ERROR_ARGUMENT, with the reason, if c is not a class that can be used. */
fgo_status fgoi_check_class(const fgo_factor_class *c);
#endif
