/* SPDX-License-Identifier: BSD-3-Clause */
/* classes.c -- the table of built-in factor classes. A new one is its file in factors/ and a row here. */
#include "classes.h"
#include <fgopt/factors.h>

#define DOUBLES(TYPE) ((int)(sizeof(TYPE) / sizeof(double)))
/* A measurement that is one field, and a member of one that is a struct. */
#define ONE(NAME, KIND, TYPE, UNIT, FRAME)                                                                                       \
    {                                                                                                                            \
        NAME, FGO_FIELD_##KIND, 0, DOUBLES(TYPE), UNIT, FRAME, 0                                                                 \
    }
#define MEMBER(KIND, TYPE, NAME, UNIT, FRAME) MEMBER_AS(KIND, TYPE, NAME, UNIT, FRAME, 0)
#define KNOWN(KIND, TYPE, NAME, UNIT, FRAME)  MEMBER_AS(KIND, TYPE, NAME, UNIT, FRAME, 1)
#define MEMBER_AS(KIND, TYPE, NAME, UNIT, FRAME, CALIBRATION)                                                                    \
    {                                                                                                                            \
#NAME, FGO_FIELD_##KIND, offsetof(TYPE, NAME), DOUBLES(((TYPE *)0)->NAME), UNIT, FRAME, CALIBRATION                      \
    }

typedef const fgo_measurement_field fields[];

static fields vector = { { "value", FGO_FIELD_LENGTH, 0, 0, "m", "world", 0 } };
static fields world_so2 = { ONE("rotation", SO2, fgo_so2, "rad", "world") }, so2 = { ONE("rotation", SO2, fgo_so2, "rad", "a") };
static fields world_se2 = { ONE("pose", SE2, fgo_se2, "m, rad", "world") }, se2 = { ONE("pose", SE2, fgo_se2, "m, rad", "a") };
static fields world_so3 = { ONE("rotation", SO3, fgo_so3, "rad", "world") }, so3 = { ONE("rotation", SO3, fgo_so3, "rad", "a") };
static fields world_se3 = { ONE("pose", SE3, fgo_se3, "m, rad", "world") }, se3 = { ONE("pose", SE3, fgo_se3, "m, rad", "a") };
static fields world_point2 = { ONE("point", LENGTH, fgo_point2, "m", "world") },
              point2 = { ONE("point", LENGTH, fgo_point2, "m", "a") };
static fields world_point3 = { ONE("point", LENGTH, fgo_point3, "m", "world") },
              point3 = { ONE("point", LENGTH, fgo_point3, "m", "a") };
static fields bearing2 = { ONE("bearing", SO2, fgo_so2, "rad", "a") };
static fields bearing3 = { ONE("direction", DIRECTION, fgo_point3, "", "a") };
static fields range = { MEMBER(LENGTH, fgo_range_measurement, range, "m", "") };
static fields bearing_range2 = { MEMBER(SO2, fgo_bearing_range_measurement, bearing, "rad", "a"),
                                 MEMBER(LENGTH, fgo_bearing_range_measurement, range, "m", "") };
static fields bearing_range3 = { MEMBER(DIRECTION, fgo_direction_range_measurement, direction, "", "a"),
                                 MEMBER(LENGTH, fgo_direction_range_measurement, range, "m", "") };
static fields landmark2_offset = { MEMBER(LENGTH, fgo_landmark_se2_offset_measurement, point, "m", "sensor"),
                                   KNOWN(SE2, fgo_landmark_se2_offset_measurement, offset, "m, rad", "a") };
static fields landmark3_offset = { MEMBER(LENGTH, fgo_landmark_se3_offset_measurement, point, "m", "sensor"),
                                   KNOWN(SE3, fgo_landmark_se3_offset_measurement, offset, "m, rad", "a") };
static fields prior3_offset = { MEMBER(SE3, fgo_prior_se3_offset_measurement, pose, "m, rad", "world"),
                                KNOWN(SE3, fgo_prior_se3_offset_measurement, offset, "m, rad", "a") };
static fields between2_offset = { MEMBER(SE2, fgo_between_se2_offset_measurement, pose, "m, rad", "sensor of a"),
                                  KNOWN(SE2, fgo_between_se2_offset_measurement, offset[0], "m, rad", "a"),
                                  KNOWN(SE2, fgo_between_se2_offset_measurement, offset[1], "m, rad", "b") };
static fields between3_offset = { MEMBER(SE3, fgo_between_se3_offset_measurement, pose, "m, rad", "sensor of a"),
                                  KNOWN(SE3, fgo_between_se3_offset_measurement, offset[0], "m, rad", "a"),
                                  KNOWN(SE3, fgo_between_se3_offset_measurement, offset[1], "m, rad", "b") };
#define CAMERA(KIND, UNIT, NAME)                                                                                                 \
    { "pixel", FGO_FIELD_NUMBER, offsetof(fgo_camera_measurement, uvw), 2, "px", "image", 0 },                                   \
        { NAME, FGO_FIELD_##KIND, offsetof(fgo_camera_measurement, uvw[2]), 1, UNIT, "camera", 0 },                              \
        KNOWN(SE3, fgo_camera_measurement, offset, "m, rad", "a"), KNOWN(NUMBER, fgo_camera_measurement, fx, "px", "image"),     \
        KNOWN(NUMBER, fgo_camera_measurement, fy, "px", "image"), KNOWN(NUMBER, fgo_camera_measurement, cx, "px", "image"),      \
        KNOWN(NUMBER, fgo_camera_measurement, cy, "px", "image")
static fields depth = { CAMERA(LENGTH, "m", "depth") };
static fields disparity = { CAMERA(NUMBER, "1/m", "inverse depth") };

#define ROW(NAME, FIELDS, FORMULA)                                                                                               \
    .size = sizeof(fgo_factor_registration), .name = #NAME, .c = &fgo_##NAME, .field = FIELDS,                                   \
    .fields = sizeof FIELDS / sizeof *FIELDS, .formula = FORMULA
#define LOG(NAME)   .log = &fgo_##NAME##_log
#define CERES(NAME) .ceres = &fgo_##NAME##_ceres
#define RN(NAME, FORMULA)                                                                                                        \
    .size = sizeof(fgo_factor_registration), .name = #NAME, .of_dimension = fgo_##NAME, .field = vector, .fields = 1,            \
    .formula = FORMULA

/* clang-format off */
const fgo_factor_registration fgoi_factor_rows[] = {
    { RN(prior_rn, "x - z") },
    { RN(between_rn, "(b - a) - z") },
    { ROW(prior_so2, world_so2, "angle of z^-1 x") },
    { ROW(prior_se2, world_se2, "(t, angle) of z^-1 x"), LOG(prior_se2) },
    { ROW(prior_so3, world_so3, "q_xyz of z^-1 x, q_w >= 0"), LOG(prior_so3) },
    { ROW(prior_se3, world_se3, "(t, q_xyz) of z^-1 x, q_w >= 0"), LOG(prior_se3) },
    { ROW(between_so2, so2, "angle of z^-1 (a^-1 b)") },
    { ROW(between_se2, se2, "(t, angle) of z^-1 (a^-1 b)"), LOG(between_se2), CERES(between_se2) },
    { ROW(between_so3, so3, "q_xyz of z^-1 (a^-1 b), q_w >= 0"), LOG(between_so3) },
    { ROW(between_se3, se3, "(t, q_xyz) of z^-1 (a^-1 b), q_w >= 0"), LOG(between_se3), CERES(between_se3) },
    { ROW(landmark_se2, point2, "a^-1 l - z") },
    { ROW(landmark_se2_offset, landmark2_offset, "(a o)^-1 l - z") },
    { ROW(landmark_se3, point3, "a^-1 l - z") },
    { ROW(landmark_se3_offset, landmark3_offset, "(a o)^-1 l - z") },
    { ROW(bearing_se2, bearing2, "angle of z^-1 (a^-1 l)") },
    { ROW(bearing_range_se2, bearing_range2, "angle of z^-1 (a^-1 l); |a^-1 l| - range") },
    { ROW(bearing_se3, bearing3, "Log_d(u), u the direction of a^-1 l") },
    { ROW(bearing_range_se3, bearing_range3, "Log_d(u), u the direction of a^-1 l; |a^-1 l| - range") },
    { ROW(range_se2, range, "|l - t| - range") },
    { ROW(range_se3, range, "|l - t| - range") },
    { ROW(position_se2, world_point2, "t - z") },
    { ROW(position_se3, world_point3, "t - z") },
    { ROW(heading_se2, world_so2, "angle of z^-1 R") },
    { ROW(rotation_se3, world_so3, "Log(z^-1 R)") },
    { ROW(depth_se3, depth, "(fx p_x/p_z + cx, fy p_y/p_z + cy, p_z) - uvw, p = (a o)^-1 l") },
    { ROW(disparity_se3, disparity, "(fx p_x/p_z + cx, fy p_y/p_z + cy, 1/p_z) - uvw, p = (a o)^-1 l") },
    { ROW(prior_se3_offset, prior3_offset, "(t, q_xyz) of z^-1 (x o), q_w >= 0"), LOG(prior_se3_offset) },
    { ROW(between_se2_offset, between2_offset, "(t, angle) of z^-1 ((a o_a)^-1 (b o_b))"), LOG(between_se2_offset) },
    { ROW(between_se3_offset, between3_offset, "(t, q_xyz) of z^-1 ((a o_a)^-1 (b o_b)), q_w >= 0"), LOG(between_se3_offset) },
    { .name = NULL },
};
/* clang-format on */
