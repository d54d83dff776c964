/* SPDX-License-Identifier: BSD-3-Clause */
/* order_constrained.c -- approximate minimum degree with given columns last, by SuiteSparse's CAMD. */
#include "base/memory.h"
#include "order.h"
#include <camd.h>
#include <limits.h>

fgoi_order_result fgoi_block_order_constrained(const fgoi_pattern *p, const unsigned char *eliminate_last, int *order)
{
    const size_t n = (size_t)p->n;
    if (p->start[n] > INT_MAX) return FGOI_ORDER_TOO_LARGE;
    if (n < 2) { /* for one column CAMD 2.4.6 returns a number from memory that was never set */
        if (n) order[0] = 0;
        return FGOI_ORDERED;
    }
    int *start = fgoi_alloc(n + 1, sizeof *start), *set = fgoi_alloc(n, sizeof *set);
    int status = CAMD_OUT_OF_MEMORY;
    if (start && set) {
        for (size_t j = 0; j <= n; j++) start[j] = (int)p->start[j];
        for (size_t j = 0; j < n; j++) set[j] = eliminate_last[j] != 0;
        status = camd_order(p->n, start, p->row, order, NULL, NULL, set);
    }
    fgoi_free(start);
    fgoi_free(set);
    return status == CAMD_OK ? FGOI_ORDERED : FGOI_ORDER_MEMORY; /* the pattern is valid: nothing else can fail */
}
