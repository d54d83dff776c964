/* SPDX-License-Identifier: BSD-3-Clause */
/* memory.c -- calloc, realloc and free, with the products of sizes checked. */
#include "memory.h"
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

static _Thread_local size_t allocations;

void *fgoi_alloc(size_t count, size_t size)
{
    allocations++;
    return calloc(count ? count : 1, size ? size : 1); /* calloc checks the product */
}

int fgoi_grow(void *array, size_t *capacity, size_t need, size_t size)
{
    void *old;
    if (need <= *capacity) return 0;
    size_t wanted = *capacity + *capacity / 2;
    if (wanted < need) wanted = need;
    if (wanted < 8) wanted = 8;
    if (wanted > SIZE_MAX / size) return -1;
    memcpy(&old, array, sizeof old); /* array is the address of a pointer of any type */
    allocations++;
    void *grown = realloc(old, wanted * size);
    if (!grown) return -1;
    memcpy(array, &grown, sizeof grown);
    *capacity = wanted;
    return 0;
}

void fgoi_shrink(void *array, size_t *capacity, size_t used, size_t size)
{
    void *old;
    if (!used || used == *capacity) return;
    memcpy(&old, array, sizeof old);
    void *smaller = realloc(old, used * size);
    if (!smaller) return; /* the array stays as large as it is */
    memcpy(array, &smaller, sizeof smaller);
    *capacity = used;
}

void fgoi_free(void *p) { free(p); }

void fgoi_count_allocation(void) { allocations++; }

size_t fgoi_allocation_count(void) { return allocations; }
