/* SPDX-License-Identifier: BSD-3-Clause */
/* io.h -- reads and writes pose graphs in the formats g2o, TORO and CSV, and trajectories in those of TUM and KITTI.
 * docs/formats.md has their grammar tag by tag, format.h what each can say and how a program brings its own.
 *
 * Units: metres, radians, seconds; the meaning of the information depends on the convention (factors.h). Numbers are read and
 * written with a decimal point whatever the locale. Path "-" is stdin or stdout. Files whose names end in .gz or .zst are
 * decompressed and compressed (zlib, libzstd); the ending before that counts.
 *
 * A graph that was read remembers its file: it is written with the same lines in the same order, with unknown tags and comments
 * kept. Numbers that have not changed stand as before; those that have changed have the fewest digits that read back the same, at
 * most 17. Elements that a program added come at the end. */
#ifndef FGOPT_IO_H
#define FGOPT_IO_H
#include <fgopt/graph.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef enum fgo_format {
    FGO_FORMAT_AUTO = 0,
    FGO_FORMAT_G2O,
    FGO_FORMAT_TORO,
    FGO_FORMAT_TUM,
    FGO_FORMAT_KITTI,
    FGO_FORMAT_CSV
} fgo_format;
typedef enum fgo_convention {
    FGO_CONVENTION_G2O = 0,
    FGO_CONVENTION_LOG,
    FGO_CONVENTION_CERES
} fgo_convention; /* residuals, see factors.h */

/* What the matrices of a file are, where their tags do not say it. All zero: the information of the residual that is used, in the
 * order of the tags. Matrices are converted between residuals by linearization where the residuals are zero, so that chi2 stays
 * the same to first order; between g2o and ceres, and with euler in the plane, exactly. euler: (t - t_z, differences of roll,
 * pitch, yaw). Weights of points and bearings are the same for all. */
typedef struct fgo_weights {
    int residual; /* the residual that the matrices weigh; 0: the one that is used */
    int form;     /* the form of matrices that are not standard deviations or a root by their tag */
    int order;    /* the order of the six numbers for a pose of the plane; 0: by their tag */
} fgo_weights;
enum { FGO_WEIGHTS_AS_USED = 0, FGO_WEIGHTS_G2O, FGO_WEIGHTS_LOG, FGO_WEIGHTS_CERES, FGO_WEIGHTS_EULER }; /* residual */
enum { FGO_WEIGHTS_INFORMATION = 0, FGO_WEIGHTS_COVARIANCE, FGO_WEIGHTS_ROOT }; /* form; root: upper triangular R, R' R */
enum { FGO_WEIGHTS_TAG_ORDER = 0, FGO_WEIGHTS_ROWS, FGO_WEIGHTS_TORO_ORDER };   /* order; TORO: 11 12 22 33 13 23 */
/* Reads words with commas between them: as-used g2o log ceres euler, information covariance root, tag rows toro. */
FGO_API fgo_status fgo_weights_parse(const char *text, fgo_weights *out);

typedef struct fgo_format_class fgo_format_class; /* format.h */

typedef struct fgo_read_options {
    size_t size;             /* of this struct, as fgo_read_options_default sets it: see export.h */
    int format;              /* fgo_format whose tags are known; AUTO: all, and others by their ending or first line */
    int convention;          /* fgo_convention */
    int project_information; /* 1: an indefinite information matrix is projected and counted instead of an error */
    int merge_equivalent;    /* 1: vertices that EQUIV lines join are one variable, with the value and key of the first of
                              * these lines; the ids of the others are keys of that variable too. Edges between them say
                              * nothing and are dropped. 0: EQUIV lines are only checked and kept. */
    int lenient;             /* 1: edges that join a vertex to itself or name a vertex that does not exist are dropped, which
                              * would be an error: for the doctor (doctor.h) */
    fgo_weights weights;     /* what the matrices in the file are */
    const fgo_format_class *format_class; /* a format of your own that reads the file (format.h); NULL: see format */
} fgo_read_options;
/* Sets the first `size` bytes of *o to AUTO, G2O, and zero for all else; for C and C++ fgo_read_options_default does it. */
FGO_API void fgo_read_options_init(fgo_read_options *o, size_t size);
static inline fgo_read_options fgo_read_options_default(void)
{
    fgo_read_options o;
    fgo_read_options_init(&o, sizeof o);
    return o;
}

/* Reads a whole file. FGO_ERROR_IO, or FGO_ERROR_PARSE with "file:line:column: what is wrong" in fgo_last_message().
 * A file with edges and no vertices gets its vertices from the edges, initialized by FGO_INIT_ODOMETRY. A file without
 * either is an error. options NULL: defaults.
 * A large file (16 MiB; not if it is compressed or a pipe) is left where it is and stays open as long as the graph and its copies
 * live: what the graph does not contain (comments, the digits of numbers, unknown lines) is read from the file again when the
 * graph is written. This works also if another file takes the name, as in all writing by fgopt. But if somebody changes the file
 * itself, only what the graph contains is written, with a first line that says so, and fgo_graph_examine fails with FGO_ERROR_IO.
 *  */
FGO_API fgo_status fgo_graph_read(const char *path, FGO_OPTIONAL const fgo_read_options *options, fgo_graph **out);
/* Reads a file from memory in the same manner; messages call it `name` (NULL: memory). */
FGO_API fgo_status fgo_graph_read_memory(const char *text, size_t length, FGO_OPTIONAL const char *name,
                                         FGO_OPTIONAL const fgo_read_options *options, fgo_graph **out);

/* Writes a graph. A regular file is written whole or not at all: a temporary file beside it is flushed to the disk, gets the
 * permissions of the file that it replaces, and is renamed; links are followed. Pipes and devices are written directly.
 *
 * AUTO: lines keep their format. Added elements have the format that the graph was read in, else the one of the path's ending
 * (fgo_format_of_path), else g2o; elements without a tag there take the tag of another format. But if the ending belongs to a
 * format whose lines look different (tags, CSV, TUM, KITTI), the graph is converted. Vertices of a file that had none come first,
 * in ascending order of their ids.
 * Held variables without a FIX line get one, released ones lose it. Files have no place for losses and the convention.
 * G2O, TORO: lines of the other format are rewritten. Numbers of information matrices are carried over unchanged, also where
 * programs for the other format read rotations in another unit. Lines that have no counterpart (FIX in TORO, EQUIV in g2o,
 * unknown tags) become comments.
 * CSV: the same, with the columns that are needed; comments and unknown tags are left out, so that the table is rectangular.
 * TUM, KITTI: poses only, by ascending time, or by key if none has a time (in TUM files the key is then the time); poses of the
 * plane at z = 0. All else is left out. FGO_ERROR_UNSUPPORTED if there is no pose, or only some have a time.
 *
 * FGO_ERROR_UNSUPPORTED if a variable or factor, which the message names, has no tag, or if single degrees of freedom are held;
 * FGO_ERROR_IO. No regular file has changed then. */
FGO_API fgo_status fgo_graph_write(const fgo_graph *g, const char *path, fgo_format format);
/* Writes a graph in the same manner with other matrices than the file had, which are converted. `weights` NULL: as the file was
 * read; all zero for a graph that was not read. FGO_ERROR_UNSUPPORTED also for the covariance of a singular information, and for
 * weights of Euler angles at a pitch of 90 degrees. */
FGO_API fgo_status fgo_graph_write_as(const fgo_graph *g, const char *path, fgo_format format,
                                      FGO_OPTIONAL const fgo_weights *weights);

/* Computes the chi2 that the graph would have in another convention, at the same values with the same measurements and matrices,
 * without losses. FGO_ERROR_UNSUPPORTED if a factor has no residual in it: ceres has only those between poses and of points. */
FGO_API fgo_status fgo_graph_chi2_in(const fgo_graph *g, fgo_convention convention, double *chi2);

/* What a file contained. All zero for a graph that was not read. */
typedef struct fgo_file_report {
    int format; /* fgo_format of the first known tag; AUTO for a graph that was not read, or by a format that is not registered */
    int convention; /* fgo_convention */
    size_t bytes, lines;
    size_t vertices, edges, fixed; /* fixed: ids in FIX lines */
    size_t unknown;                /* lines with a tag that is not known; kept, not used */
    size_t unknown_first_line;     /* 1-based, if unknown > 0 */
    size_t equivalences;           /* TORO EQUIV lines */
    size_t merged;                 /* vertices that became one with another (merge_equivalent) */
    size_t dropped;                /* edges between these, and edges that lenient dropped: kept in the file only */
    size_t implied;                /* points without a vertex line that the edges define */
    size_t without_information;    /* edges without an information matrix: taken as identity */
    size_t projected;              /* information matrices that were projected */
    int edges_only;                /* 1 if there were no vertex lines */
    const char *format_name;       /* "g2o", that of a format of your own; lives as long as the graph; NULL: not read */
} fgo_file_report;
FGO_API fgo_status fgo_graph_file_report_sized(const fgo_graph *g, fgo_file_report *out, size_t out_size);
static inline fgo_status fgo_graph_file_report(const fgo_graph *g, fgo_file_report *out)
{
    return fgo_graph_file_report_sized(g, out, sizeof *out);
}

/* Returns tag i of the file, known or not, in order of first occurrence, and its number of lines; NULL past the end. */
FGO_API const char *fgo_graph_file_tag(const fgo_graph *g, size_t i, FGO_OPTIONAL size_t *count);

/* Returns "auto", "g2o", "toro", "tum", "kitti" or "csv", or the name of a registered format (format.h); NULL for other numbers.
 * Formats are numbered from 0 without gaps. */
FGO_API const char *fgo_format_name(fgo_format format);
/* Returns the format of a path by its ending before .gz or .zst (docs/formats.md), else AUTO. */
FGO_API fgo_format fgo_format_of_path(const char *path);
FGO_API const char *fgo_convention_name(fgo_convention convention); /* "g2o", "log", "ceres" */

#ifdef __cplusplus
}
#endif
#endif
