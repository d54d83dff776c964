/* SPDX-License-Identifier: BSD-3-Clause */
/* csv.h -- pose graphs as a table: a header names the columns, each further line is an element, and the cells are what
 * a line with tags would have. */
#ifndef FGOI_IO_CSV_H
#define FGOI_IO_CSV_H
#include "format.h"

enum { FGOI_MAX_CELLS = 128, FGOI_MAX_SLOTS = FGOI_MAX_IDS + FGOI_MAX_PARAMETERS + 1 + FGOI_MAX_NUMBERS };

typedef struct fgoi_csv {
    int columns;                        /* 0: there is no header */
    unsigned char code[FGOI_MAX_CELLS]; /* fgoi_column of each; FGOI_COLUMN_NONE: unknown, kept and not used */
    short place[FGOI_COLUMNS + 1];      /* the column of each fgoi_column; -1: none */
    const fgoi_tag *row;                /* of all lines if there is no column "tag" */
} fgoi_csv;

/* "id", "qx", "i11", ... Returns out. */
const char *fgoi_csv_column_name(int code, char out[16]);
/* The columns that a row uses, in the order of its fields: ids, parameters, time, numbers, information. Returns how
 * many. */
int fgoi_csv_slots(const fgoi_tag *tag, unsigned char code[FGOI_MAX_SLOTS]);
/* The row that a table without a column "tag" has, by the columns it has (indexed by fgoi_column); NULL if they do not
 * say. */
const fgoi_tag *fgoi_csv_row(const unsigned char used[FGOI_COLUMNS]);

/* Reads the header line. 0 or -1 with the problem. */
int fgoi_csv_header(fgoi_csv *csv, fgoi_cursor line, fgoi_misread *problem);
/* The cells of a line, without the blanks and quotes around them; what is beyond FGOI_MAX_CELLS is only counted.
 * Returns how many. */
int fgoi_csv_cells(fgoi_cursor line, fgoi_cursor cell[FGOI_MAX_CELLS]);
/* The cell of a column in a line; empty at its end if the table has no such column. */
fgoi_cursor fgoi_csv_cell(const fgoi_csv *csv, fgoi_cursor line, int code);
/* Reads an element as fgoi_read_fields does. Information whose cells are all empty is the identity; id_at[0] NULL: the
 * table has no column "id". */
int fgoi_csv_read(const fgoi_csv *csv, fgoi_cursor line, const fgoi_tag *tag, fgoi_fields *f, fgoi_misread *problem);
#endif
