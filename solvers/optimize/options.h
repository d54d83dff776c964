/* SPDX-License-Identifier: BSD-3-Clause */
/* options.h -- validation of fgo_options against the table. */
#ifndef FGOI_OPTIONS_H
#define FGOI_OPTIONS_H
#include "base/error.h"
#include <fgopt/solver.h>

fgo_status fgoi_options_check(const fgo_options *o);
#endif
