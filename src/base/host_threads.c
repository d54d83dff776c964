/* SPDX-License-Identifier: BSD-3-Clause */
/* host_threads.c -- the functions are looked up in the running process, because neither OpenMP nor OpenBLAS need be there: which
 * OpenMP CHOLMOD was linked with, and whether its BLAS is OpenBLAS, is the system's choice. */
#define _GNU_SOURCE /* RTLD_DEFAULT */
#include "host_threads.h"
#include <dlfcn.h>
#include <pthread.h>
#include <string.h>

typedef struct {
    void (*omp_set_max_active_levels)(int);
    int (*omp_get_max_active_levels)(void);
    void (*openblas_set_num_threads)(int);
    int (*openblas_get_num_threads)(void);
} host_functions;

static host_functions host;
static pthread_once_t once = PTHREAD_ONCE_INIT;
static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static int users;        /* calls inside quiet .. restore */
static int blas_threads; /* the number that the first of these calls found */

static void look_up(void *function, const char *name)
{
    void *symbol = dlsym(RTLD_DEFAULT, name);
    memcpy(function, &symbol, sizeof symbol); /* ISO C has no cast from object to function pointers */
}

static void look_up_all(void)
{
    look_up(&host.omp_set_max_active_levels, "omp_set_max_active_levels");
    look_up(&host.omp_get_max_active_levels, "omp_get_max_active_levels");
    look_up(&host.openblas_set_num_threads, "openblas_set_num_threads");
    look_up(&host.openblas_get_num_threads, "openblas_get_num_threads");
}

fgoi_host_threads fgoi_host_threads_quiet(void)
{
    fgoi_host_threads before = { 0 };
    pthread_once(&once, look_up_all);
    if (host.omp_set_max_active_levels && host.omp_get_max_active_levels) {
        before.omp_levels = host.omp_get_max_active_levels();
        host.omp_set_max_active_levels(0);
    }
    if (host.openblas_set_num_threads && host.openblas_get_num_threads) {
        pthread_mutex_lock(&mutex);
        if (users++ == 0) {
            blas_threads = host.openblas_get_num_threads();
            if (blas_threads != 1) host.openblas_set_num_threads(1);
        }
        pthread_mutex_unlock(&mutex);
    }
    return before;
}

void fgoi_host_threads_restore(fgoi_host_threads before)
{
    if (host.omp_set_max_active_levels && host.omp_get_max_active_levels) host.omp_set_max_active_levels(before.omp_levels);
    if (host.openblas_set_num_threads && host.openblas_get_num_threads) {
        pthread_mutex_lock(&mutex);
        if (--users == 0 && blas_threads != 1) host.openblas_set_num_threads(blas_threads);
        pthread_mutex_unlock(&mutex);
    }
}
