/* SPDX-License-Identifier: BSD-3-Clause */
/* text.h -- text that is assembled in memory and then written to a file as a whole. */
#ifndef FGOI_IO_OUTPUT_H
#define FGOI_IO_OUTPUT_H
#include "base/error.h"
#include <stddef.h>
#include <stdint.h>

/* Growing text. After it has run out of memory, appending does nothing, so that one check at the end is enough. */
typedef struct fgoi_text {
    char *p;
    size_t size, capacity;
    int failed; /* 1: out of memory */
} fgoi_text;

void fgoi_text_bytes(fgoi_text *t, const char *p, size_t size);
void fgoi_text_string(fgoi_text *t, const char *s);
void fgoi_text_int64(fgoi_text *t, int64_t x);
void fgoi_text_double(fgoi_text *t, double x); /* in the C locale only (base/c_locale.h) */
void fgoi_text_free(fgoi_text *t);

/* Writes the text to path, "-" for stdout, where files appear whole or not at all (base/atomic_file.h). FGO_ERROR_IO,
 * FGO_ERROR_MEMORY. In the C locale only (base/c_locale.h). */
fgo_status fgoi_write_file(const char *path, const fgoi_text *t);
#endif
