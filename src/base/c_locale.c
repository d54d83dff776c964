/* SPDX-License-Identifier: BSD-3-Clause */
/* c_locale.c -- POSIX's locales of threads: setlocale would change them for all threads of the host program. */
#include "c_locale.h"

int fgoi_c_locale_enter(fgoi_c_locale *l)
{
    l->made = newlocale(LC_ALL_MASK, "C", (locale_t)0);
    if (!l->made) return -1;
    l->before = uselocale(l->made);
    return 0;
}

void fgoi_c_locale_leave(fgoi_c_locale *l)
{
    uselocale(l->before);
    freelocale(l->made);
}
