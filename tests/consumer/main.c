/* SPDX-License-Identifier: BSD-3-Clause */
/* main.c -- two poses, a measured way from one to the other: the optimum is known. */
#include <fgopt/fgopt.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

int main(void)
{
    const fgo_se2 z = fgo_se2_from_angle(1.0, 0.0, 0.5);
    fgo_graph *g = NULL;
    fgo_summary s;
    double x[4];
    fgo_status st = fgo_graph_create(&g);
    if (!st) st = fgo_graph_add_se2(g, 1, 0.0, 0.0, 0.0);
    if (!st) st = fgo_graph_add_se2(g, 2, 0.5, 0.5, 0.0);
    if (!st) st = fgo_graph_hold(g, 1);
    if (!st) st = fgo_graph_add_factor(g, &fgo_between_se2, (int64_t[]){ 1, 2 }, &z, fgo_noise_sigma(0.1), fgo_loss_none());
    if (!st) st = fgo_solve(g, NULL, &s);
    if (!st) st = fgo_graph_get_value(g, 2, x);
    if (st) fprintf(stderr, "%s\n", fgo_last_message());
    fgo_graph_free(g);
    if (st || fgo_termination_class(s.termination) != 1 || fabs(x[0] - 1.0) > 1e-9 || fabs(x[3] - sin(0.5)) > 1e-9) return 1;
    return strcmp(fgo_version(), FGO_VERSION) != 0;
}
