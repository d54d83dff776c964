/* SPDX-License-Identifier: BSD-3-Clause */
/* pages.h -- large pieces of memory, on huge pages where the system has them. The first touch of a page of 4 kB takes 1 to 2
 * microseconds in a virtual machine, ten times what clearing it takes; with 2 MB pages the same memory costs a third. */
#ifndef FGOI_PAGES_H
#define FGOI_PAGES_H
#include <stddef.h>

typedef struct fgoi_pages {
    void *base; /* NULL: none */
    size_t size;
    int mapped; /* by the system, else allocated */
} fgoi_pages;

/* Zeroed memory that begins at a cache line; NULL when memory is out. *p is where fgoi_pages_free finds it. */
void *fgoi_pages_alloc(fgoi_pages *p, size_t size);
void fgoi_pages_free(fgoi_pages *p);
#endif
