/* SPDX-License-Identifier: BSD-3-Clause */
/* disparity_se3.c -- a point in the picture of a pinhole camera that also measures inverse depth: with p = (a o)^-1 l,
 * o the camera's pose in the frame of a (z forward), e = (fx p_x / p_z + cx, fy p_y / p_z + cy, 1 / p_z) - (u, v, w).
 */
#define FGO_PARTIALS (FGO_SE3 + FGO_R3)
#include "camera.h"

static int predict(const fgo_factor_class *self, const void *z, const double *const *x, int k, double *out)
{
    const fgo_camera_measurement *m = z;
    (void)self;
    return fgoi_camera_predict(m, 1.0 / m->uvw[2], x, k, out);
}
#undef FGO_CLASS_FIELDS
#define FGO_CLASS_FIELDS .predict = predict, .gauge = FGO_GAUGE_RELATIVE,

FGO_RESIDUAL2(disparity_se3, 3, fgo_camera_measurement, se3, a, r3, l)
{
    vec3 p = se3_untransform(se3_compose(a, z->offset), l);
    fgoi_camera_pixel_error(z, p, r);
    r[2] = r_sub(r_div(1.0, p.z), z->uvw[2]);
}

FGOI_ROW(disparity_se3, (FGOI_CAMERA_FIELDS(NUMBER, "1/m", "inverse depth")),
         .formula = "(fx p_x/p_z + cx, fy p_y/p_z + cy, 1/p_z) - uvw, p = (a o)^-1 l");
