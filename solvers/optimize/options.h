/* SPDX-License-Identifier: BSD-3-Clause */
/* options.h -- reads and checks the options of a caller. */
#ifndef FGOI_OPTIONS_H
#define FGOI_OPTIONS_H
#include "base/error.h"
#include <fgopt/solver.h>

/* Reads a caller's options (NULL: defaults), of whatever version its struct is, and checks them against the table. */
fgo_status fgoi_options_read(const fgo_options *options, fgo_options *out);
#endif
