/* SPDX-License-Identifier: BSD-3-Clause */
/* block_arena.c -- places for the fronts in one piece of memory, reused as soon as a front is done.
 *
 * A front lives from when its first child adds its update to it until it is factored itself. First fit, lowest address
 * first: the memory in use stays small and in the cache. */
#include "block_front.h"
#include "memory.h"
#include <stdint.h>
#include <string.h>

typedef struct {
    size_t at, size;
} hole;

/* Free memory, ascending, never adjacent; behind `end` all is free. */
typedef struct {
    hole *hole;
    size_t count, capacity, end, largest_end;
} arena;

static void take(arena *a, size_t size, size_t *at)
{
    for (size_t i = 0; i < a->count; i++) {
        hole *h = &a->hole[i];
        if (h->size < size) continue;
        *at = h->at;
        h->at += size;
        h->size -= size;
        if (!h->size) memmove(h, h + 1, (--a->count - i) * sizeof *h);
        return;
    }
    *at = a->end;
    a->end += size;
    if (a->end > a->largest_end) a->largest_end = a->end;
}

static int give(arena *a, size_t at, size_t size)
{
    size_t i = a->count;
    if (fgoi_grow(&a->hole, &a->capacity, a->count + 1, sizeof *a->hole)) return -1;
    while (i > 0 && a->hole[i - 1].at > at) i--;
    memmove(a->hole + i + 1, a->hole + i, (a->count++ - i) * sizeof *a->hole);
    a->hole[i] = (hole){ at, size };
    if (i + 1 < a->count && at + size == a->hole[i + 1].at) {
        a->hole[i].size += a->hole[i + 1].size;
        memmove(a->hole + i + 1, a->hole + i + 2, (--a->count - i - 1) * sizeof *a->hole);
    }
    if (i > 0 && a->hole[i - 1].at + a->hole[i - 1].size == at) {
        a->hole[i - 1].size += a->hole[i].size;
        memmove(a->hole + i, a->hole + i + 1, (--a->count - i) * sizeof *a->hole);
        i--;
    }
    if (i + 1 == a->count && a->hole[i].at + a->hole[i].size == a->end) a->end = a->hole[--a->count].at;
    return 0;
}

static size_t area(const fgoi_front *f)
{
    const size_t size = (size_t)f->ld * (size_t)f->ld;
    return (size + 7) & ~(size_t)7;
}

int fgoi_arena_place(fgoi_layout *l)
{
    arena a = { 0 };
    int failed = 0;
    for (int f = 0; f < l->fronts && !failed; f++) {
        fgoi_front *front = &l->front[f];
        if (front->child < 0) take(&a, area(front), &front->F);
        if (front->parent >= 0 && l->front[front->parent].child == f)
            take(&a, area(&l->front[front->parent]), &l->front[front->parent].F);
        failed = give(&a, front->F, area(front));
    }
    l->arena_size = a.largest_end;
    fgoi_free(a.hole);
    return failed;
}
