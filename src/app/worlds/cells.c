/* SPDX-License-Identifier: BSD-3-Clause */
/* cells.c -- a lattice of cells by open addressing; the table is at most half full, so probes are short. */
#include "world.h"
#include <stdlib.h>

static int64_t key_of(int64_t x, int64_t y, int64_t z)
{
    const int64_t bias = 1 << 20; /* coordinates in [-2^20, 2^20) */
    return (((x + bias) << 42) | ((y + bias) << 21)) | (z + bias);
}

static size_t slot_of(const cells *c, int64_t key)
{
    uint64_t hash = (uint64_t)key * 0x9e3779b97f4a7c15u; /* Fibonacci hashing, D. Knuth vol. 3, 6.4 */
    size_t slot = (size_t)(hash >> 20) & c->mask;
    while (c->last[slot] != CELL_NONE && c->key[slot] != key) slot = (slot + 1) & c->mask;
    return slot;
}

int cells_create(cells *c, size_t poses)
{
    size_t slots = 16;
    while (slots < 2 * poses) slots *= 2;
    c->mask = slots - 1;
    c->key = malloc(slots * sizeof *c->key);
    c->last = malloc(slots * sizeof *c->last);
    c->before = malloc((poses + 1) * sizeof *c->before);
    if (!c->key || !c->last || !c->before) {
        cells_free(c);
        return -1;
    }
    for (size_t i = 0; i < slots; i++) c->last[i] = CELL_NONE;
    return 0;
}

void cells_free(cells *c)
{
    free(c->key);
    free(c->last);
    free(c->before);
    *c = (cells){ NULL, NULL, NULL, 0 };
}

void cells_add(cells *c, int64_t x, int64_t y, int64_t z, size_t pose)
{
    int64_t key = key_of(x, y, z);
    size_t slot = slot_of(c, key);
    c->before[pose] = c->last[slot];
    c->key[slot] = key;
    c->last[slot] = (int64_t)pose;
}

int64_t cells_latest(const cells *c, int64_t x, int64_t y, int64_t z) { return c->last[slot_of(c, key_of(x, y, z))]; }
