/* SPDX-License-Identifier: BSD-3-Clause */
/* pose.h -- rotations and rigid motions in plain C and C++: compose, invert, Exp and Log, points, matrices, Euler angles,
 * quaternions.
 *
 *      fgo_se3 map_T_robot = fgo_se3_identity(), before_T_after;
 *      const fgo_euler turn = { 0.0, 0.0, 0.1 };                     roll, pitch, yaw in radians
 *      const fgo_r3 step = { 1.0, 0.0, 0.0 }, seen = { 2.0, 0.5, 0.0 };
 *      before_T_after = fgo_se3_from_parts(step, fgo_so3_from_euler(turn));
 *      map_T_robot = fgo_se3_compose(map_T_robot, before_T_after);   odometry
 *      fgo_r3 on_the_map = fgo_se3_transform(map_T_robot, seen);     a point that the robot sees
 *
 * examples/poses.c is this at length. The structs fgo_so2, fgo_se2, fgo_so3, fgo_se3 and fgo_r3 are values of variables and
 * measurements of factors as they are (manifold.h): fgo_graph_get_value(g, key, (double *)&T) fills a pose.
 *
 * Conventions are those of manifold.h. A pose a_T_b takes coordinates in frame b to frame a, p_a = R p_b + t; t, in metres, is
 * the origin of b seen in a. Angles are radians, rotations right-handed. Perturbations are on the right, tangents have the
 * translation first: fgo_manifold_se3.retract(x, xi) is compose(x, exp(xi)), local(x, y) is log(between(x, y)), to the last bit.
 * The quaternions q and -q are the same rotation to every function. Matrices are row-major: m[n * row + column].
 *
 *                                SO(2)         SE(2)         SO(3)         SE(3)
 *      value                     fgo_so2       fgo_se2       fgo_so3       fgo_se3
 *      tangent                   double        fgo_twist2    fgo_r3        fgo_twist3
 *      exp, log                  from_angle,   exp, log      exp, log      exp, log
 *                                angle
 *      identity, compose, inverse, between, interpolate, normalize, to_matrix, from_matrix: all four
 *      rotate, unrotate          yes           rotation      yes           rotation
 *      transform, untransform    -             yes           -             yes
 *      adjoint                   1             yes           to_matrix     yes
 *      angle, angle_between      yes           angle         yes           rotation
 *      Euler angles, quaternions, axis and angle                           SO(3)
 *
 * Functions that return a value cannot fail. They expect rotations of unit length, as all functions of fgopt return them;
 * normalize brings other rotations to unit length. compose brings its result to unit length, so that long chains do not drift;
 * inverse and between keep the length of their arguments. Numbers that are not finite give results that are not finite. Functions
 * that return an fgo_status fail with FGO_ERROR_ARGUMENT on NULL, on numbers that are not finite and on numbers that are no
 * rotation; *out is then untouched. Any thread may call any function.
 *
 * Formulas: J. Sola, J. Deray, D. Atchuthan, "A micro Lie theory for state estimation in robotics", 2018, appendices A to D;
 * residual.h has the same for factors, with derivatives. */
#ifndef FGOPT_POSE_H
#define FGOPT_POSE_H
#include <fgopt/manifold.h>

#if defined __GNUC__ /* always: else gcc 12 makes other code, longer in moves, of the factors that call them */
#define FGO_POSE_INLINE static inline __attribute__((always_inline))
#else
#define FGO_POSE_INLINE static inline
#endif

#ifdef __cplusplus
extern "C" {
#endif

/* Tangents of SE(2) and SE(3): translation u in metres, then rotation w in radians; laid out as the delta of retract. */
typedef struct fgo_twist2 {
    fgo_r2 u;
    double w;
} fgo_twist2;
typedef struct fgo_twist3 {
    fgo_r3 u, w; /* w: rotation vector, axis times angle */
} fgo_twist3;

/* Square matrices, row-major. */
typedef struct fgo_mat2 {
    double m[4];
} fgo_mat2;
typedef struct fgo_mat3 {
    double m[9];
} fgo_mat3;
typedef struct fgo_mat4 {
    double m[16];
} fgo_mat4;
typedef struct fgo_mat6 {
    double m[36];
} fgo_mat6;

/* Euler angles in radians, as in TORO: R = Rz(yaw) Ry(pitch) Rx(roll). About fixed axes R is first roll about x, then pitch about
 * y, then yaw about z; about axes that turn along with the body it is first yaw, then pitch, then roll. */
typedef struct fgo_euler {
    double roll, pitch, yaw;
} fgo_euler;

/* Quaternions w + x i + y j + z k (Hamilton), in either order of the numbers. xyzw: g2o, TUM, ROS, SciPy, Eigen's coeffs().
 * wxyz: Eigen's constructor, Ceres' rotation.h, COLMAP, MuJoCo. */
typedef struct fgo_xyzw {
    double x, y, z, w;
} fgo_xyzw;
typedef struct fgo_wxyz {
    double w, x, y, z;
} fgo_wxyz;

typedef struct fgo_axis_angle {
    fgo_r3 axis;  /* direction; unit where fgopt returns it */
    double angle; /* radians, counterclockwise when the axis points at the observer */
} fgo_axis_angle;

/* ---- SO(2): rotations of the plane ---- */

/* Returns the rotation by 0: cos 1, sin 0. */
FGO_API fgo_so2 fgo_so2_identity(void);

/* Returns the rotation by an angle: Exp of SO(2). */
FGO_API fgo_so2 fgo_so2_from_angle(double angle);

/* Returns the angle of R in [-pi, pi]: Log of SO(2), atan2(sin, cos). */
FGO_API double fgo_so2_angle(fgo_so2 R);

/* Returns a b (first b, then a), of unit length. */
FGO_API fgo_so2 fgo_so2_compose(fgo_so2 a, fgo_so2 b);

/* Returns R^-1. */
FGO_API fgo_so2 fgo_so2_inverse(fgo_so2 R);

/* Returns a^-1 b: b seen from a. */
FGO_API fgo_so2 fgo_so2_between(fgo_so2 a, fgo_so2 b);

/* Returns R p. */
FGO_API fgo_r2 fgo_so2_rotate(fgo_so2 R, fgo_r2 p);

/* Returns R^-1 p. */
FGO_API fgo_r2 fgo_so2_unrotate(fgo_so2 R, fgo_r2 p);

/* Returns the angle between two rotations, in [0, pi]. */
FGO_API double fgo_so2_angle_between(fgo_so2 a, fgo_so2 b);

/* Returns a Exp(s Log(a^-1 b)): a at s = 0, b at s = 1, between them in the shorter direction at constant speed; s may lie
 * outside [0, 1]. Where a and b are half a turn apart both directions are the shortest, and rounding chooses. */
FGO_API fgo_so2 fgo_so2_interpolate(fgo_so2 a, fgo_so2 b, double s);

/* Fills *out with R at unit length. R may have any length that is neither 0 nor infinite. */
FGO_API fgo_status fgo_so2_normalize(fgo_so2 R, fgo_so2 *out);

/* Returns the 2 x 2 matrix of R: [cos -sin; sin cos]. */
FGO_API fgo_mat2 fgo_so2_to_matrix(fgo_so2 R);

/* Fills *out with the rotation nearest to M in the Frobenius norm. Fails if M is singular or a reflection: if
 * det M <= 1e-12 |M|^2. */
FGO_API fgo_status fgo_so2_from_matrix(fgo_mat2 M, fgo_so2 *out);

/* ---- SE(2): poses of the plane ---- */

/* Returns the pose at the origin with angle 0. */
FGO_API fgo_se2 fgo_se2_identity(void);

/* Returns the pose with translation (x, y), metres, and rotation by the angle. No Exp: the translation stays as it is. */
FGO_API fgo_se2 fgo_se2_from_angle(double x, double y, double angle);

/* Returns the angle of the pose's rotation in [-pi, pi]. */
FGO_API double fgo_se2_angle(fgo_se2 T);

/* Returns the rotation of the pose, which turns vectors from its frame into the outer one. */
FGO_POSE_INLINE fgo_so2 fgo_se2_rotation(fgo_se2 T)
{
    fgo_so2 R;
    R.c = T.c;
    R.s = T.s;
    return R;
}

/* Returns a b: from a_T_b and b_T_c the pose a_T_c. Its rotation is of unit length. */
FGO_API fgo_se2 fgo_se2_compose(fgo_se2 a, fgo_se2 b);

/* Returns T^-1: from a_T_b the pose b_T_a. */
FGO_API fgo_se2 fgo_se2_inverse(fgo_se2 T);

/* Returns a^-1 b: b in the frame of a, which is what a between factor measures. */
FGO_API fgo_se2 fgo_se2_between(fgo_se2 a, fgo_se2 b);

/* Returns Exp(xi): the pose of a body after one second of constant velocity xi in its own frame, which moves it on an arc. */
FGO_API fgo_se2 fgo_se2_exp(fgo_twist2 xi);

/* Returns the shortest xi with Exp(xi) = T; xi.w in [-pi, pi]. */
FGO_API fgo_twist2 fgo_se2_log(fgo_se2 T);

/* Returns T p = R p + t: the coordinates in the outer frame of a point p in the frame of the pose. */
FGO_API fgo_r2 fgo_se2_transform(fgo_se2 T, fgo_r2 p);

/* Returns T^-1 p = R^-1 (p - t): the coordinates in the frame of the pose of a point p in the outer frame. */
FGO_API fgo_r2 fgo_se2_untransform(fgo_se2 T, fgo_r2 p);

/* Returns Ad, 3 x 3, for which T Exp(xi) T^-1 = Exp(Ad xi): Ad = [R, (y, -x)'; 0 0 1]. Ad takes a twist in the frame of the
 * pose to the outer frame. A covariance of xi becomes Ad Cov Ad'. */
FGO_API fgo_mat3 fgo_se2_adjoint(fgo_se2 T);

/* Returns a Exp(s Log(a^-1 b)): the pose on the arc from a (s = 0) to b (s = 1) at constant velocity; not the straight line
 * of the translations. s may lie outside [0, 1]. */
FGO_API fgo_se2 fgo_se2_interpolate(fgo_se2 a, fgo_se2 b, double s);

/* Fills *out with T, its rotation at unit length. Fails where that is 0 or anything is not finite. */
FGO_API fgo_status fgo_se2_normalize(fgo_se2 T, fgo_se2 *out);

/* Returns the homogeneous 3 x 3 matrix [R t; 0 0 1]. */
FGO_API fgo_mat3 fgo_se2_to_matrix(fgo_se2 T);

/* Fills *out with the pose of a homogeneous matrix: the rotation nearest to its upper left block, and its translation. Fails
 * as fgo_so2_from_matrix, and if the last row is not 0 0 1 within 1e-9. */
FGO_API fgo_status fgo_se2_from_matrix(fgo_mat3 M, fgo_se2 *out);

/* ---- SO(3): rotations of space ---- */

/* Returns the rotation by 0: quaternion qx qy qz qw = 0 0 0 1. */
FGO_API fgo_so3 fgo_so3_identity(void);

/* Returns a b (first b, then a), of unit length. The quaternion keeps the sign of the product. */
FGO_API fgo_so3 fgo_so3_compose(fgo_so3 a, fgo_so3 b);

/* Returns R^-1, the conjugate quaternion. */
FGO_API fgo_so3 fgo_so3_inverse(fgo_so3 R);

/* Returns a^-1 b: b seen from a. */
FGO_API fgo_so3 fgo_so3_between(fgo_so3 a, fgo_so3 b);

/* Returns Exp(w): the rotation about w by |w| radians. */
FGO_API fgo_so3 fgo_so3_exp(fgo_r3 w);

/* Returns the shortest rotation vector w with Exp(w) = R; |w| in [0, pi]. Accurate to rounding at all angles; small rotations
 * keep all their digits. At pi, where w and -w are the same rotation, w has the sign of the quaternion's vector part. */
FGO_API fgo_r3 fgo_so3_log(fgo_so3 R);

/* Returns R p. */
FGO_API fgo_r3 fgo_so3_rotate(fgo_so3 R, fgo_r3 p);

/* Returns R^-1 p. */
FGO_API fgo_r3 fgo_so3_unrotate(fgo_so3 R, fgo_r3 p);

/* Returns the angle by which R turns, |Log R|, in [0, pi]. */
FGO_API double fgo_so3_angle(fgo_so3 R);

/* Returns the angle of a^-1 b, in [0, pi]: the geodesic distance of two rotations. */
FGO_API double fgo_so3_angle_between(fgo_so3 a, fgo_so3 b);

/* Returns a Exp(s Log(a^-1 b)), which is slerp along the shorter arc: a at s = 0, b at s = 1, about one axis at constant
 * speed; s may lie outside [0, 1]. Where a and b are half a turn apart both arcs are the shortest, and rounding chooses. */
FGO_API fgo_so3 fgo_so3_interpolate(fgo_so3 a, fgo_so3 b, double s);

/* Fills *out with R at unit length, signs kept. R may have any length that is neither 0 nor infinite. */
FGO_API fgo_status fgo_so3_normalize(fgo_so3 R, fgo_so3 *out);

/* Returns R, a rotation of the plane, as a rotation of space about z. R may have any length but 0. */
FGO_API fgo_so3 fgo_so3_from_so2(fgo_so2 R);

/* ---- SE(3): poses of space ---- */

/* Returns the pose at the origin without rotation. */
FGO_API fgo_se3 fgo_se3_identity(void);

/* Returns the pose with this translation, metres, and this rotation. No Exp: the translation stays as it is. */
FGO_API fgo_se3 fgo_se3_from_parts(fgo_r3 translation, fgo_so3 rotation);

/* Returns T, a pose of the plane, as a pose of space: at z = 0, rotated about z. */
FGO_API fgo_se3 fgo_se3_from_se2(fgo_se2 T);

/* Returns the translation of the pose: the origin of its frame in the outer one. */
FGO_POSE_INLINE fgo_r3 fgo_se3_translation(fgo_se3 T)
{
    fgo_r3 t;
    t.x = T.t[0];
    t.y = T.t[1];
    t.z = T.t[2];
    return t;
}

/* Returns the rotation of the pose, which turns vectors from its frame into the outer one. */
FGO_POSE_INLINE fgo_so3 fgo_se3_rotation(fgo_se3 T)
{
    fgo_so3 R;
    R.q[0] = T.q[0];
    R.q[1] = T.q[1];
    R.q[2] = T.q[2];
    R.q[3] = T.q[3];
    return R;
}

/* Returns a b: from a_T_b and b_T_c the pose a_T_c. Its rotation is of unit length. */
FGO_API fgo_se3 fgo_se3_compose(fgo_se3 a, fgo_se3 b);

/* Returns T^-1: from a_T_b the pose b_T_a. */
FGO_API fgo_se3 fgo_se3_inverse(fgo_se3 T);

/* Returns a^-1 b: b in the frame of a, which is what a between factor measures. */
FGO_API fgo_se3 fgo_se3_between(fgo_se3 a, fgo_se3 b);

/* Returns Exp(xi): the pose of a body after one second of constant velocity xi in its own frame, which moves it on a screw. */
FGO_API fgo_se3 fgo_se3_exp(fgo_twist3 xi);

/* Returns the shortest xi with Exp(xi) = T; |xi.w| in [0, pi], and at pi xi.w has the sign that fgo_so3_log gives it. */
FGO_API fgo_twist3 fgo_se3_log(fgo_se3 T);

/* Returns T p = R p + t: the coordinates in the outer frame of a point p in the frame of the pose. */
FGO_API fgo_r3 fgo_se3_transform(fgo_se3 T, fgo_r3 p);

/* Returns T^-1 p = R^-1 (p - t): the coordinates in the frame of the pose of a point p in the outer frame. */
FGO_API fgo_r3 fgo_se3_untransform(fgo_se3 T, fgo_r3 p);

/* Returns Ad, 6 x 6, for which T Exp(xi) T^-1 = Exp(Ad xi): Ad = [R, [t]x R; 0, R]. Ad takes a twist in the frame of the pose
 * to the outer frame. A covariance of xi becomes Ad Cov Ad'. */
FGO_API fgo_mat6 fgo_se3_adjoint(fgo_se3 T);

/* Returns a Exp(s Log(a^-1 b)): the pose on the screw from a (s = 0) to b (s = 1) at constant velocity; not the straight line
 * of the translations, for which translations and rotations are to be interpolated apart. s may lie outside [0, 1]. */
FGO_API fgo_se3 fgo_se3_interpolate(fgo_se3 a, fgo_se3 b, double s);

/* Fills *out with T, its rotation at unit length. Fails where that is 0 or anything is not finite. */
FGO_API fgo_status fgo_se3_normalize(fgo_se3 T, fgo_se3 *out);

/* ---- SO(3) and SE(3) in other forms ---- */

/* Returns the 3 x 3 matrix of R. */
FGO_API fgo_mat3 fgo_so3_to_matrix(fgo_so3 R);

/* Fills *out with the rotation nearest to M in the Frobenius norm, which is the orthogonal factor of M = R S (B. Horn, 1987);
 * qw >= 0. M may be off a rotation by rounding, or by a scale or a shear. Fails if M is singular or a reflection: if
 * det M <= 1e-12 |M|^3. Absolute accuracy 1e-15: a matrix holds no more of a rotation. */
FGO_API fgo_status fgo_so3_from_matrix(fgo_mat3 M, fgo_so3 *out);

/* Returns the homogeneous 4 x 4 matrix [R t; 0 0 0 1]. */
FGO_API fgo_mat4 fgo_se3_to_matrix(fgo_se3 T);

/* Fills *out with the pose of a homogeneous matrix: the rotation nearest to its upper left block, and its translation. Fails
 * as fgo_so3_from_matrix, and if the last row is not 0 0 0 1 within 1e-9. */
FGO_API fgo_status fgo_se3_from_matrix(fgo_mat4 M, fgo_se3 *out);

/* Returns the rotation Rz(yaw) Ry(pitch) Rx(roll). */
FGO_API fgo_so3 fgo_so3_from_euler(fgo_euler angles);

/* Returns the Euler angles of R: roll and yaw in [-pi, pi], pitch in [-pi/2, pi/2]. At pitch = pi/2 only yaw - roll is
 * determined, at -pi/2 only yaw + roll (gimbal lock): the other combination is taken to be 0, so that roll and yaw share the
 * turn evenly, (-d/2, d/2) and (s/2, s/2). That holds where cos(pitch) is below 1e-15; all angles give back R to rounding. */
FGO_API fgo_euler fgo_so3_to_euler(fgo_so3 R);

/* Fills *out with the rotation of a quaternion, which may have any length that is neither 0 nor infinite. Signs are kept. */
FGO_API fgo_status fgo_so3_from_xyzw(fgo_xyzw q, fgo_so3 *out);
FGO_API fgo_status fgo_so3_from_wxyz(fgo_wxyz q, fgo_so3 *out);

/* Returns the quaternion of R, with the sign that it has in R. */
FGO_API fgo_xyzw fgo_so3_to_xyzw(fgo_so3 R);
FGO_API fgo_wxyz fgo_so3_to_wxyz(fgo_so3 R);

/* Fills *out with the rotation about an axis by any angle. Fails if the axis is 0. */
FGO_API fgo_status fgo_so3_from_axis_angle(fgo_axis_angle turn, fgo_so3 *out);

/* Returns the axis, of unit length, and the angle in [0, pi]. The identity has the axis (1, 0, 0). */
FGO_API fgo_axis_angle fgo_so3_to_axis_angle(fgo_so3 R);

#ifdef __cplusplus
}
#endif
#endif
