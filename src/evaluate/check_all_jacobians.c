/* SPDX-License-Identifier: BSD-3-Clause */
/* check_all_jacobians.c -- the Jacobian check of every factor of a graph. */
#include "base/refuse.h"
#include "base/sized.h"
#include "graph/graph_private.h"
#include <fgopt/check.h>

fgo_status fgo_graph_check_jacobians_sized(const fgo_graph *g, fgo_jacobian_report *out, size_t out_size)
{
    fgo_jacobian_report worst = { .error = -1.0 };
    FGOI_REQUIRE(g);
    FGOI_REQUIRE(out);
    FGOI_REQUIRE_SIZE(out_size);
    if (fgo_graph_factor_count(g) == 0) return fgoi_fail(FGO_ERROR_ARGUMENT, "the graph has no factor to check");
    for (size_t f = 0; f < g->factor_count; f++) {
        if (!fgoi_has_factor(g, f)) continue;
        const fgoi_group *group = &g->group[g->location[f].group];
        size_t index = g->location[f].index, arity = (size_t)group->c.arity;
        const fgo_manifold *m[FGO_MAX_ARITY];
        const double *x[FGO_MAX_ARITY];
        for (size_t k = 0; k < arity; k++) {
            const fgoi_variable *v = &g->variable[group->variable[index * arity + k]];
            m[k] = v->manifold;
            x[k] = g->x + v->x;
        }
        const void *z = fgoi_measurement(group, index);
        fgo_jacobian_report report;
        fgo_status st = fgo_check_jacobian(&group->c, m, x, z, &report);
        if (st) return fgoi_fail(st, "factor %zu (%s): its Jacobian cannot be checked", f, group->c.name);
        if (report.error > worst.error) {
            worst = report;
            worst.factor = f;
        }
    }
    fgoi_sized_write(out, out_size, &worst, sizeof worst);
    return FGO_OK;
}
