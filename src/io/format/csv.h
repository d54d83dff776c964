/* SPDX-License-Identifier: BSD-3-Clause */
/* csv.h -- pose graphs as a table: a header names the columns, each further line is an element, and its cells have the fields of
 * a line with a tag. */
#ifndef FGOI_IO_CSV_H
#define FGOI_IO_CSV_H
#include "format.h"

enum { FGOI_MAX_CELLS = 128, FGOI_MAX_SLOTS = FGOI_MAX_IDS + FGOI_MAX_PARAMETERS + 1 + FGOI_MAX_NUMBERS };

typedef struct fgoi_csv {
    int columns;                        /* 0: there is no header */
    unsigned char code[FGOI_MAX_CELLS]; /* fgoi_column of each; FGOI_COLUMN_NONE: unknown, kept and not used */
    short place[FGOI_COLUMNS + 1];      /* index of the column of each fgoi_column; -1: none */
    const fgoi_tag *row;                /* the row of all lines if there is no column "tag" */
} fgoi_csv;

/* Writes the name of a column, "id", "qx", "i11", ..., to `out`, which is returned. */
const char *fgoi_csv_column_name(int code, char out[16]);
/* Lists the columns that a row uses, in the order of its fields: ids, parameters, time, numbers, information. Returns how
 * many. */
int fgoi_csv_slots(const fgoi_tag *tag, unsigned char code[FGOI_MAX_SLOTS]);
/* Returns the row for all lines of a table without a column "tag", by the columns that it has (indexed by fgoi_column); NULL if
 * these do not determine one. */
const fgoi_tag *fgoi_csv_row(const unsigned char used[FGOI_COLUMNS]);

/* Reads the header line. Returns 0, or -1 with the problem. */
int fgoi_csv_header(fgoi_csv *csv, fgoi_cursor line, fgoi_misread *problem);
/* Finds the cells of a line, without the blanks and quotes around them; cells beyond FGOI_MAX_CELLS are only counted. Returns how
 * many there are. */
int fgoi_csv_cells(fgoi_cursor line, fgoi_cursor cell[FGOI_MAX_CELLS]);
/* Returns the cell of a column in a line; empty, at the end of the line, if the table has no such column. */
fgoi_cursor fgoi_csv_cell(const fgoi_csv *csv, fgoi_cursor line, int code);
/* Reads an element as fgoi_read_fields does. Information whose cells are all empty is the identity; id_at[0] NULL: the
 * table has no column "id". */
int fgoi_csv_read(const fgoi_csv *csv, fgoi_cursor line, const fgoi_tag *tag, fgoi_fields *f, fgoi_misread *problem);
#endif
