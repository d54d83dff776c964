/* SPDX-License-Identifier: BSD-3-Clause */
/* writer.h -- what the parts of writing share. */
#ifndef FGOI_IO_WRITER_H
#define FGOI_IO_WRITER_H
#include "graph/graph_private.h"
#include "io/document/document.h"
#include "io/format/format.h"
#include "io/text/text.h"

typedef struct fgoi_writer {
    const fgo_graph *g;
    const fgoi_document *d;    /* what the graph was read from, or NULL */
    int gone;                  /* 1: there was a document, but the text that was left in its file is no longer there */
    const fgoi_format *format; /* format of what is added; with `convert`, of everything */
    int convert;               /* 1: lines of another format are rewritten */
    int foreign;               /* 1: lines that belong to no known format are rewritten, too */
    int relayout;              /* 1: all lines are rewritten: lines with tags, without tags and of tables look different */
    fgo_weights weights;       /* meaning of the matrices that are written */
    const char *newline;
    fgoi_csv table; /* CSV: the columns that are written */
    int collecting; /* CSV: 1 in a first pass, which only finds the columns that are needed: */
    unsigned char used[FGOI_COLUMNS + 1];
    const fgoi_tag *only;    /* CSV: the one row that is written; ... */
    int mixed;               /* ... 1: there are several rows */
    const fgoi_tag *lacking; /* CSV: a row that needs a column that the table has not: ... */
    int lacks;               /* ... this column */
    fgoi_parameters added;   /* parameters that factors need and no line has */
    int64_t next_parameter;
    fgoi_text out;
    unsigned char *variable_done, *factor_done, *fix_done;
} fgoi_writer;

/* Returns 1 if a table is written. */
static inline int fgoi_writes_table(const fgoi_writer *w) { return w->format->layout == FGOI_LAYOUT_TABLE; }

enum { FGOI_NO_LINE = SIZE_MAX };

/* ---- lines (lines.c) ---- */

/* Writes a line from its fields, without its ending. line: the line that it replaces, or FGOI_NO_LINE. */
void fgoi_put_element(fgoi_writer *w, const fgoi_tag *tag, const fgoi_fields *f, size_t line);
/* Ends a line, with the comment and the line ending of the line that it replaces, or with the time if the format has no field for
 * it. new_time: 1 if the old line has another time. */
void fgoi_put_end(fgoi_writer *w, const fgoi_fields *f, size_t line, int new_time);
/* Writes a line as it was read, with its ending; fgoi_put_commented writes the line as a comment. */
void fgoi_put_raw(fgoi_writer *w, size_t line);
void fgoi_put_commented(fgoi_writer *w, size_t line);
/* Ends a last line of the file that had no line ending, before another one follows. */
void fgoi_start_line(fgoi_writer *w);
/* Writes the header of a table, with the columns that the first pass has found. */
void fgoi_put_header(fgoi_writer *w);

/* ---- what the graph holds ---- */

/* Returns whether a line of this row keeps its format. */
int fgoi_keeps_format(const fgoi_writer *w, const fgoi_tag *tag);
/* Returns whether matrices are written as they were read. */
int fgoi_same_weights(const fgoi_writer *w);
/* Reads the vertex or edge of a line again. This cannot fail, because the line has been read before. */
void fgoi_read_again(const fgoi_writer *w, size_t line, const fgoi_tag *tag, fgoi_fields *f, double *value);

/* Writes the text of a format that has a writer of its own (own.c). */
fgo_status fgoi_put_own(const fgo_graph *g, const fgo_format_class *c, fgoi_text *text);

/* Returns whether one of the first `ids` variables that a line names has been removed since the file was read or, if `merged`,
 * whether these variables are no longer one variable, as when keys of removed variables are in use again. */
int fgoi_names_removed(const fgoi_writer *w, size_t line, size_t ids, int merged);
/* Writes a line for a factor with its current measurement and information (edges.c). */
fgo_status fgoi_put_factor(fgoi_writer *w, size_t factor);
/* Writes the line of an edge: as it was read, or with what has changed. */
fgo_status fgoi_put_edge_line(fgoi_writer *w, size_t line, const fgoi_tag *tag);
/* Writes the poses alone, in a format without tags, in the order of their times or, without times, of their keys
 * (trajectory.c). */
fgo_status fgoi_put_trajectory(fgoi_writer *w);
#endif
