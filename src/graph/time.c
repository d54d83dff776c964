/* SPDX-License-Identifier: BSD-3-Clause */
/* time.c -- time stamps of variables. Most graphs have none, and no array for them. */
#include "base/memory.h"
#include "base/refuse.h"
#include "graph_private.h"
#include <math.h>

double fgo_graph_variable_time(const fgo_graph *g, size_t index)
{
    return g && index < g->time_count ? g->time[index] : (double)NAN;
}

fgo_status fgo_graph_set_time(fgo_graph *g, int64_t key, double time_s)
{
    size_t v = 0;
    FGOI_REQUIRE(g);
    if (isinf(time_s)) return fgoi_fail(FGO_ERROR_ARGUMENT, "fgo_graph_set_time: the time is infinite");
    fgo_status status = fgo_graph_find(g, key, &v);
    if (status) return status;
    if (v >= g->time_count) {
        if (isnan(time_s)) return FGO_OK;
        if (fgoi_grow(&g->time, &g->time_capacity, v + 1, sizeof *g->time)) return fgoi_fail_memory();
        while (g->time_count <= v) g->time[g->time_count++] = (double)NAN;
    }
    g->time[v] = time_s;
    return FGO_OK;
}
