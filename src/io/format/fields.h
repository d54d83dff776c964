/* SPDX-License-Identifier: BSD-3-Clause */
/* fields.h -- takes one line apart into blank-separated fields: ids, then numbers. A '#' that starts a field starts a
 * comment, which ends the line. */
#ifndef FGOI_IO_FIELDS_H
#define FGOI_IO_FIELDS_H
#include "io/text/number.h"
#include "tags.h"

/* What is left of a line. */
typedef struct fgoi_cursor {
    const char *p, *end;
} fgoi_cursor;

/* What is wrong with a line, and where. */
typedef struct fgoi_problem {
    const char *at;
    char text[320];
} fgoi_problem;

/* The fields of a line and where each stands. */
typedef struct fgoi_fields {
    int64_t id[FGOI_MAX_IDS + FGOI_MAX_PARAMETERS]; /* of vertices, then of parameters */
    double time;                                    /* of a vertex, seconds; NaN: none */
    double number[FGOI_MAX_NUMBERS];                /* value or measurement, then the information as in the file */
    const char *id_at[FGOI_MAX_IDS + FGOI_MAX_PARAMETERS], *time_at, *number_at[FGOI_MAX_NUMBERS];
    int has_information;
} fgoi_fields;

/* The information matrix of an edge as it stands in its line. Most graphs give all their edges of a kind the same one.
 */
typedef struct fgoi_matrix_text {
    const fgoi_tag *tag; /* of the line; NULL: no line yet, or one that is too long */
    size_t length;
    int repeated; /* 1: the line read last has the same text as the one before */
    char text[FGOI_MAX_NUMBERS * 16];
} fgoi_matrix_text;

/* Moves to the next field: 1, or 0 if there is none. */
static inline int fgoi_next_field(fgoi_cursor *c)
{
    while (c->p < c->end && fgoi_is_blank(*c->p)) c->p++;
    return c->p < c->end && *c->p != '#';
}

/* Records a problem at `at` and returns -1. */
int fgoi_reject(fgoi_problem *problem, const char *at, const char *format, ...) __attribute__((format(printf, 3, 4)));

/* The field at p in quotes for a message: shortened, and bytes that are not printable escaped. Returns out. */
enum { FGOI_QUOTED_SIZE = 48 };
const char *fgoi_quote(char out[FGOI_QUOTED_SIZE], const char *p, const char *end);

/* Reads the id at the cursor, which fgoi_next_field has found. 0 or -1 with the problem. */
int fgoi_read_id(fgoi_cursor *c, int64_t *id, fgoi_problem *problem);

/* Reads the number at the cursor likewise. */
int fgoi_read_number(fgoi_cursor *c, double *x, fgoi_problem *problem);

/* Reads what stands behind the tag of a vertex, edge or equivalence line. 0 or -1 with the problem. */
int fgoi_read_fields(fgoi_cursor c, const fgoi_tag *tag, fgoi_fields *f, fgoi_problem *problem);
/* The same for one edge after the other, into the same fields: a matrix that stands there again is not read again. */
int fgoi_read_next_fields(fgoi_cursor c, const fgoi_tag *tag, fgoi_fields *f, fgoi_matrix_text *matrix, fgoi_problem *problem);

/* From fields to fgopt's form: a value, or a measurement without its parameters. 0 or -1 with the problem. */
int fgoi_decode_fields(const fgoi_tag *tag, const fgoi_fields *f, double value[FGOI_MAX_VALUE], fgoi_problem *problem);
/* Omega, rows x rows, from the numbers that the line has for it. 0 or -1 with the problem. */
int fgoi_unpack_information(const fgoi_tag *tag, const fgoi_fields *f, double *Omega, fgoi_problem *problem);
/* The place (i, j), i <= j, in Omega or its root of the k-th number that a line has for it. */
void fgoi_information_place(const fgoi_tag *tag, int k, int *i, int *j);
/* The numbers that a line has for Omega. 0; -1 if it cannot say it: standard deviations know no correlations, nor a
 * weight of zero. */
int fgoi_pack_information(const fgoi_tag *tag, const double *Omega, double *number);
#endif
