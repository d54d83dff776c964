/* SPDX-License-Identifier: BSD-3-Clause */
/* sort.c -- qsort of plain numbers. */
#include "sort.h"
#include <stdlib.h>

static int by_size(const void *a, const void *b) { return fgoi_compare_double(*(const double *)a, *(const double *)b); }

void fgoi_sort_doubles(double *x, size_t n)
{
    if (n) qsort(x, n, sizeof *x, by_size);
}

static int by_key(const void *a, const void *b)
{
    const fgoi_keyed *x = a, *y = b;
    return x->key != y->key ? fgoi_compare_int64(x->key, y->key) : fgoi_compare_size(x->number, y->number);
}

void fgoi_sort_keyed(fgoi_keyed *row, size_t n)
{
    if (n) qsort(row, n, sizeof *row, by_key);
}
