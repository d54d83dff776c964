/* SPDX-License-Identifier: BSD-3-Clause */
/* registration.h -- the row of a factor class: its siblings in the other conventions, the fields of its measurement, its formula, its
 * tag. The built-in classes have theirs beside the class; users register their own (registry.h).
 *
 *     static const fgo_measurement_field fields[] = {
 *         { .name = "range", .kind = FGO_FIELD_LENGTH, .offset = 0, .count = 1, .unit = "m", .frame = "" },
 *     };
 *     static const fgo_factor_registration row = { .size = sizeof row, .name = "range", .c = &fgo_range, .field = fields,
 *                                                  .fields = 1, .formula = "|l - t| - range" };
 */
#ifndef FGOPT_REGISTRATION_H
#define FGOPT_REGISTRATION_H
#include <fgopt/factor.h>

#ifdef __cplusplus
extern "C" {
#endif

/* The meaning of the doubles of a field. */
typedef enum fgo_field_kind {
    FGO_FIELD_NUMBER = 0, /* numbers in a unit of their own or without: pixels, inverse depths, vectors */
    FGO_FIELD_LENGTH,     /* coordinates and ranges, metres */
    FGO_FIELD_DIRECTION,  /* three numbers of any length but zero */
    FGO_FIELD_SO2,        /* an ambient value of SO(2): cos, sin */
    FGO_FIELD_SE2,        /* of SE(2): x, y, cos, sin */
    FGO_FIELD_SO3,        /* of SO(3): qx, qy, qz, qw */
    FGO_FIELD_SE3         /* of SE(3): x, y, z, qx, qy, qz, qw */
} fgo_field_kind;

typedef struct fgo_measurement_field {
    const char *name;
    fgo_field_kind kind;
    size_t offset;     /* in the measurement, bytes */
    int count;         /* doubles; 0: as many as the residual has rows (R^n) */
    const char *unit;  /* "m", "rad", "px"; "m, rad" for poses; "" without */
    const char *frame; /* the frame of the numbers: "world", "a", "sensor"; "" for ranges and vectors */
    int calibration;   /* 1: known, not measured: the pose of a sensor, the parameters of a camera */
} fgo_measurement_field;

typedef struct fgo_factor_registration {
    size_t size;      /* sizeof(fgo_factor_registration) */
    const char *name; /* the name of the class */
    const fgo_factor_class *c;
    fgo_status (*of_dimension)(int n, fgo_factor_class *out); /* in place of c: one class for each n (R^n) */
    /* The classes with the residuals of the other conventions (factors.h); c is the class of g2o's. log NULL: the residual is the
     * same in all conventions; ceres NULL, but not log: that convention has no such residual. */
    const fgo_factor_class *log, *ceres;
    const fgo_measurement_field *field;
    int fields;
    const char *formula; /* the residual, in the notation of factors.h */
    /* NULL, or the tag of lines in g2o files: ids of one or two variables, the fields in their order (SE2 as x y angle, SO2 as
     * angle, others as their numbers), and the upper triangle of the information. Tags that g2o itself has are in the tables
     * of the formats. Register a class before reading: lines with unknown tags are kept, but not understood. A tag that a format
     * has already keeps its meaning. */
    const char *tag;
} fgo_factor_registration;

#ifdef __cplusplus
}
#endif
#endif
