/* SPDX-License-Identifier: BSD-3-Clause */
/* factor.c -- the three parts of a factor: what it measures (its class), how well (noise), and how far to trust it (loss). */
#include <fgopt/factor.h>
#include <fgopt/factors.h>
#include <fgopt/graph.h>
#include <stdio.h>

int main(void)
{
    const double sigma[3] = { 0.1, 0.1, 0.02 };                   /* metres, metres, radians */
    const double Omega[9] = { 100, 0, 0, 0, 100, 0, 0, 0, 2500 }; /* the same as information */
    const fgo_se2 ahead = { 1, 0, 1, 0 };                         /* one metre on, not turned */
    const int64_t keys[2] = { 0, 1 };
    double cost[2], rho, slope;
    for (int i = 0; i < 2; i++) {
        fgo_graph *g = NULL;
        if (fgo_graph_create(&g) || fgo_graph_add_se2(g, 0, 0, 0, 0) || fgo_graph_add_se2(g, 1, 1.5, 0, 0) ||
            fgo_graph_add_factor(g, &fgo_between_se2, keys, &ahead, i ? fgo_noise_information(Omega) : fgo_noise_sigmas(sigma),
                                 fgo_loss_huber(1.345)) ||
            fgo_graph_cost(g, &cost[i]))
            return 1;
        fgo_graph_free(g);
    }
    fgo_loss_evaluate(fgo_loss_huber(1.345), 25.0, &rho, &slope); /* half a metre is five standard deviations: s = 25 */
    printf("cost %.4f and %.4f; Huber's loss of s = 25: %.4f\n", cost[0], cost[1], rho);
    return cost[0] > 0 && cost[0] - rho < 1e-9 && rho - cost[0] < 1e-9 ? 0 : 1;
}
