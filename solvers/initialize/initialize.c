/* SPDX-License-Identifier: BSD-3-Clause */
/* initialize.c -- the candidates for a first estimate, and the choice among them. */
#include "base/memory.h"
#include "base/refuse.h"
#include "base/sized.h"
#include "evaluate/evaluate.h"
#include "graph/propagate.h"
#include "optimize/minimize.h"
#include "relaxation.h"
#include <fgopt/initialize.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

static const char *const names[] = { "file", "odometry", "spanning-tree", "chordal", "auto" };

const char *fgo_init_name(fgo_init init) { return (unsigned)init <= FGO_INIT_AUTO ? names[init] : NULL; }

/* Variables whose values differ. */
static size_t changed(const fgo_graph *g, const double *x)
{
    size_t count = 0;
    for (size_t v = 0; v < g->variable_count; v++) {
        const size_t at = g->variable[v].x, size = (size_t)g->variable[v].manifold->ambient * sizeof *x;
        count += memcmp(x + at, g->x + at, size) != 0;
    }
    return count;
}

static fgo_status chordal(fgo_graph *g, int threads, double *x, int *done)
{
    fgoi_relaxation r;
    fgo_status status = fgoi_relaxation_create(g, threads, &r);
    if (status) return status;
    status = fgoi_chordal_rotations(&r, x, done);
    if (!status && *done) status = fgoi_positions(&r, x, done);
    fgoi_relaxation_free(&r);
    return status;
}

/* Writes the candidate to x, which holds the graph's values. *done: 0 if this way cannot be gone. */
static fgo_status compute(fgo_graph *g, fgo_init init, int threads, double *x, size_t *reached, int *done)
{
    fgo_status status = FGO_OK;
    *done = 1;
    switch (init) {
    case FGO_INIT_ODOMETRY: return fgoi_propagate(g, FGOI_PROPAGATE_ODOMETRY, x, reached);
    case FGO_INIT_SPANNING_TREE: return fgoi_propagate(g, FGOI_PROPAGATE_CERTAIN, x, reached);
    case FGO_INIT_CHORDAL:
        status = chordal(g, threads, x, done);
        *reached = changed(g, x);
        return status;
    case FGO_INIT_KEEP:
    case FGO_INIT_AUTO: break;
    }
    *reached = 0;
    return FGO_OK;
}

typedef struct {
    double *x, *best; /* a candidate, and the best so far */
    fgo_init_report report;
    int threads;
} choice;

static int are_finite(const double *x, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (!isfinite(x[i])) return 0;
    return 1;
}

/* Tries one way; it becomes the best if its cost is the least so far, or if it is the only one asked for. */
static fgo_status consider(fgo_graph *g, fgo_init init, int only, choice *c)
{
    size_t reached = 0;
    int done;
    memcpy(c->x, g->x, g->x_size * sizeof *c->x);
    fgo_status status = compute(g, init, c->threads, c->x, &reached, &done);
    if (status || !done || !are_finite(c->x, g->x_size)) return status; /* far measurements may add up to infinity */
    double cost;
    status = fgoi_cost(g, c->x, &cost);
    if (status) return status;
    c->report.cost[init] = cost;
    if (!only && !(cost < c->report.cost[c->report.chosen]) && !(isfinite(cost) && !isfinite(c->report.cost[c->report.chosen])))
        return FGO_OK;
    c->report.chosen = init;
    c->report.reached = reached;
    double *t = c->x;
    c->x = c->best;
    c->best = t;
    return FGO_OK;
}

/* Shortest paths run through wrong loop closures, the shortest of all; where losses say that some may be wrong, they
 * are no candidates. */
static int expects_outliers(const fgo_graph *g)
{
    for (size_t i = 0; i < g->group_count; i++)
        for (size_t f = 0; f < g->group[i].count; f++)
            if (g->group[i].loss[f].loss_class != &fgo_loss_class_none) return 1;
    return 0;
}

/* What the cost comes to at the optimum if the information matrices are right: one for every residual in excess of the
 * unknowns. From an estimate at or below that, a few steps of any optimizer are cheaper than a better start. */
static double expected_cost(const fgo_graph *g)
{
    double rows = 0.0, held = 0.0;
    for (size_t i = 0; i < g->group_count; i++) rows += (double)g->group[i].count * g->group[i].c.rows;
    for (size_t i = 0; i < g->tangent_size; i++) held += g->held[i];
    return rows - ((double)g->tangent_size - held);
}

static void list_costs(fgo_init_report *r)
{
    int used = snprintf(r->reason, sizeof r->reason, "least cost:");
    for (int i = 0; i < FGO_INIT_AUTO && used < (int)sizeof r->reason; i++)
        if (!isnan(r->cost[i]))
            used += snprintf(r->reason + used, sizeof r->reason - (size_t)used, "%s %s %.4g", used > 11 ? "," : "", names[i],
                             r->cost[i]);
}

static fgo_status choose(fgo_graph *g, fgo_init init, choice *c)
{
    fgo_init_report *r = &c->report;
    fgo_status status = consider(g, FGO_INIT_KEEP, 1, c);
    if (init != FGO_INIT_AUTO) {
        if (!status && init != FGO_INIT_KEEP) status = consider(g, init, 1, c);
        snprintf(r->reason, sizeof r->reason, r->chosen == init ? "as asked" : "%s found nothing to work with", names[init]);
        return status;
    }
    if (!status && r->cost[FGO_INIT_KEEP] <= expected_cost(g)) {
        snprintf(r->reason, sizeof r->reason, "its cost, %.4g, is what noise alone explains", r->cost[FGO_INIT_KEEP]);
        return FGO_OK;
    }
    if (!status) status = consider(g, expects_outliers(g) ? FGO_INIT_ODOMETRY : FGO_INIT_SPANNING_TREE, 0, c);
    if (!status) status = consider(g, FGO_INIT_CHORDAL, 0, c);
    list_costs(r);
    return status;
}

fgo_status fgo_initialize_with_sized(fgo_graph *g, fgo_init init, int threads, fgo_init_report *report, size_t report_size)
{
    FGOI_REQUIRE(g);
    FGOI_REQUIRE_SIZE(report_size);
    if (!fgo_init_name(init)) return fgoi_fail(FGO_ERROR_ARGUMENT, "unknown initialization %d", (int)init);
    fgo_status status = fgoi_threads_check(threads);
    if (status) return status;
    const double since = fgoi_now_s();
    choice c = {
        fgoi_alloc(g->x_size, sizeof(double)), fgoi_alloc(g->x_size, sizeof(double)), { .chosen = FGO_INIT_KEEP }, threads
    };
    for (int i = 0; i < FGO_INIT_CAPACITY; i++) c.report.cost[i] = NAN;
    status = c.x && c.best ? FGO_OK : fgoi_fail_memory();
    if (!status && g->x_size) status = choose(g, init, &c);
    if (!status) {
        if (g->x_size) memcpy(g->x, c.best, g->x_size * sizeof *g->x);
        c.report.time_s = fgoi_now_s() - since;
        fgoi_sized_write(report, report_size, &c.report, sizeof c.report);
    }
    fgoi_free(c.x);
    fgoi_free(c.best);
    return status;
}
