/* SPDX-License-Identifier: BSD-3-Clause */
/* sort.h -- three-way comparisons for qsort, and the sorts of plain numbers. A difference of two numbers is no comparison: it
 * can overflow. */
#ifndef FGOI_SORT_H
#define FGOI_SORT_H
#include <stddef.h>
#include <stdint.h>

/* Compares a with b: returns a number less than, equal to or greater than 0 as a is less than, equal to or greater than b. NaN
 * equals everything, so that sorts need numbers. */
static inline int fgoi_compare_int64(int64_t a, int64_t b) { return (a > b) - (a < b); }
static inline int fgoi_compare_size(size_t a, size_t b) { return (a > b) - (a < b); }
static inline int fgoi_compare_double(double a, double b) { return (a > b) - (a < b); }

/* Sorts n numbers, the least first. x may be NULL if n is 0. */
void fgoi_sort_doubles(double *x, size_t n);

/* The number of an element, and the key that the element is to be sorted by. */
typedef struct fgoi_keyed {
    int64_t key;
    size_t number;
} fgoi_keyed;

/* Sorts n rows by their keys, the least first; rows of one key by their numbers. row may be NULL if n is 0. */
void fgoi_sort_keyed(fgoi_keyed *row, size_t n);
#endif
