/* SPDX-License-Identifier: BSD-3-Clause */
/* writer.h -- what the parts of writing share. */
#ifndef FGOI_IO_WRITER_H
#define FGOI_IO_WRITER_H
#include "document.h"
#include "graph_private.h"
#include "output.h"

typedef struct fgoi_writer {
    fgo_graph *g;
    const fgoi_document *d; /* or NULL */
    fgo_format format;      /* of what is added; with `convert`, of everything */
    int convert;            /* 1: lines of another format are rewritten */
    int foreign;            /* 1: so are lines that belong to no known format */
    const char *newline;
    fgoi_parameters added; /* that factors need and no line has */
    int64_t next_parameter;
    fgoi_text out;
    unsigned char *variable_done, *factor_done, *fix_done;
} fgoi_writer;

/* Puts a line together from its fields; information NULL: none. */
void fgoi_put_fields(fgoi_writer *w, const fgoi_tag *tag, const int64_t *id, const double *number,
                     const double *information);
/* The line as it stood, its ending included. */
void fgoi_put_raw(fgoi_writer *w, size_t line);
/* What follows the last field of a line: a comment, and the line ending. */
void fgoi_put_tail(fgoi_writer *w, size_t line);
/* Whether a line of this row keeps its format. */
int fgoi_keeps_format(const fgoi_writer *w, const fgoi_tag *tag);
/* The vertex or edge of a line as it was read. The line has been read before, so this cannot fail. */
void fgoi_read_again(const fgoi_writer *w, size_t line, const fgoi_tag *tag, fgoi_fields *f, double *value);

/* A line for a factor with its measurement and information of now (write_edges.c). */
fgo_status fgoi_put_factor(fgoi_writer *w, size_t factor);
/* The line of an edge: as it stood, or with what has changed. */
fgo_status fgoi_put_edge_line(fgoi_writer *w, size_t line, const fgoi_tag *tag);
#endif
