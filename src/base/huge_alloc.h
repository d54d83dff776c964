/* SPDX-License-Identifier: BSD-3-Clause */
/* huge_alloc.h -- large pieces of memory, on huge pages where the system has them. The first touch of a page of 4 kB takes 1 to 2
 * microseconds in a virtual machine, ten times what clearing it takes; with 2 MB pages the same memory costs a third. */
#ifndef FGOI_HUGE_ALLOC_H
#define FGOI_HUGE_ALLOC_H
#include <stddef.h>

typedef struct fgoi_huge_block {
    void *base; /* start of the memory; NULL: none */
    size_t size;
    int mapped; /* 1: mapped by the system; 0: allocated */
} fgoi_huge_block;

/* Returns `size` bytes of zeroed memory that begins at a cache line; NULL when out of memory. *p is for fgoi_huge_free. */
void *fgoi_huge_alloc(fgoi_huge_block *p, size_t size);
void fgoi_huge_free(fgoi_huge_block *p);
#endif
