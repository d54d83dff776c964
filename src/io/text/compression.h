/* SPDX-License-Identifier: BSD-3-Clause */
/* compression.h -- files whose name ends in .gz or .zst, between their bytes and their text. */
#ifndef FGOI_IO_COMPRESSION_H
#define FGOI_IO_COMPRESSION_H
#include "text.h"

typedef enum fgoi_compression { FGOI_PLAIN, FGOI_GZIP, FGOI_ZSTD } fgoi_compression;

/* By the ending of a path; *length: the path without it. */
fgoi_compression fgoi_compression_of(const char *path, size_t *length);

/* Replaces bytes by their text, with a NUL after it, or a text by its bytes. FGO_ERROR_IO, naming the path, or
 * FGO_ERROR_MEMORY; the text is then the caller's as before. */
fgo_status fgoi_decompress(const char *path, char **text, size_t *size);
fgo_status fgoi_compress(const char *path, fgoi_text *t);

/* Each library in its file. Appends to out (which notes when memory is out); NULL, or what is wrong. */
const char *fgoi_gzip_inflate(const char *bytes, size_t size, fgoi_text *out);
const char *fgoi_gzip_deflate(const char *text, size_t size, fgoi_text *out);
const char *fgoi_zstd_inflate(const char *bytes, size_t size, fgoi_text *out);
const char *fgoi_zstd_deflate(const char *text, size_t size, fgoi_text *out);
#endif
