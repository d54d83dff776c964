/* SPDX-License-Identifier: BSD-3-Clause */
/* depth_se3.c -- a point in the picture of a pinhole camera that also measures depth: with p = (a o)^-1 l, o the camera's
 * pose in the frame of a (z forward), e = (fx p_x / p_z + cx, fy p_y / p_z + cy, p_z) - (u, v, w). */
#define FGO_PARTIALS (FGO_SE3 + FGO_R3)
#include <fgopt/factors.h>
#include <fgopt/residual.h>

/* l = a o p */
static int predict(const fgo_factor_class *self, const void *z, const double *const *x, int k, double *out)
{
    const fgo_camera_measurement *m = z;
    const double depth = m->uvw[2];
    const double p[3] = { (m->uvw[0] - m->cx) / m->fx * depth, (m->uvw[1] - m->cy) / m->fy * depth, depth };
    (void)self;
    if (k != 1) return -1;
    vec3 l = se3_transform(se3_compose(se3_seed(x[0], -1), m->offset), (const double *)p);
    out[0] = l.x.a;
    out[1] = l.y.a;
    out[2] = l.z.a;
    return !(isfinite(out[0]) && isfinite(out[1]) && isfinite(out[2]));
}
#undef FGO_CLASS_FIELDS
#define FGO_CLASS_FIELDS .predict = predict, .gauge = FGO_GAUGE_RELATIVE,

FGO_RESIDUAL2(depth_se3, 3, fgo_camera_measurement, se3, a, r3, l)
{
    vec3 p = se3_untransform(se3_compose(a, z->offset), l);
    r[0] = r_sub(r_add(r_mul(z->fx, r_div(p.x, p.z)), z->cx), z->uvw[0]);
    r[1] = r_sub(r_add(r_mul(z->fy, r_div(p.y, p.z)), z->cy), z->uvw[1]);
    r[2] = r_sub(p.z, z->uvw[2]);
}
