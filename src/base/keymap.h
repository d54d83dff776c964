/* SPDX-License-Identifier: BSD-3-Clause */
/* keymap.h -- from 64-bit keys to variable numbers. Most graphs number their variables in order: as long as each key added is the
 * one after the last, with the number after the last, two integers say it all. What is out of that order goes into an
 * open-addressing hash table. */
#ifndef FGOI_KEYMAP_H
#define FGOI_KEYMAP_H
#include <stddef.h>
#include <stdint.h>

#define FGOI_NO_VALUE UINT32_MAX /* a macro, since an enumerator must fit an int */

typedef struct fgoi_keymap {
    uint64_t first;       /* keys first, first + 1, ..., modulo 2^64, */
    uint32_t first_value; /* have the values first_value, ... */
    uint32_t run;         /* so many of them */
    int64_t *key;         /* the keys outside the run */
    uint32_t *value;      /* FGOI_NO_VALUE: empty slot */
    size_t slots;         /* a power of two, or 0 */
    size_t count;         /* keys in slots */
} fgoi_keymap;

/* Returns the value of a key; FGOI_NO_VALUE if the key is not there. */
uint32_t fgoi_keymap_find(const fgoi_keymap *m, int64_t key);
/* Adds a key that is not there yet, with a value below FGOI_NO_VALUE. Returns 0, or -1 when out of memory, with the map as it
 * was. */
int fgoi_keymap_add(fgoi_keymap *m, int64_t key, uint32_t value);
/* Removes a key, which must be the last added of the keys that are there. Does nothing if the key is not there. */
void fgoi_keymap_remove(fgoi_keymap *m, int64_t key);
/* Goes through the keys outside the run. *at begins at 0. Returns 1 with a key and its value, or 0 after the last one. */
int fgoi_keymap_next(const fgoi_keymap *m, size_t *at, int64_t *key, uint32_t *value);
/* Makes the empty map `to` the same as `from`. Returns 0, or -1 when out of memory. */
int fgoi_keymap_copy(fgoi_keymap *to, const fgoi_keymap *from);
void fgoi_keymap_free(fgoi_keymap *m);
#endif
