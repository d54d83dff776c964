/* SPDX-License-Identifier: BSD-3-Clause */
/* nearest_rotation.c -- trace(R(q)' M) is the quadratic form q' K q of a unit quaternion, so the best q is the eigenvector of
 * the largest eigenvalue of the symmetric 4 x 4 matrix K (B. Horn, "Closed-form solution of absolute orientation using unit
 * quaternions", 1987). Unlike the SVD it needs no care of reflections. */
#include "nearest_rotation.h"
#include "base/small_matrix.h"
#include <math.h>
#include <string.h>

/* Applies one Jacobi rotation, which annihilates K_pq; V collects the eigenvectors in its columns. */
static void rotate(double K[16], double V[16], int p, int q)
{
    if (K[p * 4 + q] == 0.0) return;
    const double theta =
        (K[q * 4 + q] - K[p * 4 + p]) / (2.0 * K[p * 4 + q]); /* may be so large that its square is infinite: t = 0 */
    const double t = (theta >= 0.0 ? 1.0 : -1.0) / (fabs(theta) + sqrt(theta * theta + 1.0));
    const double c = 1.0 / sqrt(t * t + 1.0), s = t * c;
    fgoi_symmetric_rotate(4, K, V, p, q, c, s);
}

int fgoi_nearest_rotation(const double M[9], double q[4])
{
    double scale = 0.0, V[16] = { 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1 };
    for (int i = 0; i < 9; i++) scale += fabs(M[i]);
    if (!(scale > 0.0) || !isfinite(scale)) return -1;
    double m[9];
    for (int i = 0; i < 9; i++) m[i] = M[i] / scale;
    double K[16] = { m[0] - m[4] - m[8], m[1] + m[3], m[2] + m[6], m[7] - m[5],       m[1] + m[3],        m[4] - m[0] - m[8],
                     m[5] + m[7],        m[2] - m[6], m[2] + m[6], m[5] + m[7],       m[8] - m[0] - m[4], m[3] - m[1],
                     m[7] - m[5],        m[2] - m[6], m[3] - m[1], m[0] + m[4] + m[8] };
    for (int sweep = 0; sweep < 12; sweep++) { /* converges quadratically; 5 are usual */
        double off = 0.0;
        for (int i = 0; i < 4; i++)
            for (int j = i + 1; j < 4; j++) off += K[i * 4 + j] * K[i * 4 + j];
        if (off < 1e-32) break;
        for (int i = 0; i < 4; i++)
            for (int j = i + 1; j < 4; j++) rotate(K, V, i, j);
    }
    int best = 0;
    for (int i = 1; i < 4; i++)
        if (K[i * 5] > K[best * 5]) best = i;
    const double sign = V[12 + best] < 0.0 ? -1.0 : 1.0;
    double norm = 0.0;
    for (int i = 0; i < 4; i++) norm += V[i * 4 + best] * V[i * 4 + best];
    for (int i = 0; i < 4; i++) q[i] = sign * V[i * 4 + best] / sqrt(norm);
    return 0;
}
