/* SPDX-License-Identifier: BSD-3-Clause */
/* reader.h -- what the passes of reading share. */
#ifndef FGOI_IO_READER_H
#define FGOI_IO_READER_H
#include "base/error.h"
#include "graph/graph_private.h"
#include "io/document/document.h"

typedef struct fgoi_reader {
    fgo_graph *g;
    fgoi_document *d;
    const char *name;            /* name of the file, for messages */
    const fgo_format_class *own; /* class whose reader reads the file; or NULL */
    fgo_read_options o;
    size_t line;          /* the line being read, from 0 */
    fgoi_misread problem; /* what is wrong with the line */
    fgo_error what;       /* data of the problem; all zero: the text is wrong, at the place in the problem */
    fgoi_fields edge;     /* fields of the last edge */
    fgoi_matrix_text matrix;
    uint32_t edge_tag;   /* tag in the document of the last factor's line; FGOI_NO_TAG: none yet */
    uint32_t edge_group; /* group in the graph of the last factor */
    int edge_kept;       /* 1: the last edge became that group's last factor */
    fgoi_keymap same;    /* merging: id -> its class of equivalent vertices */
    uint32_t *class_of;  /* merging: union-find over the numbers of classes */
    uint32_t *member;    /* merging: the variable of a class, FGOI_NO_VALUE: none yet */
    size_t class_count, class_capacity, member_capacity;
} fgoi_reader;

/* Reads a graph as fgo_graph_read does, with other sizes than FGOI_TEXT_KEPT and FGOI_TEXT_WINDOW. */
fgo_status fgoi_graph_read(const char *path, const fgo_read_options *options, size_t kept, size_t window, fgo_graph **out);

/* Fails with FGO_ERROR_PARSE, the message "file:line:column: text" and the data `what`. Of a very long name the end is kept. */
fgo_status fgoi_fail_at(const char *name, size_t line, size_t column, const fgo_error *what, const char *text);
/* Fails as fgoi_fail_at does, with the line and the problem of a reader. */
fgo_status fgoi_reader_fail(fgoi_reader *r);
/* Explains a call on the graph that failed because of the text at `at`, unless it failed for lack of memory or because of a
 * size. */
fgo_status fgoi_reader_blame(fgoi_reader *r, fgo_status status, const char *at);

/* Adds the variables of a file: the variables of its vertex lines or, if it has none, of its edges; and the points that edges may
 * name without a line (vertices.c). */
fgo_status fgoi_read_vertices(fgoi_reader *r, int edges_only);

/* Reads a file with r->own (own.c). */
fgo_status fgoi_read_own(fgoi_reader *r);

/* Records which ids are the same place, for merging. */
fgo_status fgoi_read_equivalences(fgoi_reader *r);
#endif
