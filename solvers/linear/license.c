/* SPDX-License-Identifier: BSD-3-Clause */
/* license.c -- the licence in effect, which depends on CHOLMOD's modules: CMake defines FGOPT_NO_GPL where only its LGPL modules
 * are used, and a CHOLMOD built without the supernodal module defines NSUPERNODAL in its header. */
#include <cholmod.h>
#include <fgopt/version.h>

const char *fgo_license(void)
{
#if defined FGOPT_NO_GPL || defined NSUPERNODAL
    return "BSD-3-Clause; CHOLMOD's LGPL-2.1+ modules only";
#else
    return "BSD-3-Clause; linked with CHOLMOD's GPL-2+ modules, so GPL-2+ applies to the combination";
#endif
}
