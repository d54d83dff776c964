/* SPDX-License-Identifier: BSD-3-Clause */
/* poses.c -- a drone composes its odometry, converts angles, and tells where on the map something is that its camera sees. */
#include <fgopt/fgopt.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

static const double degree = 3.14159265358979323846 / 180.0;

/* The same motion four times: 2 m ahead while it turns left by 90 degrees. */
static fgo_se3 fly(void)
{
    const fgo_twist3 velocity = { { 2.0, 0.0, 0.5 }, { 0.0, 0.0, 90.0 * degree } }; /* m and radians in a second */
    const fgo_se3 before_T_after = fgo_se3_exp(velocity);                           /* on a screw, as it climbs */
    fgo_se3 map_T_drone = fgo_se3_identity();
    for (int second = 0; second < 4; second++) map_T_drone = fgo_se3_compose(map_T_drone, before_T_after);
    return map_T_drone;
}

/* A camera that looks ahead: its z axis is the drone's x axis, its x axis points right. From Euler angles, as a datasheet has
 * them, to the order of numbers that the driver wants. */
static fgo_se3 mount_camera(void)
{
    const fgo_euler angles = { .roll = -90.0 * degree, .pitch = 0.0, .yaw = -90.0 * degree };
    const fgo_so3 drone_R_camera = fgo_so3_from_euler(angles);
    const fgo_wxyz q = fgo_so3_to_wxyz(drone_R_camera);
    printf("camera: quaternion w x y z = %.3f %.3f %.3f %.3f\n", q.w, q.x, q.y, q.z);
    return fgo_se3_from_parts((fgo_r3){ 0.1, 0.0, -0.05 }, drone_R_camera);
}

/* Poses of graphs and these are the same numbers. */
static fgo_status store(fgo_se3 T, fgo_se3 *back)
{
    fgo_graph *g = NULL;
    double x[7];
    fgo_status st = fgo_graph_create(&g);
    if (!st) st = fgo_graph_add_se3(g, 1, T.t, T.q);
    if (!st) st = fgo_graph_get_value(g, 1, x);
    if (!st) memcpy(back, x, sizeof *back);
    fgo_graph_free(g);
    return st;
}

int main(void)
{
    const fgo_se3 map_T_drone = fly(), drone_T_camera = mount_camera();
    const fgo_se3 map_T_camera = fgo_se3_compose(map_T_drone, drone_T_camera);
    const fgo_r3 seen = { 0.0, 0.0, 5.0 }; /* 5 m in front of the camera */
    const fgo_r3 on_map = fgo_se3_transform(map_T_camera, seen), again = fgo_se3_untransform(map_T_camera, on_map);
    const fgo_se3 half_way = fgo_se3_interpolate(fgo_se3_identity(), map_T_camera, 0.5);
    const double turned = fgo_so3_angle_between(fgo_se3_rotation(half_way), fgo_se3_rotation(map_T_camera));
    fgo_se3 stored = fgo_se3_identity(), measured;

    printf("drone at (%.3f, %.3f, %.3f)\n", map_T_drone.t[0], map_T_drone.t[1], map_T_drone.t[2]);
    printf("seen on the map at (%.3f, %.3f, %.3f)\n", on_map.x, on_map.y, on_map.z);
    printf("still to turn after half the way: %.1f degrees\n", turned / degree);

    fgo_mat4 M = fgo_se3_to_matrix(map_T_camera);
    M.m[0] += 1e-7; /* as read from a file with few digits: no rotation any more, but close to one */
    fgo_status st = fgo_se3_from_matrix(M, &measured);
    if (!st) st = store(measured, &stored);
    if (st) fprintf(stderr, "poses: %s\n", fgo_last_message());
    const fgo_twist3 off = fgo_se3_log(fgo_se3_between(map_T_camera, stored));
    const int right = fabs(on_map.x - 5.1) < 1e-9 && fabs(on_map.y) < 1e-9 && fabs(on_map.z - 1.95) < 1e-9 &&
                      fabs(again.z - 5.0) < 1e-9 && fabs(off.w.z) + fabs(off.w.x) + fabs(off.w.y) < 1e-6;
    return st || !right;
}
