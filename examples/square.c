/* SPDX-License-Identifier: BSD-3-Clause */
/* square.c -- a robot drives around a square of 1 m, notices that it is back, and finds out where it has been. */
#include <fgopt/fgopt.h>
#include <stdio.h>

enum { CORNERS = 4 };

static fgo_status add_drive(fgo_graph *g)
{
    const double quarter = 1.5707963267948966;                     /* radians */
    const double sigma[3] = { 0.05, 0.05, 0.02 };                  /* m, m, radians */
    const fgo_se2 odometry = fgo_se2_from_angle(1.03, 0.01, 1.55); /* measured, each side: 1 m ahead, a turn left */
    const fgo_se2 back = fgo_se2_from_angle(1.0, 0.0, quarter);    /* the last corner sees the first */
    fgo_status st = FGO_OK;
    for (int64_t i = 0; !st && i < CORNERS; i++) /* rough initial guesses */
        st = fgo_graph_add_se2(g, i, i == 1 || i == 2, i >= 2, quarter * (double)i);
    for (int64_t i = 0; !st && i + 1 < CORNERS; i++)
        st = fgo_graph_add_factor(g, &fgo_between_se2, (int64_t[]){ i, i + 1 }, &odometry, fgo_noise_sigmas(sigma),
                                  fgo_loss_none());
    if (!st)
        st = fgo_graph_add_factor(g, &fgo_between_se2, (int64_t[]){ CORNERS - 1, 0 }, &back, fgo_noise_sigma(0.01),
                                  fgo_loss_huber(1.345));
    return st ? st : fgo_graph_hold(g, 0); /* the first pose is the origin */
}

int main(void)
{
    fgo_graph *g = NULL;
    fgo_summary s;
    fgo_status st = fgo_graph_create(&g);
    if (!st) st = add_drive(g);
    if (!st) st = fgo_solve(g, NULL, &s); /* st: could it run; s.termination: how it ended */
    if (st) {
        fprintf(stderr, "square: %s\n", fgo_last_message());
    } else {
        printf("%s after %d iterations, chi2 %.4g -> %.4g\n", fgo_termination_text(s.termination), s.iterations, s.cost_initial,
               s.cost_final);
        for (size_t i = 0; i < fgo_graph_variable_count(g); i++) {
            const double *x = fgo_graph_variable_value(g, i); /* x, y, cos, sin */
            printf("corner %d at (%.3f, %.3f)\n", (int)i, x[0], x[1]);
        }
    }
    fgo_graph_free(g);
    return st || fgo_termination_class(s.termination) != 1;
}
