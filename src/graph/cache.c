/* SPDX-License-Identifier: BSD-3-Clause */
/* cache.c -- holds one counted reference, guarded by a mutex. */
#include "cache.h"
#include "base/memory.h"

fgoi_cache *fgoi_cache_create(void)
{
    fgoi_cache *c = fgoi_alloc(1, sizeof *c);
    if (c) pthread_mutex_init(&c->mutex, NULL);
    return c;
}

void fgoi_cache_free(fgoi_cache *c)
{
    if (!c) return;
    if (c->content) c->release(c->content);
    pthread_mutex_destroy(&c->mutex);
    fgoi_free(c);
}

void fgoi_cache_put(fgoi_cache *c, void *content, void (*retain)(void *), void (*release)(void *))
{
    if (c->content) c->release(c->content);
    c->content = content;
    c->retain = retain;
    c->release = release;
}

void fgoi_cache_share(fgoi_cache *to, fgoi_cache *from)
{
    pthread_mutex_lock(&from->mutex);
    if (from->content) {
        from->retain(from->content);
        fgoi_cache_put(to, from->content, from->retain, from->release);
    }
    pthread_mutex_unlock(&from->mutex);
}
