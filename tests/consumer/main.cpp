/* SPDX-License-Identifier: BSD-3-Clause */
#include <cmath>
#include <cstdint>
#include <fgopt/fgopt.h>

/* Geometry by value: half a turn about z at (1, 2, 3), there and back. */
static bool poses_work()
{
    const fgo_euler angles = { 0.0, 0.0, 3.14159265358979323846 };
    const fgo_r3 t = { 1.0, 2.0, 3.0 }, p = { 1.0, 0.0, 0.0 };
    const fgo_se3 T = fgo_se3_from_parts(t, fgo_so3_from_euler(angles));
    const fgo_r3 q = fgo_se3_transform(T, p), back = fgo_se3_transform(fgo_se3_inverse(T), q);
    const fgo_twist3 xi = fgo_se3_log(fgo_se3_compose(T, fgo_se3_inverse(T)));
    fgo_so3 R;
    return fgo_so3_from_wxyz(fgo_so3_to_wxyz(fgo_se3_rotation(T)), &R) == FGO_OK &&
           std::fabs(fgo_so3_angle(R) - angles.yaw) < 1e-12 && std::fabs(q.x) < 1e-12 && std::fabs(q.y - 2.0) < 1e-12 &&
           std::fabs(q.z - 3.0) < 1e-12 && std::fabs(back.x - 1.0) < 1e-12 && std::fabs(xi.u.x) + std::fabs(xi.w.z) < 1e-12 &&
           fgo_so3_from_matrix(fgo_mat3(), &R) == FGO_ERROR_ARGUMENT;
}

int main()
{
    const fgo_se2 z = fgo_se2_from_angle(1.0, 0.0, 0.5);
    const std::int64_t keys[] = { 1, 2 };
    fgo_graph *g = nullptr;
    fgo_summary s;
    double x[4];
    if (fgo_graph_create(&g) || fgo_graph_add_se2(g, 1, 0.0, 0.0, 0.0) || fgo_graph_add_se2(g, 2, 0.5, 0.5, 0.0) ||
        fgo_graph_hold(g, 1) ||
        fgo_graph_add_factor(g, &fgo_between_se2, keys, &z, fgo_noise_sigma(0.1), fgo_loss_huber(1.345)) ||
        fgo_solve(g, nullptr, &s) || fgo_graph_get_value(g, 2, x))
        return 1;
    fgo_graph_free(g);
    return fgo_termination_class(s.termination) != 1 || std::fabs(x[0] - 1.0) > 1e-9 || !poses_work();
}
