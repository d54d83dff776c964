/* SPDX-License-Identifier: BSD-3-Clause */
/* document.h -- the file that a graph was read from: its text, its lines in order with what each defines, and the tags that
 * occurred. Pointers into the text are valid until another line is read. If the text cannot be read, which may happen to a file
 * that was left where it is, lines are empty, and fgoi_document_failure says so. */
#ifndef FGOI_IO_DOCUMENT_H
#define FGOI_IO_DOCUMENT_H
#include "io/format/csv.h"
#include "io/format/parameters.h"
#include "io/text/source.h"
#include <stdatomic.h>
#include <stddef.h>

enum { FGOI_NO_TAG = UINT32_MAX };

typedef struct fgoi_line {
    size_t begin;    /* offset in the text */
    uint32_t tag;    /* number in the document's tags; FGOI_NO_TAG: blank or a comment */
    uint32_t number; /* of the variable or factor that the line defines; FGOI_NO_VALUE: none */
} fgoi_line;

typedef struct fgoi_tag_use {
    char *name;                       /* owned */
    size_t length, count, first_line; /* first_line counts from 1 */
    const fgoi_tag *tag;              /* NULL: unknown */
} fgoi_tag_use;

typedef struct fgoi_document {
    fgoi_source source;
    fgoi_window *window; /* of this graph; all else is shared with copies of the graph */
    size_t start;        /* after a byte order mark */
    int utf16;           /* 1: the file begins with the byte order mark of UTF-16 */
    fgoi_line *line;
    size_t line_count, line_capacity;
    fgoi_tag_use *tag; /* in order of first occurrence */
    size_t tag_count, tag_capacity;
    const fgoi_tag *bare;   /* of all lines, in a file without tags; or NULL */
    const fgoi_format *own; /* of a file that has another reader; or NULL */
    char *read_by;          /* the name of the format of such a file, whose text is not kept; NULL: the lines are here */
    fgoi_csv csv;           /* of a table */
    uint32_t *slot;         /* hash table of tag numbers by name, FGOI_NO_TAG: empty */
    size_t slots;           /* a power of two, or 0 */
    fgoi_parameters parameters;
    fgo_file_report report;
    fgo_weights weights; /* with which the file was read */
    atomic_uint *graphs; /* how many graphs share the document: copies of a graph may be in different threads */
} fgoi_document;

/* Makes a document of a source, which it takes over, also on failure. FGO_ERROR_IO or FGO_ERROR_MEMORY. */
fgo_status fgoi_document_create(fgoi_source *source, fgoi_document **out);
/* Returns the document for one more graph; NULL when out of memory. */
fgoi_document *fgoi_document_share(fgoi_document *d);
/* Releases the document of one graph; the last graph frees it. */
void fgoi_document_free(fgoi_document *d);

/* Keeps of a file that another format has read only what its report says, and closes the source. FGO_ERROR_MEMORY. */
fgo_status fgoi_document_close(fgoi_document *d, const fgo_format_class *c);

/* Returns the document of a graph if it has the lines of the file, else NULL. */
static inline fgoi_document *fgoi_document_lines(fgoi_document *d) { return d && !d->read_by ? d : NULL; }

/* Returns why the text could not be read, FGO_OK if it could. */
static inline fgo_status fgoi_document_failure(const fgoi_document *d) { return d->window->failed; }
/* Returns the offset in the file of a byte of the line that was read last. */
size_t fgoi_document_offset(const fgoi_document *d, const char *at);

/* Finds lines and tags. `format` is the format whose tags are known; NULL: all formats with tags, and others by the first line.
 * Returns 1 if the format has a reader of its own, which d->own then is; 0; -1 with the problem, which is in the last line
 * recorded, or if the text cannot be read; -2 when out of memory. */
int fgoi_document_split(fgoi_document *d, const fgoi_format *format, fgoi_misread *problem);

/* Return the bytes of a line, with its line ending and without. */
fgoi_cursor fgoi_line_bytes(const fgoi_document *d, size_t line);
fgoi_cursor fgoi_line_text(const fgoi_document *d, size_t line);
/* Returns the line's row in the tag tables; NULL if the line is blank, a comment or unknown. */
const fgoi_tag *fgoi_line_tag(const fgoi_document *d, size_t line);
/* Reads an element as fgoi_read_fields does, and an edge as fgoi_read_next_fields. */
int fgoi_line_read(const fgoi_document *d, size_t line, const fgoi_tag *tag, fgoi_fields *f, fgoi_misread *problem);
int fgoi_line_read_next(const fgoi_document *d, size_t line, const fgoi_tag *tag, fgoi_fields *f, fgoi_matrix_text *matrix,
                        fgoi_misread *problem);
/* Computes Omega of an edge that was read, for its factor with measurement z. Returns 0, or -1 with the problem. */
int fgoi_line_information(const fgoi_document *d, const fgoi_tag *tag, const fgoi_fields *f, const double *z, double *Omega,
                          fgoi_misread *problem);
/* Returns the fields after the tag; for a line of a table, the id. */
fgoi_cursor fgoi_line_fields(const fgoi_document *d, size_t line);
#endif
