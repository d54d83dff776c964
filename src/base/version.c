/* SPDX-License-Identifier: BSD-3-Clause */
/* version.c -- the version as the library was compiled, for programs that were compiled against another. */
#include <fgopt/version.h>

const char *fgo_version(void) { return FGO_VERSION; }
