/* SPDX-License-Identifier: BSD-3-Clause */
/* gauge.h -- the gauge rule of solver.h: which components nothing holds, and which variable is held instead. */
#ifndef FGOI_GAUGE_H
#define FGOI_GAUGE_H
#include "graph_private.h"

typedef struct fgoi_gauge_result {
    size_t components;
    size_t count;       /* components whose gauge is free */
    uint32_t *variable; /* the variable to hold in each, ascending component; owned by the caller */
} fgoi_gauge_result;

fgo_status fgoi_gauge(fgo_graph *g, fgoi_gauge_result *out);
#endif
