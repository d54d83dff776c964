/* SPDX-License-Identifier: BSD-3-Clause */
/* tags.h -- what each tag of the file formats means: one row per tag, which reader and writer follow. A line is
 *      TAG ids numbers [information]
 * where the numbers are a vertex's value or an edge's measurement in the file's own form; decode and encode are the
 * bridge to fgopt's form. A new element is a new row in g2o.c or toro.c. */
#ifndef FGOI_IO_TAGS_H
#define FGOI_IO_TAGS_H
#include <fgopt/factors.h>
#include <fgopt/io.h>

enum {
    FGOI_MAX_IDS = 2,      /* ids in front of the numbers */
    FGOI_MAX_NUMBERS = 28, /* numbers of a line, information included */
    FGOI_MAX_VALUE = 7,    /* doubles of a value or measurement in fgopt's form */
    FGOI_MAX_ROWS = 6      /* of an information matrix */
};

typedef enum fgoi_tag_kind {
    FGOI_TAG_VERTEX,
    FGOI_TAG_EDGE,
    FGOI_TAG_FIX,        /* any number of ids, at least one: these vertices are held */
    FGOI_TAG_EQUIVALENCE /* two ids that are one and the same place */
} fgoi_tag_kind;

typedef struct fgoi_tag {
    const char *name;
    fgo_format format;
    fgoi_tag_kind kind;
    int ids, numbers;
    int rows;                 /* of the information matrix; 0: the line has none */
    int optional_information; /* 1: a line that ends behind the measurement has the identity */
    const unsigned char
        *information_order;       /* k-th number in the file -> place in the packed upper triangle; NULL: the same */
    const fgo_manifold *manifold; /* of the vertices */
    const double *origin;         /* vertex: its value if the file has edges only, until it is initialized */
    const fgo_factor_class *factor[2]; /* edge: by fgo_convention */
    /* File numbers to fgopt's form; returns NULL, or what is wrong and in *bad with which number. */
    const char *(*decode)(const double *number, double *value, int *bad);
    void (*encode)(const double *value, double *number);
} fgoi_tag;

extern const fgoi_tag fgoi_tags_g2o[], fgoi_tags_toro[]; /* end with a row whose name is NULL */

/* The row of a name that is not NUL-terminated; AUTO looks in all formats. NULL if there is none. */
const fgoi_tag *fgoi_tag_find(fgo_format format, const char *name, size_t length);
/* The row that writes a variable or a factor in a format; NULL if the format has none. */
const fgoi_tag *fgoi_tag_of_variable(fgo_format format, const fgo_manifold *m);
const fgoi_tag *fgoi_tag_of_factor(fgo_format format, const fgo_factor_class *c);
const fgoi_tag *fgoi_tag_of_kind(fgo_format format, fgoi_tag_kind kind);

/* Numbers of the information matrix in a line that has one. */
static inline int fgoi_tag_information(const fgoi_tag *t) { return t->rows * (t->rows + 1) / 2; }

/* Poses in plane and space as both formats write them (poses.c). */
const char *fgoi_decode_xyt(const double *number, double *value, int *bad); /* x y angle -> x y cos sin */
void fgoi_encode_xyt(const double *value, double *number);
const char *fgoi_decode_quaternion(const double *number, double *value,
                                   int *bad); /* x y z qx qy qz qw, any length but 0 */
void fgoi_encode_quaternion(const double *value, double *number);
const char *fgoi_decode_euler(const double *number, double *value, int *bad); /* x y z roll pitch yaw */
void fgoi_encode_euler(const double *value, double *number);
extern const double fgoi_origin_se2[4], fgoi_origin_se3[7];
#endif
