/* SPDX-License-Identifier: BSD-3-Clause */
/* memory.h -- every allocation of the library goes through these three, with checked sizes. */
#ifndef FGOI_MEMORY_H
#define FGOI_MEMORY_H
#include <stddef.h>

/* count * size bytes, zeroed; NULL when the product overflows or memory is out. count 0 gives a valid pointer. */
void *fgoi_alloc(size_t count, size_t size);

/* Makes *array hold at least `need` elements of `size` bytes, growing by half so that appending is linear. New elements
 * are not set. Returns 0, or -1 with everything as it was. The array starts as NULL with *capacity 0. */
int fgoi_grow(void *array, size_t *capacity, size_t need, size_t size);

/* Gives back what is not used of an array that has grown. */
void fgoi_shrink(void *array, size_t *capacity, size_t used, size_t size);

void fgoi_free(void *p);

/* Allocations made so far by this thread: what the test that forbids them inside an iteration counts. */
size_t fgoi_allocation_count(void);
void fgoi_count_allocation(void); /* one made elsewhere */
#endif
