/* SPDX-License-Identifier: BSD-3-Clause */
/* memory.h -- every allocation of the library goes through these three, with checked sizes. */
#ifndef FGOI_MEMORY_H
#define FGOI_MEMORY_H
#include <stddef.h>

/* Allocates count * size bytes, zeroed. Returns NULL when the product overflows or memory is out; a valid pointer if count is
 * 0. */
void *fgoi_alloc(size_t count, size_t size);

/* Makes *array hold at least `need` elements of `size` bytes, growing by half so that appending is linear. New elements are not
 * set. The array starts as NULL with *capacity 0. Returns 0, or -1 with everything as it was. */
int fgoi_grow(void *array, size_t *capacity, size_t need, size_t size);

/* Gives back the memory beyond the first `used` elements of an array that has grown. */
void fgoi_shrink(void *array, size_t *capacity, size_t used, size_t size);

void fgoi_free(void *p);

/* Returns how many allocations this thread has made so far: the test that forbids allocations inside an iteration counts them. */
size_t fgoi_allocation_count(void);
void fgoi_count_allocation(void); /* counts an allocation made elsewhere */
#endif
