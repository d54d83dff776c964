/* SPDX-License-Identifier: BSD-3-Clause */
/* values.c -- keeps an estimate, solves, and goes back when the new one is not wanted. */
#include <fgopt/factors.h>
#include <fgopt/solver.h>
#include <fgopt/values.h>
#include <stdio.h>

int main(void)
{
    fgo_graph *g = NULL;
    fgo_values *before = NULL;
    fgo_summary s;
    double moved = 0, cost = 0, again = 0;
    int64_t key = 0;
    fgo_status st = fgo_graph_create(&g);
    for (int64_t i = 0; i < 3 && !st; i++) st = fgo_graph_add_se2(g, i, 0.5 * (double)i, 0, 0);
    for (int64_t i = 0; i < 2 && !st; i++)
        st = fgo_graph_add_factor(g, &fgo_between_se2, (int64_t[]){ i, i + 1 }, &(fgo_se2){ 1, 0, 1, 0 }, fgo_noise_sigma(0.1),
                                  fgo_loss_none());
    if (!st) st = fgo_graph_cost(g, &cost);
    if (!st) st = fgo_values_create(g, &before);
    if (!st) st = fgo_solve(g, NULL, &s);
    if (!st) st = fgo_values_distance(g, before, NULL, &moved, &key);
    if (!st) st = fgo_graph_swap_values(g, before); /* back; `before` holds the solution now */
    if (!st) st = fgo_graph_cost(g, &again);
    if (st) fprintf(stderr, "%s\n", fgo_last_message());
    printf("pose %lld moved by %.3f, farthest of all; cost %.1f again\n", (long long)key, moved, again);
    fgo_values_free(before);
    fgo_graph_free(g);
    return !st && key == 2 && again == cost ? 0 : 1;
}
