/* SPDX-License-Identifier: BSD-3-Clause */
#include <limits.h>

int main(int argc, char **argv)
{
    (void)argv;
    volatile int most = INT_MAX;
    return most + argc == 0; /* argc is 1 */
}
