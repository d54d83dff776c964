/* SPDX-License-Identifier: BSD-3-Clause */
/* signed_overflow.c -- adds 1 to INT_MAX: the undefined behaviour sanitizer must say so. */
#include <limits.h>

int main(int argc, char **argv)
{
    (void)argv;
    volatile int most = INT_MAX;
    return most + argc == 0; /* argc is 1 */
}
