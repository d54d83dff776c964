/* SPDX-License-Identifier: BSD-3-Clause */
/* c_locale.h -- the C locale for one thread and a while, so that numbers have a decimal point and messages are English
 * whatever the host program has set. */
#ifndef FGOI_C_LOCALE_H
#define FGOI_C_LOCALE_H
#include <locale.h>

/* What fgoi_c_locale_leave needs to put the thread's own locale back. */
typedef struct fgoi_c_locale {
    locale_t made, before;
} fgoi_c_locale;

/* Switches the calling thread to the C locale. Returns 0, or -1 when out of memory; then nothing is changed. */
int fgoi_c_locale_enter(fgoi_c_locale *l);
/* Switches the calling thread back to its own locale. */
void fgoi_c_locale_leave(fgoi_c_locale *l);
#endif
