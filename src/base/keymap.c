/* SPDX-License-Identifier: BSD-3-Clause */
/* keymap.c -- an open-addressing hash table with linear probing (D. Knuth vol. 3, 6.4) for the keys that are out of order; keys
 * in order need no table. */
#include "keymap.h"
#include "memory.h"
#include <string.h>

enum { NEIGHBOURS = 3 }; /* in bits: 2^3 keys fill a cache line */

/* Returns the hash of a key. Ids are numbered in order, and lines of a file name neighbours: keys that differ in their lowest
 * bits lie side by side, so that a table larger than the caches is missed once for eight of them (reading a million edges took a
 * third of its time here). The other bits go through the finalizer of MurmurHash3 (A. Appleby, public domain), where each bit
 * reaches every bit of the slot. */
static size_t hash(int64_t key)
{
    uint64_t h = (uint64_t)key >> NEIGHBOURS;
    h ^= h >> 33;
    h *= 0xff51afd7ed558ccdULL;
    h ^= h >> 33;
    h *= 0xc4ceb9fe1a85ec53ULL;
    h ^= h >> 33;
    return (size_t)(h << NEIGHBOURS | ((uint64_t)key & ((1u << NEIGHBOURS) - 1)));
}

/* Returns the slot that holds the key, or the empty slot where the key belongs. */
static size_t slot_of(const fgoi_keymap *m, int64_t key)
{
    size_t i = hash(key) & (m->slots - 1);
    while (m->value[i] != FGOI_NO_VALUE && m->key[i] != key) i = (i + 1) & (m->slots - 1);
    return i;
}

/* Returns how far a key is after the first key of the run; a key before the first gives a large number. */
static uint64_t behind_first(const fgoi_keymap *m, int64_t key) { return (uint64_t)key - m->first; }

uint32_t fgoi_keymap_find(const fgoi_keymap *m, int64_t key)
{
    const uint64_t i = behind_first(m, key);
    if (i < m->run) return m->first_value + (uint32_t)i;
    return m->slots ? m->value[slot_of(m, key)] : FGOI_NO_VALUE;
}

/* Makes *m a map with the run of another and empty slots. Returns 0, or -1 when out of memory. */
static int make_slots(fgoi_keymap *m, const fgoi_keymap *like, size_t slots)
{
    *m = *like;
    m->key = fgoi_alloc(slots, sizeof *m->key);
    m->value = fgoi_alloc(slots, sizeof *m->value);
    m->slots = slots;
    if (m->key && m->value) {
        memset(m->value, 0xff, slots * sizeof *m->value); /* FGOI_NO_VALUE */
        return 0;
    }
    fgoi_keymap_free(m);
    return -1;
}

static int resize(fgoi_keymap *m, size_t slots)
{
    fgoi_keymap bigger;
    if (make_slots(&bigger, m, slots)) return -1;
    for (size_t i = 0; i < m->slots; i++)
        if (m->value[i] != FGOI_NO_VALUE) {
            size_t j = slot_of(&bigger, m->key[i]);
            bigger.key[j] = m->key[i];
            bigger.value[j] = m->value[i];
        }
    fgoi_free(m->key);
    fgoi_free(m->value);
    *m = bigger;
    return 0;
}

int fgoi_keymap_add(fgoi_keymap *m, int64_t key, uint32_t value)
{
    if (m->run == 0 && m->count == 0) {
        m->first = (uint64_t)key;
        m->first_value = value;
    }
    if (behind_first(m, key) == m->run && value == m->first_value + m->run && m->run < FGOI_NO_VALUE) {
        m->run++;
        return 0;
    }
    if (2 * (m->count + 1) > m->slots && resize(m, m->slots ? 2 * m->slots : 64)) return -1; /* at most half full */
    size_t i = slot_of(m, key);
    m->key[i] = key;
    m->value[i] = value;
    m->count++;
    return 0;
}

void fgoi_keymap_remove(fgoi_keymap *m, int64_t key)
{
    if (fgoi_keymap_find(m, key) == FGOI_NO_VALUE) return;
    if (behind_first(m, key) < m->run) {
        m->run--;
        return;
    }
    const size_t mask = m->slots - 1;
    size_t gap = slot_of(m, key);
    /* Entries after the gap move into the gap unless they would come to lie before the slot where their search begins. */
    for (size_t i = (gap + 1) & mask; m->value[i] != FGOI_NO_VALUE; i = (i + 1) & mask)
        if (((i - hash(m->key[i])) & mask) >= ((i - gap) & mask)) {
            m->key[gap] = m->key[i];
            m->value[gap] = m->value[i];
            gap = i;
        }
    m->value[gap] = FGOI_NO_VALUE;
    m->count--;
}

int fgoi_keymap_next(const fgoi_keymap *m, size_t *at, int64_t *key, uint32_t *value)
{
    while (*at < m->slots && m->value[*at] == FGOI_NO_VALUE) ++*at;
    if (*at >= m->slots) return 0;
    *key = m->key[*at];
    *value = m->value[(*at)++];
    return 1;
}

int fgoi_keymap_copy(fgoi_keymap *to, const fgoi_keymap *from)
{
    if (!from->slots) {
        *to = *from;
        return 0;
    }
    if (make_slots(to, from, from->slots)) return -1;
    memcpy(to->key, from->key, from->slots * sizeof *to->key);
    memcpy(to->value, from->value, from->slots * sizeof *to->value);
    return 0;
}

void fgoi_keymap_free(fgoi_keymap *m)
{
    fgoi_free(m->key);
    fgoi_free(m->value);
    memset(m, 0, sizeof *m);
}
