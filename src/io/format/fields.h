/* SPDX-License-Identifier: BSD-3-Clause */
/* fields.h -- splits one line into blank-separated fields: ids, then numbers. A '#' that starts a field starts a comment, which
 * ends the line. */
#ifndef FGOI_IO_FIELDS_H
#define FGOI_IO_FIELDS_H
#include "io/text/number.h"
#include "tags.h"

/* The rest of a line. */
typedef struct fgoi_cursor {
    const char *p, *end;
} fgoi_cursor;

/* What is wrong with a line, and where. */
typedef struct fgoi_misread {
    const char *at;
    char text[320];
} fgoi_misread;

/* The fields of a line, and the place of each. */
typedef struct fgoi_fields {
    int64_t id[FGOI_MAX_IDS + FGOI_MAX_PARAMETERS]; /* ids of vertices, then of parameters */
    double time;                                    /* time of a vertex in seconds; NaN: none */
    double number[FGOI_MAX_NUMBERS];                /* value or measurement, then the information as in the file */
    const char *id_at[FGOI_MAX_IDS + FGOI_MAX_PARAMETERS], *time_at, *number_at[FGOI_MAX_NUMBERS];
    int has_information;
} fgoi_fields;

/* The text of an edge's information matrix. In most graphs all edges of a kind have the same. */
typedef struct fgoi_matrix_text {
    const fgoi_tag *tag; /* row of the line; NULL: no line yet, or one that is too long */
    size_t length;
    int repeated; /* 1: the line read last has the same text as the one before */
    char text[FGOI_MAX_NUMBERS * 16];
} fgoi_matrix_text;

/* Moves to the next field. Returns 1, or 0 if there is none. */
static inline int fgoi_next_field(fgoi_cursor *c)
{
    while (c->p < c->end && fgoi_is_blank(*c->p)) c->p++;
    return c->p < c->end && *c->p != '#';
}

/* Records a problem at `at` and returns -1. */
int fgoi_reject(fgoi_misread *problem, const char *at, const char *format, ...) __attribute__((format(printf, 3, 4)));

/* Writes the field at p in quotes for a message, shortened, with bytes that are not printable escaped, to `out`, which is
 * returned. */
enum { FGOI_QUOTED_SIZE = 48 };
const char *fgoi_quote(char out[FGOI_QUOTED_SIZE], const char *p, const char *end);

/* Reads the id at the cursor, which fgoi_next_field has found. Returns 0, or -1 with the problem. */
int fgoi_read_id(fgoi_cursor *c, int64_t *id, fgoi_misread *problem);

/* Reads the number at the cursor, which fgoi_next_field has found. Returns 0, or -1 with the problem. */
int fgoi_read_number(fgoi_cursor *c, double *x, fgoi_misread *problem);

/* Reads the fields after the tag of a vertex, edge or equivalence line. Returns 0, or -1 with the problem. */
int fgoi_read_fields(fgoi_cursor c, const fgoi_tag *tag, fgoi_fields *f, fgoi_misread *problem);
/* Reads the fields of one edge after another, into the same `f`: a matrix with the same text as the one before is not read
 * again. */
int fgoi_read_next_fields(fgoi_cursor c, const fgoi_tag *tag, fgoi_fields *f, fgoi_matrix_text *matrix, fgoi_misread *problem);

/* Converts fields to fgopt's form: a value, or a measurement without its parameters. Returns 0, or -1 with the problem. */
int fgoi_decode_fields(const fgoi_tag *tag, const fgoi_fields *f, double value[FGOI_MAX_VALUE], fgoi_misread *problem);
/* Computes Omega, rows x rows, from the numbers that the line has for it. Returns 0, or -1 with the problem. */
int fgoi_unpack_information(const fgoi_tag *tag, const fgoi_fields *f, double *Omega, fgoi_misread *problem);
/* Finds the row i and column j, i <= j, in Omega or its root of the k-th number that a line has for it. */
void fgoi_information_place(const fgoi_tag *tag, int k, int *i, int *j);
/* Computes the numbers that a line has for Omega. Returns 0, or -1 if it cannot express Omega: standard deviations have no
 * correlations, nor a weight of zero. */
int fgoi_pack_information(const fgoi_tag *tag, const double *Omega, double *number);
#endif
