/* SPDX-License-Identifier: BSD-3-Clause */
/* registry.h -- the factor classes that a process knows, one row each: the class, its siblings in the other conventions, the
 * fields of its measurement, its formula; and the manifolds. Files, reports, checks and Python iterate over them; users register
 * their own. A shared library that does so in a function `fgo_status fgopt_extension(void)` can be loaded by the program and by
 * Python.
 *
 *     static const fgo_measurement_field fields[] = {
 *         { .name = "range", .kind = FGO_FIELD_LENGTH, .offset = 0, .count = 1, .unit = "m", .frame = "pose" },
 *     };
 *     static const fgo_factor_registration row = { .size = sizeof row, .name = "range", .c = &fgo_range, .field = fields,
 *                                                  .fields = 1, .formula = "|l - t| - range" };
 *     fgo_status status = fgo_register_factor_class(&row);
 */
#ifndef FGOPT_REGISTRY_H
#define FGOPT_REGISTRY_H
#include <fgopt/factor.h>

#ifdef __cplusplus
extern "C" {
#endif

/* The meaning of the doubles of a field. */
typedef enum fgo_field_kind {
    FGO_FIELD_NUMBER = 0, /* numbers in a unit of their own: pixels, inverse depths */
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
    const char *unit;  /* "m", "rad", "px"; "m, rad" for poses */
    const char *frame; /* the frame of the numbers: "world", "a", "sensor"; "" for ranges */
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

/* Returns row i: first the built-in rows in the order of factors.h, then the registered ones in their order; NULL past the end.
 * Rows stay where they are as long as the process lives. */
FGO_API const fgo_factor_registration *fgo_factor_class_row(size_t i);

/* Returns the row with a class of this name, siblings included; NULL if there is none. */
FGO_API const fgo_factor_registration *fgo_factor_class_find(const char *name);

/* Returns the row of a class or of the copy that a graph keeps of it, siblings included; NULL if it is not registered. */
FGO_API const fgo_factor_registration *fgo_factor_class_row_of(const fgo_factor_class *c);

/* Adds a row for the whole process, from any thread; the row and what it points to must live as long as the process. Registering
 * the same row again does nothing. FGO_ERROR_ARGUMENT if the row is not valid: a class without evaluate; fields that overlap, do
 * not fit into the measurement, or leave some of it out; a tag with more than two variables, six rows or 28 numbers a line.
 * FGO_ERROR_TYPE if another class of that name, or another class or manifold of that tag is registered, FGO_ERROR_TOO_LARGE after
 * 1024 rows. */
FGO_API fgo_status fgo_register_factor_class(const fgo_factor_registration *row);

/* Adds a manifold for the whole process, from any thread: fgo_manifold_find and Python find it by its name, g2o files have the tag
 * of its traits. *m and what it points to must live as long as the process. Registering the same manifold again does nothing.
 * Graphs take manifolds that are not registered, too. FGO_ERROR_ARGUMENT if the manifold or its traits are not in order, or it has a
 * tag and more than 24 numbers; FGO_ERROR_TYPE if it has the name of another manifold, or the tag of another manifold or class;
 * FGO_ERROR_TOO_LARGE after 256 manifolds. */
FGO_API fgo_status fgo_register_manifold(const fgo_manifold *m);

#ifdef __cplusplus
}
#endif
#endif
