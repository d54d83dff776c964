/* SPDX-License-Identifier: BSD-3-Clause */
/* residual.c -- a factor of your own, written once: the range from a pose to a mark. Its Jacobian comes from dual numbers. */
#define FGO_PARTIALS (FGO_SE2 + FGO_R2)
#include <fgopt/check.h>
#include <fgopt/residual.h>
#include <stdio.h>

typedef struct my_range_measurement {
    double range; /* metres */
} my_range_measurement;

FGO_RESIDUAL2(my_range, 1, my_range_measurement, se2, pose, r2, mark) { r[0] = r_sub(v2_norm(v2_sub(mark, pose.t)), z->range); }

int main(void)
{
    const my_range_measurement z = { 5.5 };
    const double pose[4] = { 1, 2, 1, 0 }, mark[2] = { 4, 6 }, *x[2] = { pose, mark };
    double e, J[5];
    if (fgo_my_range.evaluate(&fgo_my_range, 1, x, &z, &e, J)) return 1;
    printf("e = %.3f, de/dmark = (%.2f, %.2f)\n", e, J[3], J[4]); /* 5 - 5.5; the unit vector to the mark */
    fgo_graph *g = NULL;
    fgo_jacobian_report report = { .error = 1 };
    fgo_status st = fgo_graph_create(&g);
    if (!st) st = fgo_graph_add_se2(g, 0, 1, 2, 0.3);
    if (!st) st = fgo_graph_add_rn(g, 9, 2, mark);
    if (!st) st = fgo_graph_add_factor(g, &fgo_my_range, (int64_t[]){ 0, 9 }, &z, fgo_noise_sigma(0.1), fgo_loss_none());
    if (!st) st = fgo_graph_check_jacobians(g, &report);
    fgo_graph_free(g);
    return !st && e == -0.5 && report.error < 1e-7 ? 0 : 1;
}
