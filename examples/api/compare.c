/* SPDX-License-Identifier: BSD-3-Clause */
/* compare.c -- absolute and relative errors of a trajectory against a reference, after the best rigid alignment. */
#include <fgopt/compare.h>
#include <math.h>
#include <stdio.h>

int main(void)
{
    fgo_graph *estimate = NULL, *reference = NULL;
    fgo_comparison c;
    fgo_compare_options o = fgo_compare_options_default();
    o.alignment = FGO_ALIGN_SE;
    fgo_status st = fgo_graph_create(&estimate);
    if (!st) st = fgo_graph_create(&reference);
    for (int64_t i = 0; i < 10 && !st; i++) { /* an arc; the estimate is turned, moved, and a little off */
        const double a = 0.1 * (double)i, x = 10 * sin(a), y = 10 - 10 * cos(a), off = i == 5 ? 0.1 : 0;
        st = fgo_graph_add_se2(reference, i, x, y, a);
        if (!st) st = fgo_graph_add_se2(estimate, i, 3 - y, x + off, a + 1.5707963267948966);
    }
    if (!st) st = fgo_graph_compare(estimate, reference, &o, &c, NULL);
    if (st) return fprintf(stderr, "%s\n", fgo_last_message()), 1;
    printf("%zu poses over %.1f m: ATE rmse %.3f m, RPE rmse %.3f m\n", c.matched, c.path_length, c.ate_translation.rmse,
           c.rpe_translation.rmse);
    fgo_graph_free(estimate);
    fgo_graph_free(reference);
    return c.matched == 10 && c.ate_translation.rmse > 0.01 && c.ate_translation.rmse < 0.1 ? 0 : 1;
}
