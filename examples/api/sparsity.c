/* SPDX-License-Identifier: BSD-3-Clause */
/* sparsity.c -- where the blocks of H and of its Cholesky factor are: elimination fills in. */
#include <fgopt/factors.h>
#include <fgopt/solver.h>
#include <fgopt/sparsity.h>
#include <stdio.h>

int main(void)
{
    enum { POSES = 30 };
    fgo_graph *g = NULL;
    fgo_solver *solver = NULL;
    fgo_sparsity *p = NULL;
    fgo_status st = fgo_graph_create(&g);
    for (int64_t i = 0; i < POSES && !st; i++) st = fgo_graph_add_se2(g, i, (double)i, 0, 0);
    for (int64_t i = 0; i < POSES && !st; i++) /* neighbours, and one further on */
        for (int64_t j = i + 1; j < POSES && !st; j += 7)
            st = fgo_graph_add_factor(g, &fgo_between_se2, (int64_t[]){ i, j }, &(fgo_se2){ (double)(j - i), 0, 1, 0 },
                                      fgo_noise_sigma(0.1), fgo_loss_none());
    if (!st) st = fgo_graph_hold(g, 0);
    if (!st) st = fgo_solver_create(g, NULL, &solver);
    if (!st) st = fgo_solver_sparsity(solver, &p);
    if (st) return fprintf(stderr, "%s\n", fgo_last_message()), 1;
    printf("%zu block columns: %zu blocks in H, %zu in L\n", p->n, p->H_start[p->n], p->L_start[p->n]);
    const int right = p->n == POSES - 1 && p->L_start[p->n] >= p->H_start[p->n];
    fgo_sparsity_free(p);
    fgo_solver_free(solver);
    fgo_graph_free(g);
    return right ? 0 : 1;
}
