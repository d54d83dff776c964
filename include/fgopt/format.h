/* SPDX-License-Identifier: BSD-3-Clause */
/* format.h -- file formats: what those of fgopt are called and hold, and how a program brings its own. docs/formats.md has their
 * grammar.
 *
 * A format of one's own is a class with two functions: one makes a graph from a text, the other a text from a graph. fgopt opens
 * and decompresses the file, sets the C locale, names the place of an error, compresses the result and puts it in place as a
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
 *     fgo_graph_read("a.steps.gz", &o, &graph); */
#ifndef FGOPT_FORMAT_H
#define FGOPT_FORMAT_H
#include <fgopt/io.h>

#ifdef __cplusplus
extern "C" {
#endif

/* What a format can say of a graph; bits. What it cannot say is left out by those without FGO_HOLDS_FACTORS, and
 * FGO_ERROR_UNSUPPORTED for the others. */
enum {
    FGO_HOLDS_POSES = 1,
    FGO_HOLDS_TIMES = 2, /* of poses */
    FGO_HOLDS_POINTS = 4,
    FGO_HOLDS_FACTORS = 8,
    FGO_HOLDS_FIXED = 16,   /* which variables are held */
    FGO_HOLDS_COMMENTS = 32 /* comments and lines that are not known; lines of such formats can be mixed in one file */
};

/* The text of a file for a reader of a format. */
typedef struct fgo_format_text {
    const char *begin, *end; /* after a byte order mark; *end is a NUL. There may be others before it. */
    const char *name;        /* of the file, for messages */
} fgo_format_text;

/* What a writer of a format puts its text into. */
typedef struct fgo_output fgo_output;

/* A format. Classes are borrowed for the call that they are passed to. */
struct fgo_format_class {
    size_t size;                /* sizeof(fgo_format_class) */
    const char *name;           /* "g2o" */
    const char *const *endings; /* of paths, with their dots, NULL at the end; NULL: none */
    unsigned holds;             /* FGO_HOLDS_ bits */
    /* How sure a format is, from 0 to 100, that a file is of it, by its first line that is not blank and no comment (#). Of
     * several the surest has it, of equally sure ones the first. NULL: it never asks for a file. Of fgopt's own formats only. */
    int (*detect)(const fgo_format_class *c, const char *line, size_t length);
    /* Adds what the text holds to an empty graph. The numbers of its options that concern it: it need not obey them. The thread
     * has the C locale, so that strtod reads decimal points. Returns the error of the call that failed, or of fgo_format_reject.
     * NULL: the format is not read. */
    fgo_status (*read)(const fgo_format_class *c, const fgo_format_text *text, const fgo_read_options *options, fgo_graph *g);
    /* Puts a graph into text. Running out of memory is noticed by the caller. NULL: the format is not written. */
    fgo_status (*write)(const fgo_format_class *c, const fgo_graph *g, fgo_output *out);
    void *user; /* for its functions */
};

/* Fails with FGO_ERROR_PARSE, "file:line:column: message", and that place as data (error.h). at: in the text, or NULL for the
 * file as a whole. */
FGO_API fgo_status fgo_format_reject(const fgo_format_text *text, FGO_OPTIONAL const char *at, const char *message);

FGO_API void fgo_output_bytes(fgo_output *out, const void *bytes, size_t count);
FGO_API void fgo_output_text(fgo_output *out, const char *text);
FGO_API void fgo_output_integer(fgo_output *out, int64_t x);
/* With the fewest digits that read back the same, at most 17. */
FGO_API void fgo_output_number(fgo_output *out, double x);

/* Writes a graph in a format of one's own, as fgo_graph_write does: whole or not at all, compressed if the path says so. */
FGO_API fgo_status fgo_graph_write_in(const fgo_graph *g, const char *path, const fgo_format_class *c);

/* The class of one of fgopt's formats; NULL for AUTO and for numbers that are none. Formats are numbered from 1 without gaps. */
FGO_API const fgo_format_class *fgo_format_of(fgo_format format);

#ifdef __cplusplus
}
#endif
#endif
