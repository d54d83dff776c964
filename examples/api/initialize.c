/* SPDX-License-Identifier: BSD-3-Clause */
/* initialize.c -- poses of which nothing is known yet, found along the odometry and by chordal relaxation. */
#include <fgopt/factors.h>
#include <fgopt/initialize.h>
#include <fgopt/pose.h>
#include <stdio.h>

int main(void)
{
    fgo_graph *g = NULL;
    fgo_init_report report;
    double cost = -1;
    const fgo_se2 quarter = fgo_se2_from_angle(1, 0, 1.5707963267948966); /* a square, four times the same step */
    fgo_status st = fgo_graph_create(&g);
    for (int64_t i = 0; i < 4 && !st; i++) st = fgo_graph_add_se2(g, i, 0, 0, 0);
    for (int64_t i = 0; i < 4 && !st; i++)
        st = fgo_graph_add_factor(g, &fgo_between_se2, (int64_t[]){ i, (i + 1) % 4 }, &quarter, fgo_noise_sigma(0.1),
                                  fgo_loss_none());
    if (!st) st = fgo_initialize(g, FGO_INIT_AUTO, &report);
    if (!st) st = fgo_graph_cost(g, &cost);
    printf("%s: %s; cost %.2g\n", st ? "failed" : fgo_init_name(report.chosen), st ? fgo_last_message() : report.reason, cost);
    fgo_graph_free(g);
    return !st && cost < 1e-9 ? 0 : 1;
}
