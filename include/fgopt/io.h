/* SPDX-License-Identifier: BSD-3-Clause */
/* io.h -- reads and writes pose graphs: g2o and TORO.
 *
 * A graph that was read remembers its file: writing gives the same lines in the same order, with unknown tags and comments
 * kept, numbers that did not change as they stood, and new estimates with 17 significant digits. What was added by program
 * comes at the end. Numbers are read and written with a decimal point whatever the locale. Path "-" is stdin or stdout. */
#ifndef FGOPT_IO_H
#define FGOPT_IO_H
#include <fgopt/graph.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef enum fgo_format { FGO_FORMAT_AUTO = 0, FGO_FORMAT_G2O, FGO_FORMAT_TORO } fgo_format;
typedef enum fgo_convention { FGO_CONVENTION_G2O = 0, FGO_CONVENTION_LOG } fgo_convention; /* residuals, see factors.h */

typedef struct fgo_read_options {
    int format;              /* fgo_format; AUTO: by the tags that occur */
    int convention;          /* fgo_convention */
    int project_information; /* 1: an indefinite information matrix is projected and counted instead of an error */
} fgo_read_options;
FGO_API fgo_read_options fgo_read_options_default(void);

/* Reads a whole file. FGO_ERROR_IO, or FGO_ERROR_PARSE with "file:line:column: what is wrong" in fgo_last_message().
 * A file with edges and no vertices gets its vertices from the edges, initialized by FGO_INIT_ODOMETRY. options NULL: defaults. */
FGO_API fgo_status fgo_graph_read(const char *path, const fgo_read_options *options, fgo_graph **out);
/* The same from memory; name stands for the file in messages. */
FGO_API fgo_status fgo_graph_read_memory(const char *text, size_t length, const char *name, const fgo_read_options *options,
                                         fgo_graph **out);

/* Writes atomically: a temporary file beside path, renamed at the end. AUTO: the format the graph was read in, else by the
 * path's ending (.graph and .toro: TORO), else g2o. FGO_ERROR_UNSUPPORTED, naming it, if a variable or factor cannot be
 * expressed; then nothing is written. */
FGO_API fgo_status fgo_graph_write(fgo_graph *g, const char *path, fgo_format format);

/* What the file held. All zero for a graph that was not read. */
typedef struct fgo_file_report {
    int format;                 /* fgo_format, never AUTO for a graph that was read */
    int convention;             /* fgo_convention */
    size_t bytes, lines;
    size_t vertices, edges, fixed; /* fixed: ids in FIX lines */
    size_t unknown;             /* lines with a tag fgopt does not know; kept, not used */
    size_t unknown_first_line;  /* 1-based, if unknown > 0 */
    size_t equivalences;        /* TORO EQUIV lines; kept, not applied */
    size_t without_information; /* edges without an information matrix: taken as identity */
    size_t projected;           /* information matrices that were projected */
    int edges_only;             /* 1 if there were no vertex lines */
} fgo_file_report;
FGO_API fgo_status fgo_graph_file_report(const fgo_graph *g, fgo_file_report *out);

/* Tags that occurred, known or not, with their number of lines, in order of first occurrence. NULL past the end. */
FGO_API const char *fgo_graph_file_tag(const fgo_graph *g, size_t i, size_t *count);

FGO_API const char *fgo_format_name(fgo_format format);             /* "auto", "g2o", "toro" */
FGO_API const char *fgo_convention_name(fgo_convention convention); /* "g2o", "log" */

#ifdef __cplusplus
}
#endif
#endif
