/* SPDX-License-Identifier: BSD-3-Clause */
/* initialize.c -- the candidates for a first estimate, and the choice among them. */
#include "initialize.h"
#include "base/clock.h"
#include "base/memory.h"
#include "base/refuse.h"
#include "base/sized.h"
#include "evaluate/evaluate.h"
#include "graph/propagate.h"
#include "relaxation.h"
#include <math.h>
#include <stdio.h>
#include <string.h>

/* Counts the variables whose values differ. */
static size_t changed(const fgo_graph *g, const double *before, const double *x)
{
    size_t count = 0;
    for (size_t v = 0; v < g->variable_count; v++) {
        const size_t at = g->variable[v].x, size = (size_t)g->variable[v].manifold->ambient * sizeof *x;
        count += memcmp(x + at, before + at, size) != 0;
    }
    return count;
}

static fgo_status chordal(const fgoi_problem *p, int threads, double *x, int *done)
{
    fgoi_relaxation r;
    fgo_status status = fgoi_relaxation_create(p, threads, &r);
    if (status) return status;
    status = fgoi_chordal_rotations(&r, x, done);
    if (!status && *done) status = fgoi_positions(&r, x, done);
    fgoi_relaxation_free(&r);
    return status;
}

typedef struct {
    const fgoi_problem *p;
    const double *start; /* the values before */
    double *x, *best;    /* a candidate, and the best so far */
    fgo_init_report report;
    int threads;
} choice;

/* Computes the candidate of method `init` in c->x, which has the values before. *done becomes 0 if the method cannot be used on
 * this graph. */
static fgo_status compute(choice *c, fgo_init init, size_t *reached, int *done)
{
    const fgo_graph *g = c->p->g;
    fgo_status status = FGO_OK;
    *done = 1;
    switch (init) {
    case FGO_INIT_ODOMETRY: return fgoi_propagate(g, c->p->weight, FGOI_PROPAGATE_ODOMETRY, c->x, reached);
    case FGO_INIT_SPANNING_TREE: return fgoi_propagate(g, c->p->weight, FGOI_PROPAGATE_CERTAIN, c->x, reached);
    case FGO_INIT_CHORDAL:
        status = chordal(c->p, c->threads, c->x, done);
        *reached = changed(g, c->start, c->x);
        return status;
    case FGO_INIT_KEEP:
    case FGO_INIT_AUTO: break;
    }
    *reached = 0;
    return FGO_OK;
}

static int are_finite(const double *x, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (!isfinite(x[i])) return 0;
    return 1;
}

/* Tries one method; its candidate becomes the best if its cost is the lowest so far, or if it is the only method asked for. */
static fgo_status consider(choice *c, fgo_init init, int only)
{
    const size_t size = c->p->g->x_size;
    size_t reached = 0;
    int done;
    memcpy(c->x, c->start, size * sizeof *c->x);
    fgo_status status = compute(c, init, &reached, &done);
    if (status == FGO_ERROR_EVALUATE && !only) return FGO_OK;      /* then the method has no candidate */
    if (status || !done || !are_finite(c->x, size)) return status; /* far measurements may add up to infinity */
    double cost;
    status = fgoi_cost(c->p, c->x, &cost);
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

/* Returns whether some factor has a loss. Wrong loop closures are the shortest connections of all, so shortest paths run through
 * them; where losses say that some closures may be wrong, shortest paths are no candidate. */
static int expects_outliers(const fgoi_problem *p)
{
    const fgo_graph *g = p->g;
    for (size_t i = 0; i < g->group_count; i++)
        for (size_t f = 0; f < g->group[i].count; f++)
            if (fgoi_problem_loss(p, &g->group[i], f)->loss_class != &fgo_loss_class_none) return 1;
    return 0;
}

/* Returns the cost to be expected at the optimum if the information matrices are right: 1 for every residual row in excess of the
 * unknowns. From an estimate at or below that cost, a few steps of any optimizer are cheaper than a better start. */
static double expected_cost(const fgoi_problem *p)
{
    const fgo_graph *g = p->g;
    double rows = 0.0, held = 0.0;
    for (size_t i = 0; i < g->group_count; i++) {
        const fgoi_group *group = &g->group[i];
        size_t count = group->count;
        for (size_t f = 0; p->weight && f < group->count; f++) count -= !(fgoi_problem_weight(p, group, f) > 0.0);
        rows += (double)count * group->c.rows;
    }
    for (size_t i = 0; i < g->tangent_size; i++) held += g->held[i];
    return rows - ((double)g->tangent_size - held);
}

static void list_costs(fgo_init_report *r)
{
    int used = snprintf(r->reason, sizeof r->reason, "least cost:");
    for (int i = 0; i < FGO_INIT_AUTO && used < (int)sizeof r->reason; i++)
        if (!isnan(r->cost[i]))
            used += snprintf(r->reason + used, sizeof r->reason - (size_t)used, "%s %s %.4g", used > 11 ? "," : "",
                             fgo_init_name((fgo_init)i), r->cost[i]);
}

static fgo_status choose(choice *c, fgo_init init)
{
    fgo_init_report *r = &c->report;
    fgo_status status = consider(c, FGO_INIT_KEEP, 1);
    if (init != FGO_INIT_AUTO) {
        if (!status && init != FGO_INIT_KEEP) status = consider(c, init, 1);
        snprintf(r->reason, sizeof r->reason, r->chosen == init ? "as asked" : "%s found nothing to work with",
                 fgo_init_name(init));
        return status;
    }
    if (!status && r->cost[FGO_INIT_KEEP] <= expected_cost(c->p)) {
        snprintf(r->reason, sizeof r->reason, "its cost, %.4g, is what noise alone explains", r->cost[FGO_INIT_KEEP]);
        return FGO_OK;
    }
    if (!status) status = consider(c, expects_outliers(c->p) ? FGO_INIT_ODOMETRY : FGO_INIT_SPANNING_TREE, 0);
    if (!status) status = consider(c, FGO_INIT_CHORDAL, 0);
    list_costs(r);
    return status;
}

fgo_status fgoi_initialize(const fgoi_problem *p, fgo_init init, int threads, double *x, fgo_init_report *report)
{
    const size_t size = p->g->x_size;
    const double since = fgoi_now_s();
    choice c = { p, x, fgoi_alloc(size, sizeof *x), fgoi_alloc(size, sizeof *x), { .chosen = FGO_INIT_KEEP }, threads };
    for (int i = 0; i < FGO_INIT_CAPACITY; i++) c.report.cost[i] = NAN;
    fgo_status status = c.x && c.best ? FGO_OK : fgoi_fail_memory();
    if (!status && size) status = choose(&c, init);
    if (!status) {
        if (size) memcpy(x, c.best, size * sizeof *x);
        c.report.time_s = fgoi_now_s() - since;
        if (report) *report = c.report;
    }
    fgoi_free(c.x);
    fgoi_free(c.best);
    return status;
}

fgo_status fgo_initialize_with_sized(fgo_graph *g, fgo_init init, int threads, fgo_init_report *report, size_t report_size)
{
    FGOI_REQUIRE(g);
    FGOI_REQUIRE_SIZE(report_size);
    if (!fgo_init_name(init)) return fgoi_fail(FGO_ERROR_ARGUMENT, "unknown initialization %d", (int)init);
    fgo_init_report own;
    fgo_status status = fgoi_threads_check(threads);
    if (!status) status = fgoi_initialize(&(fgoi_problem){ .g = g }, init, threads, g->x, &own);
    if (!status) fgoi_sized_write(report, report_size, &own, sizeof own);
    return status;
}
