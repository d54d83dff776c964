/* SPDX-License-Identifier: BSD-3-Clause */
/* factors.h -- the built-in factor classes.
 *
 * With delta = z^-1 x (prior on x) or delta = z^-1 (a^-1 b) (between a and b), z the measurement on the same manifold:
 *                     rows   g2o convention                            Log convention (class name ends in _log)
 *   prior, between_rn  n     x - z,  (b - a) - z
 *   SO(2)              1     angle of delta in (-pi, pi]
 *   SE(2)              3     (t, angle) of delta                       Log(delta) = (V^-1 t, angle)
 *   SO(3)              3     q_xyz of delta, q_w >= 0 (half angle)     Log(delta), a rotation vector
 *   SE(3)              6     (t, q_xyz) of delta, q_w >= 0             Log(delta) = (V^-1 t, rotation vector)
 * between_se2_ceres, between_se3_ceres have, with (t, R) = a^-1 b and (t_z, R_z) = z, the residuals of the examples
 * slam/pose_graph_2d and _3d of Ceres: (t - t_z, angle of delta) and (t - t_z, 2 q_xyz of R_z R^-1, q_w >= 0).
 * Units: metres, radians; q_xyz is half the rotation vector near zero, so weights of rotations are four times as large as
 * those of the Log convention for the same uncertainty. Source: R. Kuemmerle et al., "g2o", ICRA 2011 and its file format;
 * J. Sola et al. 2018 for Log. Measurements are the ambient values of manifold.h:
 * fgo_so2, fgo_se2, fgo_so3, fgo_se3, unit to rounding; n doubles in R^n.
 *
 * Poses and points, in both conventions alike. a is a pose, l a point in the world (R^2 or R^3), o the pose of a sensor in the
 * frame of a, p the point in the frame of the sensor:
 *   landmark_se2, _se3                  2, 3   a^-1 l - z
 *   landmark_se2_offset, _se3_offset    2, 3   (a o)^-1 l - z
 *   bearing_se2                         1      angle of z^-1 (a^-1 l) in (-pi, pi]
 *   bearing_range_se2                   2      that, then |a^-1 l| - range
 *   bearing_se3                         2      Log_d(u), u the direction of a^-1 l: angle(d, u) times the unit vector from d to u
 *   bearing_range_se3                   3      that, then |a^-1 l| - range
 *   range_se2, range_se3                1      |l - t| - range, t the position of a
 *   position_se2, position_se3          2, 3   t - z
 *   heading_se2, rotation_se3           1, 3   angle of z^-1 R in (-pi, pi]; Log(z^-1 R); R the rotation of a
 *   depth_se3, disparity_se3            3      (fx p_x/p_z + cx, fy p_y/p_z + cy, p_z or 1/p_z) - uvw,  p = (a o)^-1 l
 * Log_d is written in the basis (1 + s x^2 k, s x y k, -s x), (x y k, s + y^2 k, -y) of the plane normal to the measured
 * direction d = (x, y, z), with s the sign of z and k = -1 / (s + z). A prior on single degrees of freedom is a prior whose
 * information has zeros for the others.
 * Priors and relative poses of sensors are those above with x o in place of x (prior_se3_offset), a o_a in place of a and b o_b
 * in place of b (between_se2_offset, between_se3_offset). Source: the slam2d and slam3d types of g2o. docs/factors.md has a row
 * for each class. */
#ifndef FGOPT_FACTORS_H
#define FGOPT_FACTORS_H
#include <fgopt/factor.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Fill *out with the class for R^n, n in 1 .. FGO_MAX_DIMENSION; its measurement is n doubles. A graph copies the class. */
FGO_API fgo_status fgo_prior_rn(int n, fgo_factor_class *out);
FGO_API fgo_status fgo_between_rn(int n, fgo_factor_class *out);

FGO_API extern const fgo_factor_class fgo_prior_so2, fgo_prior_se2, fgo_prior_so3, fgo_prior_se3;
FGO_API extern const fgo_factor_class fgo_prior_se2_log, fgo_prior_so3_log, fgo_prior_se3_log;
FGO_API extern const fgo_factor_class fgo_between_so2, fgo_between_se2, fgo_between_so3, fgo_between_se3;
FGO_API extern const fgo_factor_class fgo_between_se2_log, fgo_between_so3_log, fgo_between_se3_log;
FGO_API extern const fgo_factor_class fgo_between_se2_ceres, fgo_between_se3_ceres;

/* ---- sensors and points: metres, radians, pixels ---- */
typedef struct fgo_point2 {
    double p[2];
} fgo_point2;
typedef struct fgo_point3 {
    double p[3];
} fgo_point3;
typedef struct fgo_range_measurement {
    double range;
} fgo_range_measurement;
typedef struct fgo_bearing_range_measurement {
    fgo_so2 bearing;
    double range;
} fgo_bearing_range_measurement;
typedef struct fgo_direction_range_measurement {
    fgo_point3 direction;
    double range;
} fgo_direction_range_measurement; /* of any length but 0 */
typedef struct fgo_landmark_se2_offset_measurement {
    fgo_point2 point;
    fgo_se2 offset;
} fgo_landmark_se2_offset_measurement;
typedef struct fgo_landmark_se3_offset_measurement {
    fgo_point3 point;
    fgo_se3 offset;
} fgo_landmark_se3_offset_measurement;
typedef struct fgo_prior_se3_offset_measurement {
    fgo_se3 pose, offset;
} fgo_prior_se3_offset_measurement;
typedef struct fgo_between_se2_offset_measurement {
    fgo_se2 pose, offset[2];
} fgo_between_se2_offset_measurement; /* of a, of b */
typedef struct fgo_between_se3_offset_measurement {
    fgo_se3 pose, offset[2];
} fgo_between_se3_offset_measurement;
typedef struct fgo_camera_measurement {
    double uvw[3];         /* pixels, pixels, depth or its inverse */
    fgo_se3 offset;        /* the camera in the frame of the pose, z forward */
    double fx, fy, cx, cy; /* pixels */
} fgo_camera_measurement;

FGO_API extern const fgo_factor_class fgo_landmark_se2, fgo_landmark_se2_offset; /* fgo_point2; with offset */
FGO_API extern const fgo_factor_class fgo_landmark_se3, fgo_landmark_se3_offset; /* fgo_point3; with offset */
FGO_API extern const fgo_factor_class fgo_bearing_se2, fgo_bearing_range_se2;    /* fgo_so2; fgo_bearing_range_measurement */
FGO_API extern const fgo_factor_class fgo_bearing_se3,
    fgo_bearing_range_se3; /* fgo_point3 (as a direction); fgo_direction_range_measurement */
FGO_API extern const fgo_factor_class fgo_range_se2, fgo_range_se3;       /* fgo_range_measurement */
FGO_API extern const fgo_factor_class fgo_position_se2, fgo_position_se3; /* fgo_point2; fgo_point3 */
FGO_API extern const fgo_factor_class fgo_heading_se2, fgo_rotation_se3;  /* fgo_so2; fgo_so3 */
FGO_API extern const fgo_factor_class fgo_depth_se3, fgo_disparity_se3;   /* fgo_camera_measurement */
FGO_API extern const fgo_factor_class fgo_prior_se3_offset, fgo_prior_se3_offset_log;
FGO_API extern const fgo_factor_class fgo_between_se2_offset, fgo_between_se2_offset_log;
FGO_API extern const fgo_factor_class fgo_between_se3_offset, fgo_between_se3_offset_log;

#ifdef __cplusplus
}
#endif
#endif
