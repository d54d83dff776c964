/* SPDX-License-Identifier: BSD-3-Clause */
/* gauge.h -- the gauge rule of solver.h: which components could move as a whole, and which degrees of freedom are therefore
 * held. */
#ifndef FGOI_GAUGE_H
#define FGOI_GAUGE_H
#include "graph/graph_private.h"

typedef struct fgoi_gauge_result {
    size_t components;
    size_t count;        /* variables that the rule holds, whole or in part */
    uint32_t *variable;  /* these variables, component by component; owned by the caller, as is `held` */
    size_t free;         /* components whose whole gauge is free: neither the caller nor a factor holds any of it */
    unsigned char *held; /* per degree of freedom of the graph: 1 if the caller or the rule holds it */
    int settled;         /* 1: the result is the same at other values and with other noise; 0: it may differ */
} fgoi_gauge_result;

fgo_status fgoi_gauge(const fgo_graph *g, fgoi_gauge_result *out);
void fgoi_gauge_free(fgoi_gauge_result *r);
#endif
