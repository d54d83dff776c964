/* SPDX-License-Identifier: BSD-3-Clause */
/* check.c -- is a Jacobian right? The factors of a graph, against differences that need no step size. */
#include <fgopt/check.h>
#include <fgopt/factors.h>
#include <stdio.h>

int main(void)
{
    fgo_graph *g = NULL;
    fgo_jacobian_report report;
    fgo_status st = fgo_graph_create(&g);
    if (!st) st = fgo_graph_add_se2(g, 0, 0.3, 0.1, 0.7);
    if (!st) st = fgo_graph_add_se2(g, 1, 1.2, 0.4, -0.2);
    if (!st)
        st = fgo_graph_add_factor(g, &fgo_between_se2, (int64_t[]){ 0, 1 }, &(fgo_se2){ 1, 0, 1, 0 }, fgo_noise_sigma(0.1),
                                  fgo_loss_none());
    if (!st) st = fgo_graph_check_jacobians(g, &report);
    if (st) return fprintf(stderr, "%s\n", fgo_last_message()), 1;
    printf("worst entry: row %d, variable %d, degree of freedom %d, off by %.1e\n", report.row, report.variable, report.dof,
           report.error);
    fgo_graph_free(g);
    return report.error < 1e-7 ? 0 : 1;
}
