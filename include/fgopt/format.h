/* SPDX-License-Identifier: BSD-3-Clause */
/* format.h -- file formats: the names and abilities of fgopt's formats, whose grammar is in docs/formats.md, and how a program
 * brings a format of its own.
 *
 * A format of your own is a class with two functions: one builds a graph from text, the other writes a graph as text. fgopt opens
 * and decompresses the file, sets the C locale, names the place of an error, compresses the result and replaces the file as a
 * whole. A reader of lines "from to dx dy":
 *
 *     static fgo_status read_steps(const fgo_format_class *c, const fgo_format_text *t, const fgo_read_options *o, fgo_graph *g)
 *     {
 *         for (const char *p = t->begin; p < t->end; ...) {
 *             ...
 *             if (wrong) return fgo_format_reject(t, p, "a step is two ids and two numbers");
 *             fgo_status status = fgo_graph_add_factor(g, ...);
 *             if (status) return status;
 *         }
 *         return FGO_OK;
 *     }
 *     static const fgo_format_class steps = { sizeof steps, "steps", NULL, 0, NULL, read_steps, NULL, NULL };
 *     ...
 *     fgo_read_options o = fgo_read_options_default();
 *     o.format_class = &steps;
 *     fgo_graph_read("a.steps.gz", &o, &graph);
 *
 * Or register the format: then files are recognized by their ending or first line, and the format has a number as fgopt's own
 * have. */
#ifndef FGOPT_FORMAT_H
#define FGOPT_FORMAT_H
#include <fgopt/io.h>
#include <fgopt/registration.h>

#ifdef __cplusplus
extern "C" {
#endif

/* What a format can say about a graph; bits. Formats without FGO_HOLDS_FACTORS leave out what they cannot say; the others fail
 * with FGO_ERROR_UNSUPPORTED. */
enum {
    FGO_HOLDS_POSES = 1,
    FGO_HOLDS_TIMES = 2, /* times of poses */
    FGO_HOLDS_POINTS = 4,
    FGO_HOLDS_FACTORS = 8,
    FGO_HOLDS_FIXED = 16,   /* which variables are held */
    FGO_HOLDS_COMMENTS = 32 /* comments and unknown lines; lines of such formats can be mixed in one file */
};

/* The text of a file for a reader of a format. */
typedef struct fgo_format_text {
    const char *begin, *end; /* without the byte order mark; *end is a NUL, and there may be others before it */
    const char *name;        /* the name of the file, for messages */
} fgo_format_text;

/* The text that a writer of a format makes. */
typedef struct fgo_output fgo_output;

/* A format. Calls borrow the class that is passed to them. */
struct fgo_format_class {
    size_t size;                /* sizeof(fgo_format_class) */
    const char *name;           /* "g2o" */
    const char *const *endings; /* endings of paths, with their dots, NULL at the end; NULL: none */
    unsigned holds;             /* FGO_HOLDS_ bits */
    /* Returns how certain it is, from 0 to 100, that a file has this format, judged by one line: the first that is neither blank
     * nor a comment (#). Formats with a reader are asked earlier about the first line as it stands, of which they see 4096 bytes
     * at most. Line ends, more text or a NUL follow the line. The most certain format reads the file, the first one of several.
     * NULL: never certain. A path with an ending of a format with a reader counts as 95. */
    int (*detect)(const fgo_format_class *c, const char *line, size_t length);
    /* Adds the content of `text` to an empty graph. Options that do not apply to the format may be ignored. The thread has the C
     * locale, so strtod reads decimal points. Returns the error of the call that failed, or the error of fgo_format_reject. NULL:
     * the format cannot be read. */
    fgo_status (*read)(const fgo_format_class *c, const fgo_format_text *text, const fgo_read_options *options, fgo_graph *g);
    /* Writes a graph as text. The caller notices if memory runs out. NULL: the format cannot be written. */
    fgo_status (*write)(const fgo_format_class *c, const fgo_graph *g, fgo_output *out);
    void *user; /* for the functions */
};

/* Fails with FGO_ERROR_PARSE, the message "file:line:column: message" and the line and column as data (error.h). `at` is a place
 * in the text, or NULL for the file as a whole. */
FGO_API fgo_status fgo_format_reject(const fgo_format_text *text, FGO_OPTIONAL const char *at, const char *message);

/* Append `count` bytes, a text that ends with NUL, or the decimal digits of x to the output of a format's writer. */
FGO_API void fgo_output_bytes(fgo_output *out, const void *bytes, size_t count);
FGO_API void fgo_output_text(fgo_output *out, const char *text);
FGO_API void fgo_output_integer(fgo_output *out, int64_t x);
/* Appends x with the fewest digits that read back as x, at most 17. */
FGO_API void fgo_output_number(fgo_output *out, double x);

/* Writes graph g to `path` in the format c as fgo_graph_write does: whole or not at all, compressed if the path says so. */
FGO_API fgo_status fgo_graph_write_in(const fgo_graph *g, const char *path, const fgo_format_class *c);

/* Makes a format known to the whole process, from any thread; the class and what it points to must live as long as the process.
 * It is then read and written by AUTO (endings, `detect`), and by its number, which is the next one: fgo_format_of_path and
 * fgo_format_name know it. An ending that a format has already keeps its meaning. Registering the same class again does nothing.
 * FGO_ERROR_ARGUMENT if it has no name, or neither reader nor writer; FGO_ERROR_TYPE if another format has its name;
 * FGO_ERROR_TOO_LARGE after 256 formats. */
FGO_API fgo_status fgo_register_format(const fgo_format_class *c);

/* Returns the class of a format; NULL for AUTO and for other numbers. fgopt's formats are numbered from 1 without gaps, and the
 * registered formats after them. */
FGO_API const fgo_format_class *fgo_format_of(fgo_format format);

/* Returns tag i of the lines that hold factors of a row, the tags of g2o files first and the row's own tag last; NULL past the
 * end. Without a tag, factors of the row cannot be written as lines with tags. */
FGO_API const char *fgo_factor_class_tag(const fgo_factor_registration *row, size_t i);

#ifdef __cplusplus
}
#endif
#endif
