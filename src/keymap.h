/* SPDX-License-Identifier: BSD-3-Clause */
/* keymap.h -- 64-bit keys to variable numbers: an open-addressing hash table. */
#ifndef FGOI_KEYMAP_H
#define FGOI_KEYMAP_H
#include <stddef.h>
#include <stdint.h>

#define FGOI_NO_VALUE UINT32_MAX /* no enumerator, which must fit an int */

typedef struct fgoi_keymap {
    int64_t *key;
    uint32_t *value; /* FGOI_NO_VALUE: empty slot */
    size_t slots;    /* a power of two, or 0 */
    size_t count;
} fgoi_keymap;

/* The value of a key, FGOI_NO_VALUE if it is not there. */
uint32_t fgoi_keymap_find(const fgoi_keymap *m, int64_t key);
/* Adds a key that is not there yet. Returns 0, or -1 when out of memory, with the map as it was. */
int fgoi_keymap_add(fgoi_keymap *m, int64_t key, uint32_t value);
/* Nothing happens if the key is not there. */
void fgoi_keymap_remove(fgoi_keymap *m, int64_t key);
void fgoi_keymap_free(fgoi_keymap *m);
#endif
