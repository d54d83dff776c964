/* SPDX-License-Identifier: BSD-3-Clause */
/* whole_system.h -- the normal system of a graph with everything that it borrows, for tests and benchmarks that want no more. */
#ifndef FGOPT_TESTS_WHOLE_SYSTEM_H
#define FGOPT_TESTS_WHOLE_SYSTEM_H
#include "system/system.h"
#include <stdlib.h>

typedef struct {
    fgoi_problem problem;
    fgoi_structure structure;
} whole_system_parts;

static inline void whole_system_free(fgoi_system *s)
{
    whole_system_parts *parts = s->problem ? (whole_system_parts *)(uintptr_t)s->problem : NULL;
    fgoi_system_free(s);
    if (parts) fgoi_structure_free(&parts->structure);
    free(parts);
}

static inline fgo_status whole_system_create(const fgo_graph *g, fgoi_system *s)
{
    whole_system_parts *parts = calloc(1, sizeof *parts);
    if (!parts) return FGO_ERROR_MEMORY;
    parts->problem.g = g;
    fgo_status status = fgoi_structure_create(g, 0, &parts->structure);
    if (!status) status = fgoi_system_create(&parts->problem, &parts->structure, NULL, NULL, s);
    if (!status) return FGO_OK;
    fgoi_structure_free(&parts->structure);
    free(parts);
    return status;
}
#endif
