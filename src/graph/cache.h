/* SPDX-License-Identifier: BSD-3-Clause */
/* cache.h -- what a client computed from a graph and leaves there for the next client.
 *
 * The cache is not part of the graph's state: a const graph has one too, and several threads that read one graph use it at once.
 * Content is counted by references, of which the cache holds one. */
#ifndef FGOI_CACHE_H
#define FGOI_CACHE_H
#include <pthread.h>

typedef struct fgoi_cache {
    pthread_mutex_t mutex;                                    /* must be locked while content is read or replaced */
    void *content;                                            /* or NULL */
    void (*retain)(void *content), (*release)(void *content); /* add and drop a reference; set with content */
} fgoi_cache;

/* Returns an empty cache, or NULL when out of memory. */
fgoi_cache *fgoi_cache_create(void);
void fgoi_cache_free(fgoi_cache *c); /* NULL is fine */

/* Replaces the content of the cache, which takes over the caller's reference to `content`. The caller has locked the mutex. */
void fgoi_cache_put(fgoi_cache *c, void *content, void (*retain)(void *), void (*release)(void *));

/* Makes `to`, which no other thread knows yet, hold the content of `from`. */
void fgoi_cache_share(fgoi_cache *to, fgoi_cache *from);
#endif
