/* SPDX-License-Identifier: BSD-3-Clause */
/* tags.h -- what each tag of the file formats means: one row per tag, which reader and writer follow. A line is
 *      [TAG] ids [time] numbers [information]
 * where the numbers are a vertex's value or an edge's measurement in the file's own form; decode and encode are the
 * bridge to fgopt's form. A new element is a new row in the file of its format. */
#ifndef FGOI_IO_TAGS_H
#define FGOI_IO_TAGS_H
#include <fgopt/factors.h>
#include <fgopt/io.h>
#include <fgopt/registry.h>

enum {
    FGOI_MAX_IDS = 2,        /* ids of vertices in front of the numbers */
    FGOI_MAX_PARAMETERS = 2, /* ids of parameters after the ids of vertices */
    FGOI_MAX_NUMBERS = 28,   /* numbers of a line, including the information */
    FGOI_MAX_VALUE = 24,     /* doubles of a value or measurement in fgopt's form, including parameters */
    FGOI_MAX_ROWS = 6        /* of an information matrix */
};

/* The columns of a CSV file (csv.c). */
typedef enum fgoi_column {
    FGOI_COLUMN_TAG,
    FGOI_COLUMN_ID, /* and the id of the second vertex */
    FGOI_COLUMN_PARAMETER = FGOI_COLUMN_ID + FGOI_MAX_IDS,
    FGOI_COLUMN_TIME = FGOI_COLUMN_PARAMETER + FGOI_MAX_PARAMETERS,
    FGOI_COLUMN_X,
    FGOI_COLUMN_Y,
    FGOI_COLUMN_Z,
    FGOI_COLUMN_THETA,
    FGOI_COLUMN_ROLL,
    FGOI_COLUMN_PITCH,
    FGOI_COLUMN_YAW,
    FGOI_COLUMN_QX,
    FGOI_COLUMN_QY,
    FGOI_COLUMN_QZ,
    FGOI_COLUMN_QW,
    FGOI_COLUMN_RANGE,
    FGOI_COLUMN_FX,
    FGOI_COLUMN_FY,
    FGOI_COLUMN_CX,
    FGOI_COLUMN_CY,
    FGOI_COLUMN_INFORMATION,                         /* the packed upper triangle of Omega, */
    FGOI_COLUMN_ROOT = FGOI_COLUMN_INFORMATION + 21, /* of its root, */
    FGOI_COLUMN_SIGMA = FGOI_COLUMN_ROOT + 21,       /* standard deviations, each with the most rows there are */
    FGOI_COLUMNS = FGOI_COLUMN_SIGMA + FGOI_MAX_ROWS,
    FGOI_COLUMN_NONE = FGOI_COLUMNS
} fgoi_column;

typedef enum fgoi_tag_kind {
    FGOI_TAG_VERTEX,
    FGOI_TAG_EDGE,
    FGOI_TAG_PARAMETER,  /* numbers that edges refer to: a sensor's pose, a camera */
    FGOI_TAG_FIX,        /* any number of ids, at least one: these vertices are held */
    FGOI_TAG_EQUIVALENCE /* two ids of the same place */
} fgoi_tag_kind;

/* What the numbers after the measurement are. */
typedef enum fgoi_weight {
    FGOI_WEIGHT_INFORMATION, /* upper triangle of Omega */
    FGOI_WEIGHT_ROOT,        /* upper triangular R with R' R = Omega */
    FGOI_WEIGHT_SIGMAS       /* standard deviations, one per row */
} fgoi_weight;

typedef struct fgoi_tag {
    const char *name;
    const struct fgoi_format *format; /* the format that the row belongs to (format.h) */
    fgoi_tag_kind kind;
    int bare;  /* 1: the line is numbers only; vertices are numbered from 0 in their order */
    int timed; /* 1: a time stamp stands before the numbers */
    int ids, numbers;
    const unsigned char *columns; /* column codes of the numbers */
    int value;                    /* doubles that decode makes of the numbers */
    int rows;                     /* rows of the information matrix; 0: the line has none */
    int optional_information;     /* 1: a line that ends after the measurement has the identity */
    fgoi_weight weight;
    const unsigned char *information_order; /* k-th number in the file -> place in the packed upper triangle; NULL: the same */
    const char *manifold[FGOI_MAX_IDS];     /* manifolds of the vertices, id by id */
    int implies;                            /* 1: the last vertex of an edge need not have a line of its own */
    int parameters;                         /* number of parameter ids after the vertex ids */
    const char *parameter;                  /* the tag that defines the parameters */
    const fgo_factor_class *factor;         /* edge, in the g2o convention; or ... */
    fgo_status (*vector_class)(int n, fgo_factor_class *out); /* ... the class for R^rows, made at run time */
    /* Converts numbers of the file to fgopt's form. Returns NULL, or what is wrong, with the index of the wrong number in
     * *bad. */
    const char *(*decode)(const double *number, double *value, int *bad);
    void (*encode)(const double *value, double *number);
    const fgo_factor_registration *own; /* instead of both: the fields of a registered class; or ... */
    const fgo_manifold *own_manifold;   /* ... the numbers of a registered manifold as they are */
} fgoi_tag;

/* Returns 1 if a table has columns for the row: rows of registered classes and manifolds have none. */
static inline int fgoi_tag_has_columns(const fgoi_tag *t) { return !t->own && !t->own_manifold; }

/* Converts the numbers of a line to a value, and back: by the row's decode and encode, its fields or its manifold. */
const char *fgoi_tag_decode(const fgoi_tag *tag, const double *number, double *value, int *bad);
void fgoi_tag_encode(const fgoi_tag *tag, const double *value, double *number);

extern const unsigned char fgoi_toro_order[6]; /* order of the information in EDGE2 */

/* Returns the row of a name that is not NUL-terminated, from one format, or from all formats with tags if `format` is NULL or the
 * format of tables. Returns NULL if there is none. */
const fgoi_tag *fgoi_tag_find(const struct fgoi_format *format, const char *name, size_t length);
/* Returns the row that writes a variable or a factor in a format; NULL if the format has none. */
const fgoi_tag *fgoi_tag_of_variable(const struct fgoi_format *format, const fgo_manifold *m);
const fgoi_tag *fgoi_tag_of_factor(const struct fgoi_format *format, const fgo_factor_class *c);
const fgoi_tag *fgoi_tag_of_kind(const struct fgoi_format *format, fgoi_tag_kind kind);
const fgoi_tag *fgoi_tag_of_parameter(const char *name);

/* Returns the manifold that these tables call `name`, in *room if it is made at run time; NULL if a registered class names a
 * manifold that is not registered. */
const fgo_manifold *fgoi_tag_manifold(const char *name, fgo_manifold *room);
/* Returns the factor class of an edge in a convention, in *room if it is made at run time; NULL if the convention has none. */
const fgo_factor_class *fgoi_tag_class(const fgoi_tag *t, int convention, fgo_factor_class *room);

/* Returns the field with the pose that is all that an edge measures, and has as many degrees of freedom as the edge has rows;
 * NULL if the edge measures something else, or its class has no row. */
const fgo_measurement_field *fgoi_tag_pose(const fgoi_tag *t);

/* Returns how many numbers of the information matrix stand in a line that has one. */
static inline int fgoi_tag_information(const fgoi_tag *t)
{
    return t->weight == FGOI_WEIGHT_SIGMAS ? t->rows : t->rows * (t->rows + 1) / 2;
}
/* Returns 1 if an edge can take one of its parameters from a line of row `parameter`: a camera has the pose of a sensor too. */
int fgoi_tag_is_parameter(const fgoi_tag *edge, const fgoi_tag *parameter);

/* Converts poses and measurements between fgopt's form and the form in files (poses.c). The comments show the form in files and,
 * where fgopt's form differs, fgopt's form. */
const char *fgoi_decode_xyt(const double *number, double *value, int *bad); /* x y angle -> x y cos sin */
void fgoi_encode_xyt(const double *value, double *number);
const char *fgoi_decode_quaternion(const double *number, double *value, int *bad); /* x y z qx qy qz qw, any length but 0 */
void fgoi_encode_quaternion(const double *value, double *number);
const char *fgoi_decode_euler(const double *number, double *value, int *bad); /* x y z roll pitch yaw */
void fgoi_encode_euler(const double *value, double *number);
const char *fgoi_decode_xy(const double *number, double *value, int *bad); /* two numbers as they are */
void fgoi_encode_xy(const double *value, double *number);
const char *fgoi_decode_xyz(const double *number, double *value, int *bad); /* three numbers as they are */
void fgoi_encode_xyz(const double *value, double *number);
const char *fgoi_decode_angle(const double *number, double *value, int *bad); /* angle -> cos sin */
void fgoi_encode_angle(const double *value, double *number);
const char *fgoi_decode_bearing_range(const double *number, double *value, int *bad); /* angle range -> cos sin range */
void fgoi_encode_bearing_range(const double *value, double *number);
const char *fgoi_decode_camera(const double *number, double *value, int *bad); /* pose with quaternion, fx fy cx cy */
void fgoi_encode_camera(const double *value, double *number);
const char *fgoi_decode_matrix(const double *number, double *value, int *bad); /* 3 x 4 by rows: rotation, translation */
void fgoi_encode_matrix(const double *value, double *number);
extern const unsigned char fgoi_columns_xyz[], fgoi_columns_xyt[], fgoi_columns_euler[], fgoi_columns_camera[],
    fgoi_columns_angle_range[];
#endif
