/* SPDX-License-Identifier: BSD-3-Clause */
/* version.c -- was this program compiled against the library that it runs with, and under which licence is the whole? */
#include <fgopt/version.h>
#include <stdio.h>
#include <string.h>

int main(void)
{
    printf("compiled for %s, runs with %s\n%s\n", FGO_VERSION, fgo_version(), fgo_license());
    return strcmp(FGO_VERSION, fgo_version()) == 0 ? 0 : 1;
}
