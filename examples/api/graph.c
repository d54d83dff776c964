/* SPDX-License-Identifier: BSD-3-Clause */
/* graph.c -- builds a graph by hand, evaluates it, and takes a factor out again. */
#include <fgopt/factors.h>
#include <fgopt/graph.h>
#include <stdio.h>

int main(void)
{
    fgo_graph *g = NULL;
    double before = 0, after = 0, chi2 = 0;
    const fgo_se2 ahead = { 1, 0, 1, 0 }, wrong = { 5, 5, 1, 0 };
    fgo_status st = fgo_graph_create(&g);
    for (int64_t i = 0; i < 3 && !st; i++) st = fgo_graph_add_se2(g, i, (double)i, 0, 0);
    for (int64_t i = 0; i < 2 && !st; i++)
        st = fgo_graph_add_factor(g, &fgo_between_se2, (int64_t[]){ i, i + 1 }, &ahead, fgo_noise_sigma(0.1), fgo_loss_none());
    if (!st) st = fgo_graph_add_factor(g, &fgo_between_se2, (int64_t[]){ 0, 2 }, &wrong, fgo_noise_sigma(0.1), fgo_loss_none());
    const size_t closure = st ? 0 : fgo_graph_factor_end(g) - 1; /* the handle of the factor that was added last */
    if (!st) st = fgo_graph_chi2(g, closure, &chi2);
    if (!st) st = fgo_graph_cost(g, &before);
    if (!st) st = fgo_graph_remove_factor(g, closure);
    if (!st) st = fgo_graph_cost(g, &after);
    if (st) fprintf(stderr, "%s\n", fgo_last_message());
    printf("cost %.1f, of which the wrong loop has %.1f; without it %.1f\n", before, chi2, after);
    fgo_graph_free(g);
    return !st && before > 1000 && after < 1e-9 ? 0 : 1;
}
