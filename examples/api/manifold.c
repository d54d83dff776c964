/* SPDX-License-Identifier: BSD-3-Clause */
/* manifold.c -- moves a pose along its tangent space and finds the way back. */
#include <fgopt/manifold.h>
#include <math.h>
#include <stdio.h>

int main(void)
{
    const fgo_manifold *m = &fgo_manifold_se3;
    const double x[7] = { 1, 2, 3, 0, 0, 0, 1 };      /* x y z, qx qy qz qw */
    const double delta[6] = { 0.1, 0, 0, 0, 0, 0.5 }; /* metres, radians, in the frame of the pose */
    double y[7], back[6], worst = 0;
    m->retract(m, x, delta, y);
    m->local(m, x, y, back);
    for (int i = 0; i < m->tangent; i++) worst = fmax(worst, fabs(back[i] - delta[i]));
    printf("%s: moved to (%.4f, %.4f, %.4f), and back within %.1e\n", m->name, y[0], y[1], y[2], worst);
    return worst < 1e-12 ? 0 : 1;
}
