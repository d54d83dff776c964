/* SPDX-License-Identifier: BSD-3-Clause */
/* order.c -- approximate minimum degree, by SuiteSparse's AMD. */
#include "order.h"
#include "base/memory.h"
#include <amd.h>
#include <limits.h>

fgoi_order_result fgoi_block_order_amd(const fgoi_pattern *p, int *order)
{
    const size_t n = (size_t)p->n;
    if (p->start[n] > INT_MAX) return FGOI_ORDER_TOO_LARGE;
    if (n == 0) return FGOI_ORDERED;
    int *start = fgoi_alloc(n + 1, sizeof *start);
    if (!start) return FGOI_ORDER_MEMORY;
    for (size_t j = 0; j <= n; j++) start[j] = (int)p->start[j];
    const int status = amd_order(p->n, start, p->row, order, NULL, NULL);
    fgoi_free(start);
    return status == AMD_OK ? FGOI_ORDERED : FGOI_ORDER_MEMORY; /* the pattern is valid: nothing else can fail */
}
