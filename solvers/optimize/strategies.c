/* SPDX-License-Identifier: BSD-3-Clause */
/* strategies.c -- finds the strategy that the options select. */
#include "strategies.h"
#include <stddef.h>

#define ROW(NAME, HELP) &fgoi_strategy_##NAME,
static const fgo_strategy_class *const table[] = { FGOI_STRATEGIES(ROW) };

/* The size of the first version of a class: members after it are optional. */
enum { FIRST_SIZE = offsetof(fgo_strategy_class, converged) };

const fgo_strategy_class *fgoi_strategy_find(const fgo_options *options)
{
    return options->strategy ? options->strategy : table[options->method];
}

int fgoi_strategy_converged(const fgo_strategy_class *c, void *state, fgo_linearization *p)
{
    return c->size < sizeof *c || !c->converged || c->converged(state, p);
}

fgo_status fgoi_strategy_check(const fgo_strategy_class *c)
{
    if (c->size >= FIRST_SIZE && c->name && *c->name && c->gives_up && c->vectors >= 0 && c->start && c->step && c->accepts &&
        c->accept && c->reject)
        return FGO_OK;
    return fgoi_fail(FGO_ERROR_ARGUMENT,
                     "the strategy's class is not complete: size, name, gives_up and all functions must be set");
}
