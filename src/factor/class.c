/* SPDX-License-Identifier: BSD-3-Clause */
/* class.c -- which factor classes can be used, and which are one and the same. */
#include "class.h"
#include "base/error.h"
#include <string.h>

fgo_status fgoi_check_class(const fgo_factor_class *c)
{
    int partials = 0;
    if (c->abi != FGO_FACTOR_ABI)
        return fgoi_fail(FGO_ERROR_ARGUMENT, "a factor class was compiled for ABI %d, this libfgopt has %d; compile it again",
                         c->abi, FGO_FACTOR_ABI);
    if (!c->name || !*c->name || !c->evaluate || c->arity < 1 || c->arity > FGO_MAX_ARITY || c->rows < 1 ||
        c->rows > FGO_MAX_DIMENSION)
        return fgoi_fail(FGO_ERROR_ARGUMENT,
                         "factor class %s: needs a name, an evaluate function, 1 to %d variables and 1 to %d rows",
                         c->name && *c->name ? c->name : "(no name)", FGO_MAX_ARITY, FGO_MAX_DIMENSION);
    if (c->batch < 0 || c->batch > FGO_MAX_BATCH)
        return fgoi_fail(FGO_ERROR_ARGUMENT, "factor class %s: batch %d is not in 0 .. %d", c->name, c->batch, FGO_MAX_BATCH);
    if ((unsigned)c->gauge > FGO_GAUGE_ABSOLUTE)
        return fgoi_fail(FGO_ERROR_ARGUMENT, "factor class %s: there is no gauge %d", c->name, (int)c->gauge);
    for (int k = 0; k < c->arity; k++) {
        const int tangent = c->variable[k].tangent;
        if (tangent < 1 || tangent > FGO_MAX_DIMENSION)
            return fgoi_fail(FGO_ERROR_ARGUMENT, "factor class %s: the tangent dimension %d of variable %d is not in 1 .. %d",
                             c->name, tangent, k, FGO_MAX_DIMENSION);
        partials += tangent;
    }
    if (partials != c->partials)
        return fgoi_fail(FGO_ERROR_ARGUMENT, "factor class %s: partials is %d, its variables have %d", c->name, c->partials,
                         partials);
    return FGO_OK;
}

/* Returns 1 if both classes take variables of the same kinds. One function may serve classes that differ in nothing else. */
static int same_variables(const fgo_factor_class *a, const fgo_factor_class *b)
{
    for (int k = 0; k < a->arity; k++) {
        const fgo_factor_variable *v = &a->variable[k], *w = &b->variable[k];
        if (v->tangent != w->tangent || !v->manifold != !w->manifold) return 0;
        if (v->manifold && strcmp(v->manifold, w->manifold) != 0) return 0;
    }
    return 1;
}

int fgo_factor_class_same(const fgo_factor_class *a, const fgo_factor_class *b)
{
    if (a == b || !a || !b) return a == b;
    return a->evaluate == b->evaluate && a->predict == b->predict && a->user == b->user && a->arity == b->arity &&
           a->rows == b->rows && a->partials == b->partials && a->measurement_size == b->measurement_size &&
           a->gauge == b->gauge && !strcmp(a->name, b->name) && same_variables(a, b);
}
