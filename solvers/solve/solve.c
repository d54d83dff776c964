/* SPDX-License-Identifier: BSD-3-Clause */
/* solve.c -- fgo_solve: a first estimate, then a solver that starts there. */
#include "solve.h"
#include "base/memory.h"
#include "base/refuse.h"
#include "base/sized.h"
#include "initialize/initialize.h"
#include "optimize/options.h"
#include "optimize/solver.h"
#include <string.h>

/* Minimizes from x. */
static fgo_status minimize(const fgoi_problem *p, const fgo_options *options, double *x, fgo_summary *summary)
{
    fgo_solver *s;
    fgo_status status = fgoi_solver_create(p, options, &s);
    if (status) return status;
    const double time_analyze_s = fgoi_solver_time_analyze(s);
    status = fgoi_solver_solve(s, x, summary);
    if (!status) {
        summary->time_analyze_s += time_analyze_s;
        summary->time_total_s += time_analyze_s;
    }
    fgo_solver_free(s);
    return status;
}

fgo_status fgoi_solve(const fgoi_problem *p, const fgo_options *options, double *x, fgo_summary *out)
{
    const size_t size = p->g->x_size * sizeof *x;
    fgo_summary summary = { 0 };
    fgo_init_report report = { .chosen = FGO_INIT_KEEP };
    fgo_options o;
    fgo_status status = fgoi_options_read(options, &o);
    if (status) return status;
    double *before = fgoi_alloc(p->g->x_size, sizeof *before);
    if (!before) return fgoi_fail_memory();
    if (size) memcpy(before, x, size);
    status = fgoi_initialize(p, (fgo_init)o.init, o.threads, x, &report);
    if (!status) status = minimize(p, &o, x, &summary);
    summary.init = report;
    if (status && size) memcpy(x, before, size);
    fgoi_free(before);
    if (!status && out) *out = summary;
    return status;
}

fgo_status fgo_solve_sized(fgo_graph *g, const fgo_options *options, fgo_summary *summary, size_t summary_size)
{
    fgo_summary own;
    FGOI_REQUIRE(g);
    FGOI_REQUIRE_SIZE(summary_size);
    const fgo_status status = fgoi_solve(&(fgoi_problem){ .g = g }, options, g->x, &own);
    if (!status) fgoi_sized_write(summary, summary_size, &own, sizeof own);
    return status;
}
