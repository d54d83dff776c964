/* SPDX-License-Identifier: BSD-3-Clause */
/* order_metis.c -- nested dissection by METIS (G. Karypis, V. Kumar, "A fast and high quality multilevel scheme
 * for partitioning irregular graphs", 1998), where the build has it. */
#define _DEFAULT_SOURCE /* initstate, setstate */
#include "order.h"

#ifdef FGOI_METIS
#include "base/memory.h"
#include <limits.h>
#include <metis.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>

/* Makes the graph of the blocks without its diagonal: the neighbours of j are at[start[j]] .. at[start[j + 1] - 1]. */
static int adjacency(const fgoi_pattern *p, idx_t *start, idx_t *at)
{
    for (int j = 0; j < p->n; j++)
        for (size_t k = p->start[j] + 1; k < p->start[j + 1]; k++) start[j + 1]++, start[p->row[k] + 1]++;
    for (int j = 0; j < p->n; j++) start[j + 1] += start[j];
    idx_t *next = fgoi_alloc((size_t)p->n, sizeof *next);
    if (!next) return -1;
    memcpy(next, start, (size_t)p->n * sizeof *next);
    for (int j = 0; j < p->n; j++)
        for (size_t k = p->start[j] + 1; k < p->start[j + 1]; k++) {
            at[next[j]++] = p->row[k];
            at[next[p->row[k]]++] = j;
        }
    fgoi_free(next);
    return 0;
}

/* Calls METIS and hides what it does to the process. METIS draws from the C library's random numbers and handles SIGABRT and
 * SIGTERM while it works. So there is one call at a time, the host's sequence of random numbers is put aside, and the signal
 * actions are restored here: METIS restores handlers without their flags, by System V's signal, so they would serve once. */
static int nested_dissection(idx_t n, idx_t *start, idx_t *at, idx_t *order, idx_t *position)
{
    static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
    static const int trapped[2] = { SIGABRT, SIGTERM };
    struct sigaction action[2];
    char own[128];
    idx_t options[METIS_NOPTIONS];
    METIS_SetDefaultOptions(options);
    options[METIS_OPTION_SEED] = 1; /* the same ordering every time */
    pthread_mutex_lock(&mutex);
    for (int i = 0; i < 2; i++) sigaction(trapped[i], NULL, &action[i]);
    char *host = initstate(1, own, sizeof own);
    const int status = METIS_NodeND(&n, start, at, NULL, options, order, position);
    setstate(host);
    for (int i = 0; i < 2; i++) sigaction(trapped[i], &action[i], NULL);
    pthread_mutex_unlock(&mutex);
    return status;
}

fgoi_order_result fgoi_block_order_metis(const fgoi_pattern *p, int *order)
{
    const size_t n = (size_t)p->n, neighbours = 2 * (p->start[n] - n);
    _Static_assert(sizeof(idx_t) == sizeof(int), "METIS with 32-bit numbers");
    if (neighbours > INT_MAX) return FGOI_ORDER_TOO_LARGE;
    idx_t *start = fgoi_alloc(n + 1, sizeof *start), *at = fgoi_alloc(neighbours, sizeof *at),
          *position = fgoi_alloc(n, sizeof *position);
    fgoi_order_result result = FGOI_ORDER_MEMORY;
    if (start && at && position && !adjacency(p, start, at) && nested_dissection(p->n, start, at, order, position) == METIS_OK)
        result = FGOI_ORDERED;
    fgoi_free(start);
    fgoi_free(at);
    fgoi_free(position);
    return result;
}
#else
fgoi_order_result fgoi_block_order_metis(const fgoi_pattern *p, int *order)
{
    (void)p, (void)order;
    return FGOI_ORDER_UNAVAILABLE;
}
#endif
