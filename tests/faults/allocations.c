/* SPDX-License-Identifier: BSD-3-Clause */
/* allocations.c -- shim.h for the library's own allocations: the allocator of src/base/memory.h replaced at link time. */
#include "base/memory.h"
#include "shim.h"
#include <stdatomic.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

static atomic_long made;
static long failing = -1;

void fault_arm(fault_kind kind, long at, int error)
{
    (void)kind, (void)error;
    failing = at;
    atomic_store(&made, 0);
}

long fault_disarm(void)
{
    failing = -1;
    return atomic_load(&made);
}

long fault_live_blocks(void) { return 0; } /* the sanitizers look for leaks */

static int fails(void) { return atomic_fetch_add(&made, 1) == failing; }

void *fgoi_alloc(size_t count, size_t size) { return fails() ? NULL : calloc(count ? count : 1, size ? size : 1); }

int fgoi_grow(void *array, size_t *capacity, size_t need, size_t size)
{
    void *old;
    if (need <= *capacity) return 0;
    memcpy(&old, array, sizeof old);
    void *grown = fails() ? NULL : realloc(old, need * size); /* just what is needed: each growing may fail */
    if (!grown) return -1;
    memcpy(array, &grown, sizeof grown);
    *capacity = need;
    return 0;
}

void fgoi_shrink(void *array, size_t *capacity, size_t used, size_t size)
{
    void *old;
    if (!used || used == *capacity) return;
    memcpy(&old, array, sizeof old);
    void *smaller = fails() ? NULL : realloc(old, used * size);
    if (!smaller) return;
    memcpy(array, &smaller, sizeof smaller);
    *capacity = used;
}

void fgoi_free(void *p) { free(p); }

size_t fgoi_allocation_count(void) { return (size_t)atomic_load(&made); }

void fgoi_count_allocation(void) { atomic_fetch_add(&made, 1); }
