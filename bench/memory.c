/* SPDX-License-Identifier: BSD-3-Clause */
/* memory.c -- malloc and its kin, mmap and munmap of this program stand before the C library's and count. glibc's own
 * are behind them under the names __libc_malloc and so on. */
#define _GNU_SOURCE
#include "memory.h"
#include <errno.h>
#include <malloc.h>
#include <stdatomic.h>
#include <stdint.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

void *__libc_malloc(size_t size);
void *__libc_calloc(size_t count, size_t size);
void *__libc_realloc(void *p, size_t size);
void __libc_free(void *p);

#define SEEN_BY_LIBRARIES __attribute__((visibility("default")))
enum { MAPS = 64, PAGE = 4096 };
static atomic_size_t held, most, begin, earlier;
static struct {
    void *p;
    size_t size;
} map[MAPS]; /* by mmap; this program maps in one thread at a time */

static void add(size_t size)
{
    const size_t now = atomic_fetch_add(&held, size) + size;
    for (size_t seen = atomic_load(&most); now > seen;)
        if (atomic_compare_exchange_weak(&most, &seen, now)) break;
}

SEEN_BY_LIBRARIES void *malloc(size_t size)
{
    void *p = __libc_malloc(size);
    add(malloc_usable_size(p));
    return p;
}

SEEN_BY_LIBRARIES void *calloc(size_t count, size_t size)
{
    void *p = __libc_calloc(count, size);
    add(malloc_usable_size(p));
    return p;
}

SEEN_BY_LIBRARIES void *realloc(void *p, size_t size)
{
    const size_t before = malloc_usable_size(p);
    void *q = __libc_realloc(p, size);
    if (q || !size) atomic_fetch_sub(&held, before);
    add(malloc_usable_size(q));
    return q;
}

SEEN_BY_LIBRARIES void free(void *p)
{
    atomic_fetch_sub(&held, malloc_usable_size(p));
    __libc_free(p);
}

/* Bytes of all maps that are in memory. */
static size_t touched(void)
{
    static unsigned char page[1 << 16];
    size_t pages = 0;
    for (int i = 0; i < MAPS; i++)
        for (size_t at = 0; map[i].p && at < map[i].size; at += sizeof page * PAGE) {
            const size_t rest = map[i].size - at, size = rest < sizeof page * PAGE ? rest : sizeof page * PAGE;
            if (mincore((char *)map[i].p + at, size, page)) continue;
            for (size_t k = 0; k < (size + PAGE - 1) / PAGE; k++) pages += page[k] & 1;
        }
    return pages * PAGE;
}

void memory_begin(void)
{
    atomic_store(&most, atomic_load(&held));
    atomic_store(&begin, atomic_load(&held) + touched());
    atomic_store(&earlier, 0);
}

void memory_phase(void)
{
    atomic_store(&earlier, memory_most());
    atomic_store(&most, atomic_load(&held));
}

size_t memory_most(void)
{
    const size_t now = atomic_load(&most) + touched() - atomic_load(&begin), before = atomic_load(&earlier);
    return now > before ? now : before;
}

static int refused;

void memory_refuse_maps(int yes) { refused = yes; }

SEEN_BY_LIBRARIES void *mmap(void *address, size_t size, int protection, int flags, int file, off_t offset)
{
    memory_phase(); /* what was given back before does not count beside this */
    if (refused) {
        errno = ENOMEM;
        return MAP_FAILED;
    }
    void *p = (void *)syscall(SYS_mmap, address, size, protection, flags, file, offset);
    for (int i = 0; p != MAP_FAILED && (flags & MAP_ANONYMOUS) && i < MAPS; i++)
        if (!map[i].p) {
            map[i].p = p, map[i].size = size;
            break;
        }
    return p;
}

SEEN_BY_LIBRARIES int munmap(void *p, size_t size)
{
    for (int i = 0; i < MAPS; i++)
        if (map[i].p == p) map[i].p = NULL;
    return (int)syscall(SYS_munmap, p, size);
}
