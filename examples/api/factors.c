/* SPDX-License-Identifier: BSD-3-Clause */
/* factors.c -- a pose that sees a landmark: a prior, an odometry step and two observations, of the classes that come with fgopt. */
#include <fgopt/factors.h>
#include <fgopt/solver.h>
#include <stdio.h>

int main(void)
{
    fgo_graph *g = NULL;
    fgo_summary s;
    double mark[2] = { 0, 0 };
    const fgo_se2 origin = { 0, 0, 1, 0 }, ahead = { 1, 0, 1, 0 };
    fgo_status st = fgo_graph_create(&g);
    if (!st) st = fgo_graph_add_se2(g, 0, 0, 0, 0);
    if (!st) st = fgo_graph_add_se2(g, 1, 0.9, 0.1, 0);
    if (!st) st = fgo_graph_add_rn(g, 100, 2, mark);
    if (!st) st = fgo_graph_add_factor(g, &fgo_prior_se2, (int64_t[]){ 0 }, &origin, fgo_noise_sigma(0.01), fgo_loss_none());
    if (!st) st = fgo_graph_add_factor(g, &fgo_between_se2, (int64_t[]){ 0, 1 }, &ahead, fgo_noise_sigma(0.05), fgo_loss_none());
    for (int64_t pose = 0; pose < 2 && !st; pose++) /* where each pose sees the mark, in its own frame */
        st = fgo_graph_add_factor(g, &fgo_landmark_se2, (int64_t[]){ pose, 100 }, (double[]){ 2.0 - (double)pose, 3.0 },
                                  fgo_noise_sigma(0.1), fgo_loss_none());
    if (!st) st = fgo_solve(g, NULL, &s);
    if (!st) st = fgo_graph_get_value(g, 100, mark);
    printf("%s; the mark is at (%.3f, %.3f)\n", st ? fgo_last_message() : fgo_termination_text(s.termination), mark[0], mark[1]);
    fgo_graph_free(g);
    return !st && mark[0] > 1.99 && mark[0] < 2.01 && mark[1] > 2.99 && mark[1] < 3.01 ? 0 : 1;
}
