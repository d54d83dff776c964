/* SPDX-License-Identifier: BSD-3-Clause */
/* solver.c -- solves once, changes a measurement, and solves again without a new analysis. */
#include <fgopt/factors.h>
#include <fgopt/solver.h>
#include <stdio.h>

static int show(const fgo_iteration *it, void *user)
{
    (void)user;
    printf("%3d  cost %.6g\n", it->iteration, it->cost);
    return 0; /* go on */
}

int main(void)
{
    fgo_graph *g = NULL;
    fgo_solver *solver = NULL;
    fgo_summary s;
    fgo_options o = fgo_options_default();
    o.callback = show;
    double x[4] = { 0 };
    fgo_status st = fgo_graph_create(&g);
    for (int64_t i = 0; i < 3 && !st; i++) st = fgo_graph_add_se2(g, i, 0.7 * (double)i, 0.1, 0);
    for (int64_t i = 0; i < 2 && !st; i++)
        st = fgo_graph_add_factor(g, &fgo_between_se2, (int64_t[]){ i, i + 1 }, &(fgo_se2){ 1, 0, 1, 0 }, fgo_noise_sigma(0.1),
                                  fgo_loss_none());
    if (!st) st = fgo_graph_hold(g, 0);
    if (!st) st = fgo_solver_create(g, &o, &solver);
    if (!st) st = fgo_solver_solve(solver, &s);
    if (!st) st = fgo_graph_set_measurement(g, 1, &(fgo_se2){ 2, 0, 1, 0 });
    if (!st) st = fgo_solver_solve(solver, &s);
    if (!st) st = fgo_graph_get_value(g, 2, x);
    printf("%s: pose 2 is at %.3f\n", st ? fgo_last_message() : fgo_termination_text(s.termination), x[0]);
    fgo_solver_free(solver);
    fgo_graph_free(g);
    return !st && x[0] > 2.999 && x[0] < 3.001 ? 0 : 1;
}
