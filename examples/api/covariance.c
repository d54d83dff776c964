/* SPDX-License-Identifier: BSD-3-Clause */
/* covariance.c -- how certain is the end of a chain of odometry? Its variance grows with every step. */
#include <fgopt/covariance.h>
#include <fgopt/factors.h>
#include <math.h>
#include <stdio.h>

int main(void)
{
    fgo_graph *g = NULL;
    fgo_covariance *c = NULL;
    double Sigma[9] = { 0 };
    fgo_status st = fgo_graph_create(&g);
    for (int64_t i = 0; i <= 4 && !st; i++) st = fgo_graph_add_se2(g, i, (double)i, 0, 0);
    for (int64_t i = 0; i < 4 && !st; i++)
        st = fgo_graph_add_factor(g, &fgo_between_se2, (int64_t[]){ i, i + 1 }, &(fgo_se2){ 1, 0, 1, 0 }, fgo_noise_sigma(0.1),
                                  fgo_loss_none());
    if (!st) st = fgo_graph_hold(g, 0);
    if (!st) st = fgo_covariance_create(g, 0, &c);
    if (!st) st = fgo_covariance_marginal(c, 4, Sigma); /* x, y, angle in the frame of pose 4 */
    if (st) fprintf(stderr, "%s\n", fgo_last_message());
    printf("standard deviations: %.3f m, %.3f m, %.3f rad\n", sqrt(Sigma[0]), sqrt(Sigma[4]), sqrt(Sigma[8]));
    fgo_covariance_free(c);
    fgo_graph_free(g);
    return !st && fabs(Sigma[0] - 0.04) < 1e-9 && fabs(Sigma[8] - 0.04) < 1e-9 ? 0 : 1; /* four steps of 0.1^2 each */
}
