/* SPDX-License-Identifier: BSD-3-Clause */
/* arrays.c -- a chain of a thousand poses in two calls, and the Jacobians of all its factors in one. */
#include <fgopt/arrays.h>
#include <fgopt/factors.h>
#include <stdio.h>
#include <stdlib.h>

enum { POSES = 1000, EDGES = POSES - 1 };

int main(void)
{
    static int64_t keys[POSES], ends[EDGES][2];
    static fgo_se2 x[POSES], z[EDGES];
    for (int i = 0; i < POSES; i++) keys[i] = i, x[i] = (fgo_se2){ i, 0, 1, 0 };
    for (int i = 0; i < EDGES; i++) ends[i][0] = i, ends[i][1] = i + 1, z[i] = (fgo_se2){ 1, 0, 1, 0 };
    fgo_graph *g = NULL;
    fgo_status st = fgo_graph_create(&g);
    if (!st) st = fgo_graph_add_variables(g, &fgo_manifold_se2, POSES, keys, &x[0].x);
    if (!st) st = fgo_graph_add_factors(g, &fgo_between_se2, EDGES, ends[0], z, fgo_noise_sigma(0.1), 0, fgo_loss_none());
    double *r = malloc(EDGES * 3 * sizeof *r), *J = malloc(EDGES * 3 * 6 * sizeof *J);
    if (!st && r && J) st = fgo_graph_evaluate_group(g, 0, FGO_WEIGHTING_NOISE, r, J);
    if (st) fprintf(stderr, "%s\n", fgo_last_message());
    if (!st && r && J) printf("%zu factors; the first entry of the first Jacobian is %g\n", fgo_graph_factor_count(g), J[0]);
    const int right = !st && r && J && J[0] == -10.0;
    free(r);
    free(J);
    fgo_graph_free(g);
    return right ? 0 : 1;
}
