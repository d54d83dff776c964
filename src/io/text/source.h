/* SPDX-License-Identifier: BSD-3-Clause */
/* source.h -- the bytes of the file that a graph was read from: in memory or, if the file is large, left in the file and read
 * window by window, in any order, so that memory is bounded by the graph and not by the text. */
#ifndef FGOI_IO_SOURCE_H
#define FGOI_IO_SOURCE_H
#include <fgopt/status.h>
#include <stddef.h>
#include <time.h>

/* Files of at most FGOI_TEXT_KEPT bytes are kept in memory; larger ones are read in windows of FGOI_TEXT_WINDOW bytes, or of one
 * line if that is longer. */
enum { FGOI_TEXT_KEPT = 16 << 20, FGOI_TEXT_WINDOW = 256 << 10 };

typedef struct fgoi_source {
    size_t size;
    char *text;              /* size bytes, then a NUL; NULL if the file is read in windows, and then: */
    char *path;              /* for messages */
    int fd;                  /* of the source's own */
    size_t window;           /* bytes of a window */
    struct timespec changed; /* when the file was last changed */
} fgoi_source;

/* A piece of the file, for one thread. */
typedef struct fgoi_window {
    char *bytes; /* size of them, then NULs: numbers are read by eights */
    size_t begin, size, capacity;
    fgo_status failed; /* status of the first failure */
} fgoi_window;

/* Opens a file; path "-" is stdin, and a .gz or .zst file is decompressed. kept, window: see FGOI_TEXT_KEPT; pipes and compressed
 * files are always kept. The caller closes *out. FGO_ERROR_IO or FGO_ERROR_MEMORY. */
fgo_status fgoi_source_open(const char *path, size_t kept, size_t window, fgoi_source *out);
void fgoi_source_close(fgoi_source *s);

/* Returns the bytes begin .. end - 1 and one more that can be read, valid until the window is used for others; NULL on failure,
 * with w->failed set and a message of this thread. */
const char *fgoi_source_bytes(const fgoi_source *s, fgoi_window *w, size_t begin, size_t end);

/* Returns 1 if the file has changed since it was opened. */
int fgoi_source_changed(const fgoi_source *s);
#endif
