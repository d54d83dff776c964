/* SPDX-License-Identifier: BSD-3-Clause */
/* pose.c -- computes where on the map a point is that a robot sees, and the twist that leads to the pose of the robot. */
#include <fgopt/pose.h>
#include <math.h>
#include <stdio.h>

int main(void)
{
    const fgo_r3 step = { 1.0, 0.0, 0.0 }, seen = { 2.0, 0.0, 0.0 };
    const fgo_euler left = { 0.0, 0.0, 1.5707963267948966 }; /* roll, pitch, yaw: a quarter turn to the left */
    const fgo_se3 before_T_after = fgo_se3_from_parts(step, fgo_so3_from_euler(left));
    const fgo_se3 map_T_robot = fgo_se3_compose(before_T_after, before_T_after); /* twice the same step, from the origin */
    const fgo_r3 on_map = fgo_se3_transform(map_T_robot, seen);
    const fgo_twist3 xi = fgo_se3_log(map_T_robot);
    printf("the point is at (%.3f, %.3f, %.3f)\n", on_map.x, on_map.y, on_map.z);
    printf("Log of the pose: (%.3f, %.3f, %.3f) m, (%.3f, %.3f, %.3f) rad\n", xi.u.x, xi.u.y, xi.u.z, xi.w.x, xi.w.y, xi.w.z);
    return fabs(on_map.x + 1.0) > 1e-12 || fabs(on_map.y - 1.0) > 1e-12 || fabs(fabs(xi.w.z) - 3.141592653589793) > 1e-12;
}
