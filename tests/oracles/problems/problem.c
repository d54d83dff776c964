/* SPDX-License-Identifier: BSD-3-Clause */
/* problem.c -- the graph of a problem, and its residuals without a graph. */
#include "problem.h"
#include <math.h>
#include <stdio.h>
#include <string.h>

static void add(const fgo_manifold *m, const double *x, const double *delta, double *out)
{
    for (int i = 0; i < m->tangent; i++) out[i] = x[i] + delta[i];
}

static void subtract(const fgo_manifold *m, const double *x, const double *y, double *delta)
{
    for (int i = 0; i < m->tangent; i++) delta[i] = y[i] - x[i];
}

fgo_status problem_manifold(int n, fgo_manifold *out)
{
    if (n != 2 && n != 3) return fgo_manifold_rn(n, out);
    *out = (fgo_manifold){ .ambient = n, .tangent = n, .retract = add, .local = subtract };
    snprintf(out->name, sizeof out->name, "parameters%d", n);
    return FGO_OK;
}

fgo_status problem_graph(const problem *p, const double *x, fgo_graph **out)
{
    const int64_t key = 0;
    fgo_manifold m;
    fgo_graph *g = NULL;
    fgo_status status = problem_manifold(p->n, &m);
    if (!status) status = fgo_graph_create(&g);
    if (!status) status = fgo_graph_add_variable(g, key, &m, x);
    for (int i = 0; i < p->observations && !status; i++)
        status = fgo_graph_add_factor(g, p->residual, &key, &p->data[i], fgo_noise_unit(), fgo_loss_none());
    if (status) {
        fgo_graph_free(g);
        g = NULL;
    }
    *out = g;
    return status;
}

int problem_evaluate(const problem *p, const double *x, double *e, double *J)
{
    const double *at[PROBLEM_OBSERVATIONS];
    const int rows = p->observations * p->residual->rows;
    for (int i = 0; i < p->observations; i++) at[i] = x;
    if (p->residual->evaluate(p->residual, (size_t)p->observations, at, p->data, e, J)) return -1;
    for (int i = 0; i < rows; i++)
        if (!isfinite(e[i])) return -1;
    return rows;
}
