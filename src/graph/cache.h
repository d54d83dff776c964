/* SPDX-License-Identifier: BSD-3-Clause */
/* cache.h -- what others found out about a graph and leave with it for the next one who needs it.
 *
 * No part of what the graph is: a const graph has it too, and several threads that read one graph use it at once. Content is
 * counted by references, of which the cache holds one. */
#ifndef FGOI_CACHE_H
#define FGOI_CACHE_H
#include <pthread.h>

typedef struct fgoi_cache {
    pthread_mutex_t mutex;                                    /* to be locked while content is looked at or replaced */
    void *content;                                            /* or NULL */
    void (*retain)(void *content), (*release)(void *content); /* one reference more, one less; set with content */
} fgoi_cache;

/* NULL when out of memory. */
fgoi_cache *fgoi_cache_create(void);
void fgoi_cache_free(fgoi_cache *c); /* NULL is fine */

/* Puts content, whose reference becomes the cache's, in place of what is there. The caller has locked the mutex. */
void fgoi_cache_put(fgoi_cache *c, void *content, void (*retain)(void *), void (*release)(void *));

/* Makes `to`, which nobody else knows yet, hold what `from` holds. */
void fgoi_cache_share(fgoi_cache *to, fgoi_cache *from);
#endif
