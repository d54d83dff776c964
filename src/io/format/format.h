/* SPDX-License-Identifier: BSD-3-Clause */
/* format.h -- the file formats, a row each: what a format is called, what it holds, how it lies on the page. A new format is a
 * file here that defines `const fgoi_format fgoi_format_NAME`, and a row of FGOI_FORMATS. */
#ifndef FGOI_IO_FORMAT_H
#define FGOI_IO_FORMAT_H
#include "fields.h"
#include <fgopt/format.h>

typedef enum fgoi_layout {
    FGOI_LAYOUT_TAGS,  /* lines that begin with a tag; lines of such formats may be mixed in a file */
    FGOI_LAYOUT_BARE,  /* lines of numbers, all of one row */
    FGOI_LAYOUT_TABLE, /* a header and rows of cells, for the tags of all formats that have some (csv.h) */
    FGOI_LAYOUT_OWN    /* formats with a reader and a writer of their own: the functions of their class */
} fgoi_layout;

typedef struct fgoi_format {
    fgo_format_class c;
    fgoi_layout layout;
    const fgoi_tag *tags;               /* TAGS, BARE: a row with name NULL ends them */
    const char *line;                   /* BARE: what a line is, for messages */
    const fgo_format_class *registered; /* OWN: what a user registered; NULL: it is built in, see c */
} fgoi_format;

/* Returns the class whose functions read and write a format of OWN layout: the address that its author knows. */
static inline const fgo_format_class *fgoi_format_class(const fgoi_format *row)
{
    return row->registered ? row->registered : &row->c;
}

/* ROW(NAME), in the order of fgo_format's numbers, from 1 on. */
#define FGOI_FORMATS(ROW)                                                                                                        \
    ROW(g2o)                                                                                                                     \
    ROW(toro)                                                                                                                    \
    ROW(tum)                                                                                                                     \
    ROW(kitti)                                                                                                                   \
    ROW(csv)

#define FGOI_DECLARE_FORMAT(NAME) extern const fgoi_format fgoi_format_##NAME;
FGOI_FORMATS(FGOI_DECLARE_FORMAT)
#undef FGOI_DECLARE_FORMAT

/* Returns the row of a number, also of a registered format; NULL for AUTO and for numbers of no format. */
const fgoi_format *fgoi_format_row(int format);
/* Returns the number of a row. */
fgo_format fgoi_format_number(const fgoi_format *row);
/* Returns whether a number is the number of a format; AUTO counts as one. */
int fgoi_format_is(int format);

/* Returns the format of OWN layout that a file is in by its name, or by its first line; NULL if there is none. */
const fgoi_format *fgoi_format_of_start(const char *name, fgoi_cursor first_line);
/* Returns the format of a file by its first line that is neither blank nor a comment; NULL: lines with tags, or no known
 * format. */
const fgoi_format *fgoi_format_detect(fgoi_cursor line);
/* Writes what lines of numbers can be, "time x y z qx qy qz qw (TUM) or ...", to `out`, which is returned. */
enum { FGOI_BARE_LINES_SIZE = 160 };
const char *fgoi_format_bare_lines(char out[FGOI_BARE_LINES_SIZE]);

/* Returns 1 if lines of the one format may be in a file of the other. */
int fgoi_same_layout(const fgoi_format *a, const fgoi_format *b);

/* Returns 1 if c starts a number and nothing else. */
int fgoi_starts_number(char c);
/* Returns 1 if a line starts with a number and has `fields` fields. */
int fgoi_line_is_numbers(const char *line, size_t length, int fields);
#endif
