/* SPDX-License-Identifier: BSD-3-Clause */
/* graph_evaluate.c -- cost, residuals and gradient of a graph at its current values, for users. */
#include "base/memory.h"
#include "base/refuse.h"
#include "evaluate.h"
#include <fgopt/arrays.h>
#include <inttypes.h>
#include <math.h>
#include <string.h>

static fgo_status cannot_evaluate(const fgo_graph *g, const fgoi_group *group, size_t f)
{
    const size_t arity = (size_t)group->c.arity;
    return fgoi_fail(FGO_ERROR_EVALUATE, "factor %" PRIu32 " (%s, first variable %" PRId64 ") cannot be evaluated",
                     group->number[f], group->c.name, g->variable[group->variable[f * arity]].key);
}

/* Returns the error that names the first factor of a run whose value is not finite or that cannot be evaluated. */
static fgo_status blame(const fgo_graph *g, const fgoi_group *group, size_t first, size_t count, double *r)
{
    double cost;
    for (size_t f = first; f < first + count; f++)
        if (fgoi_evaluate_run(&(fgoi_problem){ .g = g }, group, g->x, f, 1, r, NULL, &cost) || !isfinite(cost))
            return cannot_evaluate(g, group, f);
    return cannot_evaluate(g, group, first);
}

/* Adds the gradient of the cost of a run of factors. */
static void add_gradient(const fgo_graph *g, const fgoi_group *group, size_t first, size_t count, const double *r,
                         const double *J, double *gradient)
{
    const fgo_factor_class *c = &group->c;
    for (size_t f = 0; f < count; f++)
        for (int i = 0; i < c->rows; i++) {
            const double *row = J + (f * (size_t)c->rows + (size_t)i) * (size_t)c->partials;
            const double two_r = 2.0 * r[f * (size_t)c->rows + (size_t)i];
            for (int k = 0; k < c->arity; row += c->variable[k].tangent, k++) {
                double *to = gradient + g->variable[group->variable[(first + f) * (size_t)c->arity + (size_t)k]].tangent;
                for (int d = 0; d < c->variable[k].tangent; d++) to[d] += row[d] * two_r;
            }
        }
}

static fgo_status sum_up(const fgo_graph *g, double *cost, double *gradient)
{
    const fgoi_problem p = { .g = g };
    size_t most = 1;
    for (size_t i = 0; i < g->group_count; i++) {
        const size_t size =
            fgoi_batch(&g->group[i]) * (size_t)g->group[i].c.rows * (1 + (gradient ? (size_t)g->group[i].c.partials : 0));
        if (size > most) most = size;
    }
    double *r = fgoi_alloc(most, sizeof *r);
    if (!r) return fgoi_fail_memory();
    fgo_status status = FGO_OK;
    double total = 0.0;
    for (size_t i = 0; i < g->group_count && !status; i++) {
        const fgoi_group *group = &g->group[i];
        const size_t batch = fgoi_batch(group);
        double *J = gradient ? r + (size_t)group->c.rows * batch : NULL;
        for (size_t first = 0; first < group->count && !status; first += batch) {
            const size_t count = group->count - first < batch ? group->count - first : batch;
            double part;
            if (fgoi_evaluate_run(&p, group, g->x, first, count, r, J, &part) || !isfinite(part))
                status = blame(g, group, first, count, r);
            else if (gradient)
                add_gradient(g, group, first, count, r, J, gradient);
            total += part;
        }
    }
    fgoi_free(r);
    if (!status && cost) *cost = total;
    return status;
}

fgo_status fgo_graph_cost(const fgo_graph *g, double *cost)
{
    FGOI_REQUIRE(g);
    FGOI_REQUIRE(cost);
    return sum_up(g, cost, NULL);
}

fgo_status fgo_graph_gradient(const fgo_graph *g, double *gradient)
{
    FGOI_REQUIRE(g);
    FGOI_REQUIRE(gradient);
    double *sum = fgoi_alloc(g->tangent_size, sizeof *sum);
    if (!sum) return fgoi_fail_memory();
    fgo_status status = sum_up(g, NULL, sum);
    if (!status)
        for (size_t i = 0; i < g->tangent_size; i++) gradient[i] = g->held[i] ? 0.0 : sum[i];
    fgoi_free(sum);
    return status;
}

/* Computes e of one factor; r has room for its rows. */
static fgo_status residual_of(const fgo_graph *g, size_t factor, double *r)
{
    if (!fgoi_has_factor(g, factor)) return fgoi_no_factor(g, factor);
    const size_t f = g->location[factor].index;
    const fgoi_group *group = &g->group[g->location[factor].group];
    const fgo_factor_class *c = &group->c;
    const double *value[FGO_MAX_ARITY];
    for (int k = 0; k < c->arity; k++) value[k] = g->x + g->variable[group->variable[f * (size_t)c->arity + (size_t)k]].x;
    if (c->evaluate(c, 1, value, fgoi_measurement(group, f), r, NULL)) return cannot_evaluate(g, group, f);
    for (int i = 0; i < c->rows; i++)
        if (!isfinite(r[i])) return cannot_evaluate(g, group, f);
    return FGO_OK;
}

fgo_status fgo_graph_residual(const fgo_graph *g, size_t factor, double *e)
{
    double r[FGO_MAX_DIMENSION];
    FGOI_REQUIRE(g);
    FGOI_REQUIRE(e);
    fgo_status status = residual_of(g, factor, r);
    if (!status) memcpy(e, r, (size_t)fgo_graph_factor_class(g, factor)->rows * sizeof *e);
    return status;
}

fgo_status fgo_graph_chi2(const fgo_graph *g, size_t factor, double *chi2)
{
    double r[FGO_MAX_DIMENSION];
    FGOI_REQUIRE(g);
    FGOI_REQUIRE(chi2);
    fgo_status status = residual_of(g, factor, r);
    if (status) return status;
    const fgoi_group *group = &g->group[g->location[factor].group];
    const int n = group->c.rows;
    const double *W = group->W + g->location[factor].index * fgoi_packed(n);
    *chi2 = fgoi_packed_square(n, W, r);
    return FGO_OK;
}

/* Computes r *= sqrt(rho'(|r|^2)), which fgoi_evaluate_run leaves out where there is no Jacobian. */
static void weigh_values(const fgoi_group *group, size_t first, size_t count, double *r)
{
    const size_t rows = (size_t)group->c.rows;
    for (size_t f = 0; f < count; f++, r += rows) {
        double s = 0.0, rho, rho_prime;
        for (size_t i = 0; i < rows; i++) s += r[i] * r[i];
        fgo_loss_evaluate(*fgoi_group_loss(group, first + f), s, &rho, &rho_prime);
        for (size_t i = 0; i < rows; i++) r[i] *= sqrt(rho_prime);
    }
}

/* Evaluates a run as `weighting` asks: e and de/ddelta, W e and W de/ddelta, or these after the loss. */
static int evaluate_run(const fgo_graph *g, const fgoi_group *group, fgo_weighting weighting, size_t first, size_t count,
                        double *r, double *J)
{
    const fgoi_problem p = { .g = g };
    double cost;
    if (weighting == FGO_WEIGHTING_NONE) return fgoi_raw_run(g, group, g->x, first, count, r, J);
    if (weighting == FGO_WEIGHTING_NOISE) return fgoi_whiten_run(&p, group, g->x, first, count, r, J);
    const int failed = fgoi_evaluate_run(&p, group, g->x, first, count, r, J, &cost);
    if (!failed && !J) weigh_values(group, first, count, r);
    return failed;
}

fgo_status fgo_graph_evaluate_group(const fgo_graph *g, size_t number, fgo_weighting weighting, double *r, double *J)
{
    FGOI_REQUIRE(g);
    FGOI_REQUIRE(r);
    if (number >= g->group_count || weighting < FGO_WEIGHTING_NONE || weighting > FGO_WEIGHTING_LOSS)
        return fgoi_fail(FGO_ERROR_ARGUMENT, "there is no group %zu (the graph has %zu) or no weighting %d", number,
                         g->group_count, (int)weighting);
    const fgoi_group *group = &g->group[number];
    const size_t rows = (size_t)group->c.rows, partials = (size_t)group->c.partials, batch = fgoi_batch(group);
    for (size_t first = 0; first < group->count; first += batch) {
        const size_t count = group->count - first < batch ? group->count - first : batch;
        double *e = r + first * rows;
        int failed = evaluate_run(g, group, weighting, first, count, e, J ? J + first * rows * partials : NULL);
        for (size_t i = 0; i < count * rows && !failed; i++) failed = !isfinite(e[i]);
        if (failed) return blame(g, group, first, count, e);
    }
    return FGO_OK;
}
