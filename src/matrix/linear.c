/* SPDX-License-Identifier: BSD-3-Clause */
/* linear.c -- calls the functions of a linear solver's class with the request and the report that belong to its object. */
#include "linear.h"
#include "base/error.h"
#include "base/memory.h"
#include <string.h>

/* The size of a class in the first version of the header: its members up to `free`. */
enum { FIRST_SIZE = offsetof(fgo_linear_solver_class, solve_many) };

/* Returns a copy of a class, in which members that the header of its caller did not have yet are NULL. */
static fgo_linear_solver_class known_part(const fgo_linear_solver_class *c)
{
    fgo_linear_solver_class copy;
    memset(&copy, 0, sizeof copy);
    memcpy(&copy, c, c->size < sizeof copy ? c->size : sizeof copy);
    if (!copy.invert || !copy.inverse_block) copy.invert = NULL, copy.inverse_block = NULL;
    return copy;
}

unsigned fgo_linear_solver_capabilities(const fgo_linear_solver_class *c)
{
    if (!c || c->size < FIRST_SIZE) return 0;
    const fgo_linear_solver_class known = known_part(c);
    const unsigned shown = FGO_LINEAR_SOLVES_MANY | FGO_LINEAR_INVERTS | FGO_LINEAR_UPDATES;
    return (known.traits & ~shown) | (known.solve_many ? FGO_LINEAR_SOLVES_MANY : 0u) | (known.invert ? FGO_LINEAR_INVERTS : 0u) |
           (known.update ? FGO_LINEAR_UPDATES : 0u);
}

/* Explains a failure for which a function of the class left no message. */
static fgo_status explain(const fgo_linear_solver_class *c, const char *function, fgo_status status, size_t failures)
{
    if (fgoi_failures() > failures) return status;
    return fgoi_fail(status, "the linear solver %.40s failed to %s: %s", c->name, function, fgo_status_text(status));
}

fgo_status fgoi_linear_create(const fgo_linear_solver_class *c, fgoi_linear **out)
{
    if (!c || c->size < FIRST_SIZE || !c->name || !*c->name || !c->create || !c->analyze || !c->factorize || !c->solve ||
        !c->free)
        return fgoi_fail(FGO_ERROR_ARGUMENT, "the linear solver's class is not complete: size, name, create, analyze, factorize, "
                                             "solve and free must be set");
    fgoi_linear *ls = fgoi_alloc(1, sizeof *ls);
    if (!ls) return fgoi_fail_memory();
    ls->c = known_part(c);
    ls->capabilities = fgo_linear_solver_capabilities(c);
    ls->request.size = sizeof ls->request;
    ls->report.size = sizeof ls->report;
    ls->report.failed_at = SIZE_MAX;
    const size_t failures = fgoi_failures();
    const fgo_status status = ls->c.create(&ls->self);
    if (status) {
        fgoi_free(ls);
        return explain(c, "create an object", status, failures);
    }
    *out = ls;
    return FGO_OK;
}

void fgoi_linear_free(fgoi_linear *ls)
{
    if (!ls) return;
    ls->c.free(ls->self);
    fgoi_free(ls);
}

int fgoi_linear_can(const fgoi_linear *ls, unsigned capabilities) { return (ls->capabilities & capabilities) == capabilities; }

fgo_status fgoi_linear_analyze(fgoi_linear *ls, const fgoi_pattern *pattern, fgoi_slot *slot)
{
    fgo_linear_request *request = &ls->request;
    request->pattern = pattern;
    if (!fgoi_linear_can(ls, FGO_LINEAR_ORDERS_LAST)) request->eliminate_last = NULL;
    if (!fgoi_linear_can(ls, FGO_LINEAR_ELIMINATES_GROUPS)) request->eliminate_first = NULL;
    ls->report = (fgo_linear_report){ .size = sizeof ls->report, .failed_at = SIZE_MAX };
    const size_t failures = fgoi_failures();
    const fgo_status status = ls->c.analyze(ls->self, request, slot, &ls->report);
    request->eliminate_last = NULL;
    request->eliminate_first = NULL;
    request->symbolic = NULL;
    if (status) return explain(&ls->c, "analyze", status, failures);
    if (!fgoi_linear_can(ls, FGO_LINEAR_TELLS_ORDER)) ls->report.elimination = NULL;
    if (!ls->report.values || !ls->report.factorization)
        return fgoi_fail(FGO_ERROR_UNSUPPORTED, "the linear solver %s reported no values or no name after its analysis",
                         ls->c.name);
    return FGO_OK;
}

fgo_outcome fgoi_linear_factorize(fgoi_linear *ls, const double *b)
{
    ls->report.failed_at = SIZE_MAX;
    return ls->c.factorize(ls->self, b, &ls->report);
}

fgo_outcome fgoi_linear_solve(fgoi_linear *ls, double *b) { return ls->c.solve(ls->self, b, &ls->report); }

fgo_outcome fgoi_linear_solve_many(fgoi_linear *ls, double *B, size_t count, size_t ld)
{
    if (ls->c.solve_many) return ls->c.solve_many(ls->self, B, count, ld, &ls->report);
    for (size_t k = 0; k < count; k++) {
        const fgo_outcome outcome = ls->c.solve(ls->self, B + k * ld, &ls->report);
        if (outcome) return outcome;
    }
    return FGO_OUTCOME_SOLVED;
}

int fgo_threads_count(const fgo_threads *threads) { return fgoi_threads_count(threads); }

void fgo_threads_run(fgo_threads *threads, size_t parts, void (*work)(void *context, size_t part), void *context)
{
    if (work) fgoi_threads_run(threads, parts, work, context);
}
