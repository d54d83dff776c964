/* SPDX-License-Identifier: BSD-3-Clause */
/* huge_alloc.c -- maps large blocks from the boundary of a huge page on and asks for huge pages; small blocks come from
 * fgoi_alloc. */
#define _DEFAULT_SOURCE /* madvise, MAP_ANONYMOUS */
#include "huge_alloc.h"
#include "memory.h"
#include <stdint.h>

#if defined __SANITIZE_ADDRESS__
#define FGOI_MAPS 0 /* the sanitizer sees an overrun only of memory that malloc gave */
#elif defined __has_feature
#if __has_feature(address_sanitizer)
#define FGOI_MAPS 0
#endif
#endif
#if !defined FGOI_MAPS && defined __linux__
#define FGOI_MAPS 1
#include <sys/mman.h>
#endif

enum { LINE = 64, HUGE_PAGE = 2 << 20, SMALLEST = 1 << 20 };

#if FGOI_MAPS
/* Returns the size of the part of `size` bytes that is to lie on huge pages. A rest of less than a third of a huge page is
 * touched faster by small pages. */
static size_t huge_part(size_t size)
{
    const size_t rest = size % HUGE_PAGE;
    return size - rest + (rest > HUGE_PAGE / 3 ? HUGE_PAGE : 0);
}

/* Maps `size` bytes and up to a huge page more, from the boundary of a huge page. Returns NULL if there is no memory. */
static void *map(fgoi_huge_block *p, size_t size)
{
    const size_t huge = huge_part(size), wanted = huge > size ? huge : size;
    if (size > SIZE_MAX - 2 * (size_t)HUGE_PAGE) return NULL;
    char *base = mmap(NULL, wanted + HUGE_PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (base == MAP_FAILED) return NULL;
    char *start = base + (HUGE_PAGE - (uintptr_t)base % HUGE_PAGE) % HUGE_PAGE;
    *p = (fgoi_huge_block){ base, wanted + HUGE_PAGE, 1 };
#ifdef MADV_HUGEPAGE
    (void)madvise(start, huge, MADV_HUGEPAGE); /* only advice: without huge pages all else stays the same */
#endif
    fgoi_count_allocation();
    return start;
}
#endif

void *fgoi_huge_alloc(fgoi_huge_block *p, size_t size)
{
    *p = (fgoi_huge_block){ 0 };
#if FGOI_MAPS
    void *mapped = size >= SMALLEST ? map(p, size) : NULL;
    if (mapped) return mapped;
#endif
    if (size > SIZE_MAX - LINE) return NULL;
    p->base = fgoi_alloc(size + LINE, 1);
    return p->base ? (char *)p->base + (LINE - (uintptr_t)p->base % LINE) % LINE : NULL;
}

void fgoi_huge_free(fgoi_huge_block *p)
{
#if FGOI_MAPS
    if (p->mapped)
        munmap(p->base, p->size);
    else
#endif
        fgoi_free(p->base);
    *p = (fgoi_huge_block){ 0 };
}
