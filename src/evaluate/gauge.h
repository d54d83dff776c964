/* SPDX-License-Identifier: BSD-3-Clause */
/* gauge.h -- the gauge rule of solver.h: which components can still be moved as a whole, and which degrees of freedom
 * are held instead. */
#ifndef FGOI_GAUGE_H
#define FGOI_GAUGE_H
#include "graph/graph_private.h"

typedef struct fgoi_gauge_result {
    size_t components;
    size_t count;        /* variables that are held, wholly or in part, for gauges that are free */
    uint32_t *variable;  /* these, component by component; owned by the caller, as is the next */
    size_t free;         /* components of whose gauge nothing is held */
    unsigned char *held; /* of each degree of freedom of the graph: 1 if it is held, by the caller or for this */
    int settled;         /* 1: at other values and with other noise it is the same; 0: perhaps not */
} fgoi_gauge_result;

fgo_status fgoi_gauge(const fgo_graph *g, fgoi_gauge_result *out);
void fgoi_gauge_free(fgoi_gauge_result *r);
#endif
