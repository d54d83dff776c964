/* SPDX-License-Identifier: BSD-3-Clause */
/* evaluate.c -- residuals and Jacobians of a run of factors: raw, whitened and weighted, after the loss; and their cost. */
#include "evaluate.h"
#include "assemble.h"
#include "base/memory.h"
#include <math.h>
#include <string.h>

/* Computes J = W J in place, for any size; W is upper triangular, packed by rows, J is rows x p. Row i needs only the rows
 * i .. rows - 1, so in ascending order nothing is overwritten that is still needed. */
static void whiten_jacobian(int rows, int p, const double *W, double *J)
{
    for (int i = 0; i < rows; i++) {
        double *Ji = J + (size_t)i * (size_t)p;
        for (int j = 0; j < p; j++) Ji[j] *= W[0];
        for (int k = i + 1; k < rows; k++) {
            const double w = W[k - i], *Jk = J + (size_t)k * (size_t)p;
            for (int j = 0; j < p; j++) Ji[j] += w * Jk[j];
        }
        W += rows - i;
    }
}

/* Returns rho(|r|^2), which is not finite if r is not, even if the loss is bounded; scales r and J (may be NULL) by
 * sqrt(rho'). */
static double weigh(const fgo_loss *loss, int rows, int p, double *r, double *J)
{
    double s = 0.0, rho, rho_prime;
    for (int i = 0; i < rows; i++) s += r[i] * r[i];
    if (loss->loss_class == &fgo_loss_class_none || !isfinite(s)) return s;
    loss->loss_class->evaluate(loss->loss_class, loss->parameter, s, &rho, &rho_prime);
    if (J) {
        const double w = sqrt(rho_prime);
        for (int i = 0; i < rows; i++) r[i] *= w;
        for (int i = 0; i < rows * p; i++) J[i] *= w;
    }
    return rho;
}

/* Computes r = W r in place for `count` factors. Passes with and without Jacobians both use this code, so that their costs agree
 * bit for bit. */
static void whiten_residuals(int rows, size_t count, const double *W, double *r)
{
    const size_t w = fgoi_packed(rows), n = (size_t)rows;
    if (rows == 3)
        for (size_t f = 0; f < count; f++) fgoi_packed_multiply(3, W + 6 * f, r + 3 * f);
    else if (rows == 6)
        for (size_t f = 0; f < count; f++) fgoi_packed_multiply(6, W + 21 * f, r + 6 * f);
    else
        for (size_t f = 0; f < count; f++) fgoi_packed_multiply(rows, W + w * f, r + n * f);
}

static void whiten_run(const fgoi_group *group, size_t first, size_t count, double *r, double *J)
{
    const int rows = group->c.rows, p = group->c.partials;
    const size_t w = fgoi_packed(rows), np = (size_t)rows * (size_t)p;
    const double *W = group->W + first * w;
    whiten_residuals(rows, count, W, r);
    if (!J) return;
    if (rows == 3 && p == 6)
        fgoi_assemble()->whiten_3x6(count, W, J);
    else if (rows == 6 && p == 12)
        fgoi_assemble()->whiten_6x12(count, W, J);
    else
        for (size_t f = 0; f < count; f++) whiten_jacobian(rows, p, W + w * f, J + np * f);
}

/* Evaluates the factors of a group without whitening, `run` factors per call of the class; `value` has room for the pointers of
 * one call. */
static int raw_run(const fgo_graph *g, const fgoi_group *group, const double *x, size_t first, size_t count, size_t run,
                   const double **value, double *e, double *J)
{
    const fgo_factor_class *c = &group->c;
    const size_t arity = (size_t)c->arity, rows = (size_t)c->rows;
    for (size_t done = 0; done < count; done += run) {
        const size_t n = count - done < run ? count - done : run;
        const uint32_t *variable = group->variable + (first + done) * arity;
        for (size_t i = 0; i < n * arity; i++) value[i] = x + g->variable[variable[i]].x;
        if (c->evaluate(c, n, value, fgoi_measurement(group, first + done), e + done * rows,
                        J ? J + done * rows * (size_t)c->partials : NULL))
            return -1;
    }
    return 0;
}

int fgoi_raw_run(const fgo_graph *g, const fgoi_group *group, const double *x, size_t first, size_t count, double *e, double *J)
{
    const double *few[FGOI_RUN * FGO_MAX_ARITY];
    const double **many = count > FGOI_RUN ? fgoi_alloc(count * (size_t)group->c.arity, sizeof *many) : NULL;
    /* without memory for the pointers of a large batch, the batch is evaluated in small ones */
    const int failed = raw_run(g, group, x, first, count, many ? count : FGOI_RUN, many ? many : few, e, J);
    fgoi_free(many);
    return failed;
}

/* Evaluates the factors of a run one by one, except those of weight 0, which may be why the whole run failed. */
static int raw_accepted(const fgoi_problem *p, const fgoi_group *group, const double *x, size_t first, size_t count, double *e,
                        double *J)
{
    const size_t rows = (size_t)group->c.rows, entries = rows * (size_t)group->c.partials;
    memset(e, 0, count * rows * sizeof *e);
    if (J) memset(J, 0, count * entries * sizeof *J);
    for (size_t f = 0; f < count; f++)
        if (fgoi_problem_weight(p, group, first + f) > 0.0 &&
            fgoi_raw_run(p->g, group, x, first + f, 1, e + f * rows, J ? J + f * entries : NULL))
            return -1;
    return 0;
}

/* Multiplies r and J (may be NULL) of a run by the square roots of the weights; rejected factors get zeros. */
static void apply_weights(const fgoi_problem *p, const fgoi_group *group, size_t first, size_t count, double *r, double *J)
{
    const size_t rows = (size_t)group->c.rows, entries = J ? rows * (size_t)group->c.partials : 0;
    for (size_t f = 0; f < count; f++, r += rows, J = J ? J + entries : NULL) {
        const double weight = fgoi_problem_weight(p, group, first + f), root = sqrt(weight);
        if (weight == 1.0) continue;
        for (size_t i = 0; i < rows; i++) r[i] = weight > 0.0 ? root * r[i] : 0.0; /* no product: 0 NaN is NaN */
        for (size_t i = 0; i < entries; i++) J[i] = weight > 0.0 ? root * J[i] : 0.0;
    }
}

int fgoi_whiten_run(const fgoi_problem *p, const fgoi_group *group, const double *x, size_t first, size_t count, double *r,
                    double *J)
{
    if (fgoi_raw_run(p->g, group, x, first, count, r, J) && !(p->weight && !raw_accepted(p, group, x, first, count, r, J)))
        return -1;
    whiten_run(group, first, count, r, J);
    if (p->weight) apply_weights(p, group, first, count, r, J);
    return 0;
}

int fgoi_evaluate_run(const fgoi_problem *p, const fgoi_group *group, const double *x, size_t first, size_t count, double *r,
                      double *J, double *cost)
{
    const fgo_factor_class *c = &group->c;
    double sum = 0.0;
    if (fgoi_whiten_run(p, group, x, first, count, r, J)) return -1;
    for (size_t f = 0; f < count; f++)
        sum += weigh(fgoi_problem_loss(p, group, first + f), c->rows, c->partials, r + f * (size_t)c->rows,
                     J ? J + f * (size_t)c->rows * (size_t)c->partials : NULL);
    *cost = sum;
    return 0;
}

fgo_status fgoi_cost(const fgoi_problem *p, const double *x, double *cost)
{
    const fgo_graph *g = p->g;
    size_t most = 1;
    double total = 0.0, part;
    for (size_t i = 0; i < g->group_count; i++) {
        const size_t size = fgoi_batch(&g->group[i]) * (size_t)g->group[i].c.rows;
        if (size > most) most = size;
    }
    double *r = fgoi_alloc(most, sizeof *r);
    if (!r) return fgoi_fail_memory();
    for (size_t i = 0; i < g->group_count; i++) {
        const size_t batch = fgoi_batch(&g->group[i]);
        for (size_t first = 0; first < g->group[i].count; first += batch) {
            const size_t left = g->group[i].count - first;
            const int failed = fgoi_evaluate_run(p, &g->group[i], x, first, left < batch ? left : batch, r, NULL, &part);
            total += failed ? NAN : part;
        }
    }
    fgoi_free(r);
    *cost = total;
    return FGO_OK;
}
