/* SPDX-License-Identifier: BSD-3-Clause */
/* cost_at.c -- the cost of a graph at values that are not its current ones. */
#include "base/refuse.h"
#include "evaluate.h"
#include <fgopt/values.h>
#include <math.h>

fgo_status fgo_graph_cost_at(const fgo_graph *g, const fgo_values *v, double *cost)
{
    FGOI_REQUIRE(g);
    FGOI_REQUIRE(v);
    FGOI_REQUIRE(cost);
    if (!fgo_values_fit(v, g))
        return fgoi_fail(FGO_ERROR_ARGUMENT, "fgo_graph_cost_at: the values are of other variables than the graph's");
    double sum = 0;
    fgo_status status = fgoi_cost(&(fgoi_problem){ .g = g }, fgoi_values_numbers(v), &sum);
    if (status) return status;
    if (!isfinite(sum)) return fgoi_fail(FGO_ERROR_EVALUATE, "fgo_graph_cost_at: a factor cannot be evaluated at these values");
    *cost = sum;
    return FGO_OK;
}
