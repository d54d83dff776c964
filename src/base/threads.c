/* SPDX-License-Identifier: BSD-3-Clause */
/* threads.c -- a pool of POSIX threads that take parts from an atomic counter. */
#define _GNU_SOURCE /* sched_getaffinity */
#include "threads.h"
#include "error.h"
#include "memory.h"
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdatomic.h>
#include <unistd.h>

struct fgo_threads {
    int count, started;
    pthread_t *thread;
    pthread_mutex_t mutex;
    pthread_cond_t wake, done;
    unsigned long round; /* counts calls of run */
    int open;            /* the round may still be joined */
    int busy;            /* helpers at work on the round */
    int quit;
    size_t parts;
    atomic_size_t next; /* the next part to take */
    void (*work)(void *context, size_t part);
    void *context;
};

static void take_parts(fgoi_threads *t)
{
    for (;;) {
        size_t part = atomic_fetch_add_explicit(&t->next, 1, memory_order_relaxed);
        if (part >= t->parts) return;
        t->work(t->context, part);
    }
}

static void *helper(void *arg)
{
    fgoi_threads *t = arg;
    unsigned long seen = 0;
    pthread_mutex_lock(&t->mutex);
    for (;;) {
        while (!t->quit && !(t->open && t->round != seen)) pthread_cond_wait(&t->wake, &t->mutex);
        if (t->quit) break;
        seen = t->round;
        t->busy++;
        pthread_mutex_unlock(&t->mutex);
        take_parts(t);
        pthread_mutex_lock(&t->mutex);
        if (--t->busy == 0 && !t->open) pthread_cond_signal(&t->done);
    }
    pthread_mutex_unlock(&t->mutex);
    return NULL;
}

fgoi_threads *fgoi_threads_create(int count)
{
    sigset_t all, before;
    fgoi_threads *t = fgoi_alloc(1, sizeof *t);
    if (!t || !(t->thread = fgoi_alloc((size_t)count, sizeof *t->thread))) {
        fgoi_free(t);
        return NULL;
    }
    t->count = count;
    pthread_mutex_init(&t->mutex, NULL);
    pthread_cond_init(&t->wake, NULL);
    pthread_cond_init(&t->done, NULL);
    sigfillset(&all); /* the host's signals stay with the host's threads */
    pthread_sigmask(SIG_SETMASK, &all, &before);
    while (t->started < count - 1 && !pthread_create(&t->thread[t->started], NULL, helper, t)) t->started++;
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    if (t->started < count - 1) {
        fgoi_threads_free(t);
        return NULL;
    }
    return t;
}

static int available(void)
{
#ifdef __linux__
    cpu_set_t set;
    if (!sched_getaffinity(0, sizeof set, &set)) return CPU_COUNT(&set);
#endif
    const long online = sysconf(_SC_NPROCESSORS_ONLN);
    return online > 1 ? (int)online : 1;
}

fgo_status fgoi_threads_check(int threads)
{
    if (threads >= 0 && threads <= FGO_MAX_THREADS) return FGO_OK;
    return fgoi_fail(FGO_ERROR_ARGUMENT, "threads is %d; allowed: 0 (automatic) .. %d", threads, FGO_MAX_THREADS);
}

int fgoi_threads_start(int wanted, size_t entries, fgoi_threads **out)
{
    /* M3500 with 98000 entries gains nothing, city10000 with 370000 gains a tenth */
    enum { MIN_NONZEROS = 150000, MAX_PROCESSORS = 4 };
    int count = wanted;
    if (!wanted) {
        const int processors = entries < MIN_NONZEROS ? 1 : available();
        count = processors < MAX_PROCESSORS ? processors : MAX_PROCESSORS;
    }
    *out = count > 1 ? fgoi_threads_create(count) : NULL;
    return count > 1 && !*out && wanted ? -1 : 0;
}

int fgoi_threads_count(const fgoi_threads *t) { return t ? t->count : 1; }

void fgoi_threads_free(fgoi_threads *t)
{
    if (!t) return;
    pthread_mutex_lock(&t->mutex);
    t->quit = 1;
    pthread_cond_broadcast(&t->wake);
    pthread_mutex_unlock(&t->mutex);
    for (int i = 0; i < t->started; i++) pthread_join(t->thread[i], NULL);
    pthread_cond_destroy(&t->wake);
    pthread_cond_destroy(&t->done);
    pthread_mutex_destroy(&t->mutex);
    fgoi_free(t->thread);
    fgoi_free(t);
}

void fgoi_threads_run(fgoi_threads *t, size_t parts, void (*work)(void *context, size_t part), void *context)
{
    if (!t || parts < 2) {
        for (size_t part = 0; part < parts; part++) work(context, part);
        return;
    }
    pthread_mutex_lock(&t->mutex);
    t->parts = parts;
    t->work = work;
    t->context = context;
    t->open = 1;
    atomic_store_explicit(&t->next, 0, memory_order_relaxed);
    t->round++;
    pthread_cond_broadcast(&t->wake);
    pthread_mutex_unlock(&t->mutex);
    take_parts(t);
    pthread_mutex_lock(&t->mutex);
    t->open = 0; /* a helper that wakes up only now has nothing left to do, and is not waited for */
    while (t->busy) pthread_cond_wait(&t->done, &t->mutex);
    pthread_mutex_unlock(&t->mutex);
}
