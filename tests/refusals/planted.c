/* SPDX-License-Identifier: BSD-3-Clause */
/* planted.c -- the functions of planted.h. */
#include "planted.h"
#include "base/refuse.h"

fgo_status fgo_planted_crash(const fgo_graph *g) { return *(const volatile int *)g == 0 ? FGO_OK : FGO_OK; }

fgo_status fgo_planted_beyond(const fgo_graph *g, size_t index)
{
    FGOI_REQUIRE(g);
    return index == SIZE_MAX ? FGO_ERROR_ARGUMENT : FGO_OK;
}

fgo_status fgo_planted_touch(const fgo_graph *g, size_t *out)
{
    FGOI_REQUIRE(out);
    *out = 0;
    FGOI_REQUIRE(g);
    return FGO_OK;
}

fgo_status fgo_planted_anonymous(const fgo_graph *g) { return g ? FGO_OK : fgoi_fail(FGO_ERROR_ARGUMENT, "NULL argument"); }

fgo_status fgo_planted_change(fgo_graph *g, size_t index)
{
    FGOI_REQUIRE(g);
    fgo_graph_hold_dof(g, 2, 0);
    return index < fgo_graph_variable_count(g) ? FGO_OK : FGO_ERROR_ARGUMENT;
}

size_t fgo_planted_garbage(const fgo_graph *g) { return g ? fgo_graph_variable_count(g) : 7; }

fgo_status fgo_planted_refuses(const fgo_graph *g)
{
    FGOI_REQUIRE(g);
    return fgoi_fail(FGO_ERROR_ARGUMENT, "never");
}

fgo_status fgo_planted_key(const fgo_graph *g, int64_t key)
{
    FGOI_REQUIRE(g);
    return fgo_graph_find(g, key, NULL) ? FGO_ERROR_ARGUMENT : FGO_OK;
}

fgo_status fgo_planted_good(const fgo_graph *g, size_t *n)
{
    FGOI_REQUIRE(g);
    if (n) *n = fgo_graph_variable_count(g);
    return FGO_OK;
}
