/* SPDX-License-Identifier: BSD-3-Clause */
/* pose_oracle.h -- poses as homogeneous matrices in long double, from nothing but the multiplication table of quaternions and
 * rotations about coordinate axes; and poses at hard points. Tested in test_pose.c. */
#ifndef FGOPT_TESTS_POSE_ORACLE_H
#define FGOPT_TESTS_POSE_ORACLE_H
#include "oracle.h"
#include "support.h"

#define PI 3.14159265358979323846

static const double hard_angles[] = { 0,   1e-300, 1e-160, 1e-20,     1e-12,    1e-8,      1e-4,      0.0999999,  0.1,
                                      0.5, 1,      PI / 2, PI - 1e-4, PI - 0.1, PI - 1e-8, PI - 1e-9, PI - 1e-12, PI };
enum { HARD_ANGLES = sizeof hard_angles / sizeof *hard_angles };

/* |got - wanted| <= tolerance * scale, in units of what long double has here (oracle_slack). */
#define assert_exact(got, wanted, tolerance) assert_exact_near((got), (wanted), (tolerance), #got, __FILE__, __LINE__)

static inline void assert_exact_near(exact got, exact wanted, double tolerance, const char *what, const char *file, int line)
{
    if (fabsl(got - wanted) <= tolerance * oracle_slack()) return;
    print_error("%s is %.20Lg, wanted %.20Lg within %g\n", what, got, wanted, tolerance);
    _fail(file, line);
}

/* The product of the quaternions p and q, numbers x y z w, by i j = k, j k = i, k i = j, i i = j j = k k = -1. */
static inline void exact_hamilton(const exact p[4], const exact q[4], exact out[4])
{
    static const int unit[4][4] = { { 3, 2, 1, 0 }, { 2, 3, 0, 1 }, { 1, 0, 3, 2 }, { 0, 1, 2, 3 } };
    static const int sign[4][4] = { { -1, 1, -1, 1 }, { -1, -1, 1, 1 }, { 1, -1, -1, 1 }, { 1, 1, 1, 1 } };
    for (int k = 0; k < 4; k++) out[k] = 0;
    for (int i = 0; i < 4; i++)
        for (int j = 0; j < 4; j++) out[unit[i][j]] += sign[i][j] * p[i] * q[j];
}

/* The 4 x 4 matrix of a pose: columns q e q* / |q|^2, and t. */
static inline void exact_pose_matrix(fgo_se3 T, exact M[16])
{
    const exact q[4] = { T.q[0], T.q[1], T.q[2], T.q[3] }, conjugate[4] = { -q[0], -q[1], -q[2], q[3] };
    const exact square = q[0] * q[0] + q[1] * q[1] + q[2] * q[2] + q[3] * q[3];
    for (int i = 0; i < 16; i++) M[i] = i == 15;
    for (int j = 0; j < 3; j++) {
        exact e[4] = { j == 0, j == 1, j == 2, 0 }, qe[4], turned[4];
        exact_hamilton(q, e, qe);
        exact_hamilton(qe, conjugate, turned);
        for (int i = 0; i < 3; i++) M[4 * i + j] = turned[i] / square;
        M[4 * j + 3] = T.t[j];
    }
}

static inline void exact_rotation_matrix(fgo_so3 R, exact M[16])
{
    exact_pose_matrix((fgo_se3){ { 0, 0, 0 }, { R.q[0], R.q[1], R.q[2], R.q[3] } }, M);
}

/* The 4 x 4 matrix of a rotation about coordinate axis 0, 1, 2. */
static inline void exact_turn(int axis, exact angle, exact M[16])
{
    const int i = (axis + 1) % 3, j = (axis + 2) % 3;
    for (int k = 0; k < 16; k++) M[k] = k % 5 == 0;
    M[5 * i] = M[5 * j] = cosl(angle);
    M[4 * j + i] = sinl(angle);
    M[4 * i + j] = -sinl(angle);
}

/* The inverse of a rigid motion: [R' -R't]. */
static inline void exact_inverse(const exact M[16], exact out[16])
{
    for (int i = 0; i < 16; i++) out[i] = i == 15;
    for (int i = 0; i < 3; i++)
        for (int j = 0; j < 3; j++) {
            out[4 * i + j] = M[4 * j + i];
            out[4 * i + 3] -= M[4 * j + i] * M[4 * j + 3];
        }
}

/* A unit vector: along a coordinate axis, or anywhere. */
static inline fgo_r3 hard_axis(rng *r)
{
    const int k = rng_below(r, 6);
    if (k < 3) return (fgo_r3){ k == 0, k == 1, k == 2 };
    const double a[3] = { rng_normal(r), rng_normal(r), rng_normal(r) }, n = sqrt(a[0] * a[0] + a[1] * a[1] + a[2] * a[2]);
    return (fgo_r3){ a[0] / n, a[1] / n, a[2] / n };
}

/* A rotation by one of the hard angles, in either of its quaternions. */
static inline fgo_so3 hard_rotation(rng *r)
{
    const double angle = hard_angles[rng_below(r, HARD_ANGLES)], sign = rng_below(r, 2) ? 1 : -1;
    const fgo_r3 a = hard_axis(r);
    const double s = sign * (double)sinl(angle / 2.0L);
    return (fgo_so3){ { s * a.x, s * a.y, s * a.z, sign * (double)cosl(angle / 2.0L) } };
}

static inline fgo_r3 hard_point(rng *r)
{
    const double size = (double[]){ 0, 1e-300, 1e-12, 1, 1, 1e3, 1e6 }[rng_below(r, 7)];
    return (fgo_r3){ size * rng_normal(r), size * rng_normal(r), size * rng_normal(r) };
}

static inline fgo_se3 hard_pose(rng *r)
{
    const fgo_so3 R = hard_rotation(r);
    const fgo_r3 t = hard_point(r);
    return (fgo_se3){ { t.x, t.y, t.z }, { R.q[0], R.q[1], R.q[2], R.q[3] } };
}

static inline fgo_se2 hard_planar_pose(rng *r)
{
    const double angle = (rng_below(r, 2) ? 1 : -1) * hard_angles[rng_below(r, HARD_ANGLES)];
    const fgo_r3 t = hard_point(r);
    return (fgo_se2){ t.x, t.y, (double)cosl(angle), (double)sinl(angle) };
}

static inline double size_of(fgo_r3 p) { return fmax(fabs(p.x), fmax(fabs(p.y), fabs(p.z))); }
static inline double reach_of(fgo_se3 T) { return fmax(1, size_of((fgo_r3){ T.t[0], T.t[1], T.t[2] })); }

/* The matrix of T is M: rotation within tolerance, translation within tolerance times `reach`. */
static inline void assert_pose(fgo_se3 T, const exact M[16], double tolerance, double reach)
{
    exact got[16];
    exact_pose_matrix(T, got);
    for (int i = 0; i < 12; i++) assert_exact(got[i], M[i], i % 4 == 3 ? tolerance * reach : tolerance);
}

/* The matrix of R is the rotation in M. */
static inline void assert_rotation(fgo_so3 R, const exact M[16], double tolerance)
{
    exact got[16];
    exact_rotation_matrix(R, got);
    for (int i = 0; i < 12; i++)
        if (i % 4 != 3) assert_exact(got[i], M[i], tolerance);
}

static inline void assert_unit(const double *q, int n)
{
    exact square = 0;
    for (int i = 0; i < n; i++) square += (exact)q[i] * q[i];
    assert_exact(sqrtl(square), 1, 4e-16);
}
#endif
