/* SPDX-License-Identifier: BSD-3-Clause */
/* corners.c -- a robot drives around a square; the first program of README.md. square.c is a longer one. */
#include <fgopt/fgopt.h>
#include <stdio.h>

int main(void)
{
    const double sigma[3] = { 0.05, 0.05, 0.02 };                            /* metres, metres, radians */
    const fgo_se2 step = fgo_se2_from_angle(1.03, 0.01, 1.5707963267948966); /* measured: 1 m ahead, then a turn to the left */
    fgo_summary s = { 0 };
    fgo_graph *g = NULL;
    fgo_status st = fgo_graph_create(&g);
    for (int64_t i = 0; !st && i < 4; i++) st = fgo_graph_add_se2(g, i, 0.0, 0.0, 0.0); /* the keys of the poses are 0 .. 3 */
    for (int64_t i = 0; !st && i < 4; i++)
        st = fgo_graph_add_factor(g, &fgo_between_se2, (int64_t[]){ i, (i + 1) % 4 }, &step, fgo_noise_sigmas(sigma),
                                  fgo_loss_huber(1.345));
    if (!st) st = fgo_graph_hold(g, 0);   /* the first pose is the origin */
    if (!st) st = fgo_solve(g, NULL, &s); /* st: could it run; s.termination: how it ended */
    if (st) fprintf(stderr, "%s\n", fgo_last_message());
    for (size_t i = 0; !st && i < fgo_graph_variable_count(g); i++) {
        const double *x = fgo_graph_variable_value(g, i); /* x, y, cos, sin */
        printf("corner %zu at (%.3f, %.3f)\n", i, x[0], x[1]);
    }
    fgo_graph_free(g);
    return st || fgo_termination_class(s.termination) != 1;
}
