/* SPDX-License-Identifier: BSD-3-Clause */
/* order.h -- fill-reducing orders of the graph of blocks. */
#ifndef FGOI_BLOCK_ORDER_H
#define FGOI_BLOCK_ORDER_H
#include "matrix/pattern.h"

typedef enum fgoi_order_result {
    FGOI_ORDERED = 0,
    FGOI_ORDER_MEMORY,
    FGOI_ORDER_TOO_LARGE,
    FGOI_ORDER_UNAVAILABLE /* this build has no METIS */
} fgoi_order_result;

/* Sets order[k] to the block column to eliminate k-th, by approximate minimum degree (P. Amestoy, T. Davis, I. Duff
 * 1996, 2004; SuiteSparse's AMD, BSD-3-Clause). */
fgoi_order_result fgoi_block_order_amd(const fgoi_pattern *p, int *order);

/* Sets order[k] as fgoi_block_order_amd does, with the columns j for which eliminate_last[j] is not 0 after all others
 * (SuiteSparse's CAMD, BSD-3-Clause). */
fgoi_order_result fgoi_block_order_constrained(const fgoi_pattern *p, const unsigned char *eliminate_last, int *order);

/* Sets order by nested dissection (order_metis.c): five to ten times the time of AMD, and less fill on large graphs in
 * three dimensions. */
fgoi_order_result fgoi_block_order_metis(const fgoi_pattern *p, int *order);
#endif
