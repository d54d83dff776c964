/* SPDX-License-Identifier: BSD-3-Clause */
/* source.h -- the bytes of a file that a graph was read from: in memory; or, of a large file, left there and brought in
 * window by window, in what order one likes, so that memory is bound by the graph and not by the text. */
#ifndef FGOI_IO_SOURCE_H
#define FGOI_IO_SOURCE_H
#include <fgopt/status.h>
#include <stddef.h>
#include <time.h>

/* Files of at most so many bytes are kept in memory; of larger ones windows of so many bytes, or of one line. */
enum { FGOI_TEXT_KEPT = 16 << 20, FGOI_TEXT_WINDOW = 256 << 10 };

typedef struct fgoi_source {
    size_t size;
    char *text;              /* size bytes, then a NUL; or NULL, then: */
    char *path;              /* for messages, */
    int fd;                  /* its own, */
    size_t window;           /* the bytes of a window, and */
    struct timespec changed; /* when the file last was */
} fgoi_source;

/* A piece of the file, for one thread. */
typedef struct fgoi_window {
    char *bytes; /* size of them, then NULs: numbers are read by eights */
    size_t begin, size, capacity;
    fgo_status failed; /* what the first failure was */
} fgoi_window;

/* Path "-" is stdin; a .gz or .zst file is decompressed. kept, window: see FGOI_TEXT_KEPT; pipes and compressed files
 * are always kept. To be closed. FGO_ERROR_IO or FGO_ERROR_MEMORY. */
fgo_status fgoi_source_open(const char *path, size_t kept, size_t window, fgoi_source *out);
void fgoi_source_close(fgoi_source *s);

/* Bytes begin .. end - 1 and one more that can be read, until the window is used for others; NULL on failure, with
 * w->failed and a message of this thread. */
const char *fgoi_source_bytes(const fgoi_source *s, fgoi_window *w, size_t begin, size_t end);

/* 1 if the file is no longer what it was when it was opened. */
int fgoi_source_changed(const fgoi_source *s);
#endif
