/* SPDX-License-Identifier: BSD-3-Clause */
/* orderings.c -- in place of AMD and CAMD where SuiteSparse is not: every third column, then the others; the last ones last.
 * Any order gives a right factorization. */
#include "block/order.h"

static int add(const fgoi_pattern *p, const unsigned char *last, int wanted, int *order)
{
    int k = 0;
    for (int pass = 0; pass < 2; pass++)
        for (int j = 0; j < p->n; j++)
            if ((j % 3 == 0) == (pass == 0) && (last && last[j]) == wanted) order[k++] = j;
    return k;
}

fgoi_order_result fgoi_block_order_amd(const fgoi_pattern *p, int *order)
{
    add(p, NULL, 0, order);
    return FGOI_ORDERED;
}

fgoi_order_result fgoi_block_order_constrained(const fgoi_pattern *p, const unsigned char *last, int *order)
{
    add(p, last, 1, order + add(p, last, 0, order));
    return FGOI_ORDERED;
}
