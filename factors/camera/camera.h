/* SPDX-License-Identifier: BSD-3-Clause */
/* camera.h -- what the factors of pinhole cameras share: from a point to its pixel, and back from a pixel with a depth. */
#ifndef FGOI_FACTOR_CAMERA_H
#define FGOI_FACTOR_CAMERA_H
#include "row.h"
#include <fgopt/factors.h>
#include <fgopt/residual.h>

/* Predicts l = a o p for the point p at a depth; variable 1 only. This is the predict function of a class whose measurement gives
 * `depth`. */
FGO_INLINE int fgoi_camera_predict(const fgo_camera_measurement *m, double depth, const double *const *x, int k, double *out)
{
    const double p[3] = { (m->uvw[0] - m->cx) / m->fx * depth, (m->uvw[1] - m->cy) / m->fy * depth, depth };
    if (k != 1) return -1;
    vec3 l = se3_transform(se3_compose(se3_seed(x[0], -1), m->offset), (const double *)p);
    out[0] = l.x.a;
    out[1] = l.y.a;
    out[2] = l.z.a;
    return !(isfinite(out[0]) && isfinite(out[1]) && isfinite(out[2]));
}

/* Computes the pixel (u, v) of p minus the measured pixel. */
FGO_INLINE void fgoi_camera_pixel_error(const fgo_camera_measurement *m, vec3 p, real r[2])
{
    r[0] = r_sub(r_add(r_mul(m->fx, r_div(p.x, p.z)), m->cx), m->uvw[0]);
    r[1] = r_sub(r_add(r_mul(m->fy, r_div(p.y, p.z)), m->cy), m->uvw[1]);
}

/* Lists the fields of a camera's measurement; the third number is called NAME. */
#define FGOI_CAMERA_FIELDS(KIND, UNIT, NAME)                                                                                     \
    { "pixel", FGO_FIELD_NUMBER, offsetof(fgo_camera_measurement, uvw), 2, "px", "image", 0 },                                   \
        { NAME, FGO_FIELD_##KIND, offsetof(fgo_camera_measurement, uvw[2]), 1, UNIT, "camera", 0 },                              \
        FGOI_KNOWN(SE3, fgo_camera_measurement, offset, "m, rad", "a"),                                                          \
        FGOI_KNOWN(NUMBER, fgo_camera_measurement, fx, "px", "image"),                                                           \
        FGOI_KNOWN(NUMBER, fgo_camera_measurement, fy, "px", "image"),                                                           \
        FGOI_KNOWN(NUMBER, fgo_camera_measurement, cx, "px", "image"),                                                           \
        FGOI_KNOWN(NUMBER, fgo_camera_measurement, cy, "px", "image")
#endif
