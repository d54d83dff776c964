/* SPDX-License-Identifier: BSD-3-Clause */
#include <cmath>
#include <cstdint>
#include <fgopt/fgopt.h>

int main()
{
    const fgo_se2 z = fgo_se2_from_angle(1.0, 0.0, 0.5);
    const std::int64_t keys[] = { 1, 2 };
    fgo_graph *g = nullptr;
    fgo_summary s;
    double x[4];
    if (fgo_graph_create(&g) || fgo_graph_add_se2(g, 1, 0.0, 0.0, 0.0) || fgo_graph_add_se2(g, 2, 0.5, 0.5, 0.0) ||
        fgo_graph_hold(g, 1) || fgo_graph_add_factor(g, &fgo_between_se2, keys, &z, fgo_noise_sigma(0.1), fgo_loss_huber(1.345)) ||
        fgo_solve(g, nullptr, &s) || fgo_graph_get_value(g, 2, x))
        return 1;
    fgo_graph_free(g);
    return fgo_termination_class(s.termination) != 1 || std::fabs(x[0] - 1.0) > 1e-9;
}
