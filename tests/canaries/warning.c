/* SPDX-License-Identifier: BSD-3-Clause */
/* warning.c -- compiles with a warning, which must fail the build. */
int main(void)
{
    double x = 1.5;
    int truncated = x; /* -Wconversion */
    return truncated - 1;
}
