/* SPDX-License-Identifier: BSD-3-Clause */
/* registry.h -- the factor classes that a process knows, one row each: the class, its siblings in the other conventions, what its
 * measurement consists of, its formula. Files, reports, checks and Python iterate over it; classes of users join it.
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

/* What the doubles of a field are. */
typedef enum fgo_field_kind {
    FGO_FIELD_NUMBER = 0, /* numbers in a unit of their own: pixels, inverse depths */
    FGO_FIELD_LENGTH,     /* coordinates and ranges, metres */
    FGO_FIELD_DIRECTION,  /* three numbers of any length but zero */
    FGO_FIELD_SO2,        /* ambient values of these manifolds: cos, sin; */
    FGO_FIELD_SE2,        /* x, y, cos, sin; */
    FGO_FIELD_SO3,        /* qx, qy, qz, qw; */
    FGO_FIELD_SE3         /* x, y, z, qx, qy, qz, qw */
} fgo_field_kind;

typedef struct fgo_measurement_field {
    const char *name;
    fgo_field_kind kind;
    size_t offset;     /* in the measurement, bytes */
    int count;         /* doubles; 0: as many as the residual has rows (R^n) */
    const char *unit;  /* "m", "rad", "px"; "m, rad" of poses */
    const char *frame; /* in which it is seen: "world", "a", "sensor"; "" for ranges */
    int calibration;   /* 1: known, not measured: where a sensor sits, what a camera is like */
} fgo_measurement_field;

typedef struct fgo_factor_registration {
    size_t size;      /* sizeof(fgo_factor_registration) */
    const char *name; /* that of the class */
    const fgo_factor_class *c;
    fgo_status (*of_dimension)(int n, fgo_factor_class *out); /* in place of c: one class for each n (R^n) */
    /* The same element under the residual of another convention (factors.h). log NULL: it is the same in all; else NULL: that
     * convention has none. c is that of g2o. */
    const fgo_factor_class *log, *ceres;
    const fgo_measurement_field *field;
    int fields;
    const char *formula; /* the residual, in the notation of factors.h */
    /* NULL, or the tag of its lines in g2o files: ids of its one or two variables, the fields in their order (SE2 as x y angle, SO2 as
     * angle, others as their numbers) and the upper triangle of the information. Tags that g2o itself has stand in the tables of
     * the formats. Register before reading: lines of unknown tags are kept, not understood. A tag that a format has, or an earlier row, stays theirs. */
    const char *tag;
} fgo_factor_registration;

/* Row i, first the built-in ones in the order of factors.h, then those registered, in their order; NULL from the number of rows on.
 * Rows stay where they are as long as the process lives. */
FGO_API const fgo_factor_registration *fgo_factor_class_row(size_t i);

/* The row with a class of this name, siblings included; NULL if there is none. */
FGO_API const fgo_factor_registration *fgo_factor_class_find(const char *name);

/* The row of a class, also of the copy that a graph keeps, siblings included; NULL if it is not registered. */
FGO_API const fgo_factor_registration *fgo_factor_class_row_of(const fgo_factor_class *c);

/* Adds a row, for the whole process, from any thread; the row and what it points to live as long as the process. Registering the
 * same row again does nothing. FGO_ERROR_ARGUMENT if a row is not in order: a class without evaluate, fields that overlap, do not
 * fit into the measurement or leave some of it out, a tag for more than two variables, six rows or 28 numbers a line; FGO_ERROR_TYPE if another class of that name is registered;
 * FGO_ERROR_TOO_LARGE after 1024. */
FGO_API fgo_status fgo_register_factor_class(const fgo_factor_registration *row);

#ifdef __cplusplus
}
#endif
#endif
