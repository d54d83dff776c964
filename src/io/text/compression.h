/* SPDX-License-Identifier: BSD-3-Clause */
/* compression.h -- compresses and decompresses files whose names end in .gz or .zst. */
#ifndef FGOI_IO_COMPRESSION_H
#define FGOI_IO_COMPRESSION_H
#include "text.h"

typedef enum fgoi_compression { FGOI_PLAIN, FGOI_GZIP, FGOI_ZSTD } fgoi_compression;

/* Returns the compression that the ending of a path names; *length becomes the length of the path without that ending. */
fgoi_compression fgoi_compression_of(const char *path, size_t *length);

/* Replace compressed bytes by their text, with a NUL after it, and a text by its compressed bytes. FGO_ERROR_IO, with a message
 * that names the path, or FGO_ERROR_MEMORY; the text is then unchanged. */
fgo_status fgoi_decompress(const char *path, char **text, size_t *size);
fgo_status fgoi_compress(const char *path, fgoi_text *t);

/* Append the result to `out`, which records when memory runs out. Return NULL, or what is wrong. Each library has a file of its
 * own. */
const char *fgoi_gzip_inflate(const char *bytes, size_t size, fgoi_text *out);
const char *fgoi_gzip_deflate(const char *text, size_t size, fgoi_text *out);
const char *fgoi_zstd_inflate(const char *bytes, size_t size, fgoi_text *out);
const char *fgoi_zstd_deflate(const char *text, size_t size, fgoi_text *out);
#endif
