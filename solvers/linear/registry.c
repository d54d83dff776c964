/* SPDX-License-Identifier: BSD-3-Clause */
/* registry.c -- finds built-in linear solvers by their numbers and by their capabilities. */
#include "registry.h"
#include <stddef.h>

typedef struct row {
    const fgo_linear_solver_class *c;
    int preference;
} row;

#define ROW(NAME, PREFERENCE, HELP) { &fgoi_linear_##NAME, PREFERENCE },
static const row table[] = { FGOI_LINEAR_SOLVERS(ROW) };
enum { ROWS = sizeof table / sizeof *table };

int fgoi_linear_with(unsigned capabilities)
{
    int best = -1;
    for (int i = 0; i < ROWS; i++)
        if ((fgo_linear_solver_capabilities(table[i].c) & capabilities) == capabilities &&
            (best < 0 || table[i].preference > table[best].preference))
            best = i;
    return best + 1;
}

const fgo_linear_solver_class *fgoi_linear_find(int linear_solver)
{
    return linear_solver >= 1 && linear_solver <= ROWS ? table[linear_solver - 1].c : NULL;
}

const fgo_linear_solver_class *fgoi_linear_class_with(unsigned capabilities)
{
    return fgoi_linear_find(fgoi_linear_with(capabilities));
}
