/* SPDX-License-Identifier: BSD-3-Clause */
int main(void)
{
    double x = 1.5;
    int truncated = x; /* -Wconversion */
    return truncated - 1;
}
