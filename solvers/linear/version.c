/* SPDX-License-Identifier: BSD-3-Clause */
#include <fgopt/version.h>
#include "matrix/linear.h"

const char *fgo_version(void) { return FGO_VERSION; }

const char *fgo_license(void) { return fgoi_cholmod_license(); }
