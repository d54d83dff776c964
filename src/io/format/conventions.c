/* SPDX-License-Identifier: BSD-3-Clause */
/* conventions.c -- the same element under another definition of its residual (factors.h). */
#include "conventions.h"
#include "base/refuse.h"
#include "graph/graph_private.h"
#include <fgopt/registry.h>

/* Returns the class that a row with siblings has in a convention; NULL if it has none there. */
static const fgo_factor_class *sibling(const fgo_factor_registration *row, int convention)
{
    return convention == FGO_CONVENTION_G2O ? row->c : convention == FGO_CONVENTION_LOG ? row->log : row->ceres;
}

const fgo_factor_class *fgoi_class_in(const fgo_factor_class *c, int convention)
{
    const fgo_factor_registration *row = fgo_factor_class_row_of(c);
    return row && row->log ? sibling(row, convention) : c;
}

int fgoi_convention_of(const fgo_factor_class *c)
{
    const fgo_factor_registration *row = fgo_factor_class_row_of(c);
    for (int k = FGO_CONVENTION_G2O; row && row->log && k <= FGO_CONVENTION_CERES; k++)
        if (sibling(row, k) && fgo_factor_class_same(sibling(row, k), c)) return k;
    return -1;
}

/* Adds |W e|^2 of each factor of a group to *chi2, with the residual of class c. */
static fgo_status group_chi2(const fgo_graph *g, const fgoi_group *group, const fgo_factor_class *c, double *chi2)
{
    const size_t arity = (size_t)c->arity, packed = fgoi_packed(c->rows);
    for (size_t f = 0; f < group->count; f++) {
        const double *x[FGO_MAX_ARITY], *W = group->W + f * packed;
        double e[FGO_MAX_DIMENSION];
        for (size_t k = 0; k < arity; k++) x[k] = g->x + g->variable[group->variable[f * arity + k]].x;
        if (c->evaluate(c, 1, x, fgoi_measurement(group, f), e, NULL))
            return fgoi_fail(FGO_ERROR_EVALUATE, "factor %u of class %s cannot be evaluated", group->number[f], c->name);
        fgoi_packed_multiply(c->rows, W, e);
        for (int i = 0; i < c->rows; i++) *chi2 += e[i] * e[i];
    }
    return FGO_OK;
}

fgo_status fgo_graph_chi2_in(const fgo_graph *g, fgo_convention convention, double *chi2)
{
    double sum = 0.0;
    FGOI_REQUIRE(g);
    FGOI_REQUIRE(chi2);
    FGOI_REQUIRE_RANGE(convention, FGO_CONVENTION_G2O, FGO_CONVENTION_CERES);
    for (size_t i = 0; i < g->group_count; i++) {
        const fgoi_group *group = &g->group[i];
        const char *name = group->c.name;
        const fgo_factor_class *c = fgoi_class_in(&group->c, (int)convention);
        if (!c)
            return fgoi_fail(FGO_ERROR_UNSUPPORTED, "class %s has no counterpart in the %s convention", name,
                             fgo_convention_name(convention));
        fgo_status status = group_chi2(g, group, c, &sum);
        if (status) return status;
    }
    *chi2 = sum;
    return FGO_OK;
}
