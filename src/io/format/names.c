/* SPDX-License-Identifier: BSD-3-Clause */
/* names.c -- what conventions are called. */
#include <fgopt/io.h>

const char *fgo_convention_name(fgo_convention convention)
{
    switch (convention) {
    case FGO_CONVENTION_G2O: return "g2o";
    case FGO_CONVENTION_LOG: return "log";
    case FGO_CONVENTION_CERES: return "ceres";
    }
    return NULL;
}
