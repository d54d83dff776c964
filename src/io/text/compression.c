/* SPDX-License-Identifier: BSD-3-Clause */
/* compression.c -- tells compressed files by the ends of their names, and passes them to gzip.c and zstd.c. */
#include "compression.h"
#include "base/memory.h"
#include <string.h>

fgoi_compression fgoi_compression_of(const char *path, size_t *length)
{
    const size_t n = strlen(path);
    *length = n;
    if (n > 3 && strcmp(path + n - 3, ".gz") == 0) {
        *length = n - 3;
        return FGOI_GZIP;
    }
    if (n > 4 && strcmp(path + n - 4, ".zst") == 0) {
        *length = n - 4;
        return FGOI_ZSTD;
    }
    return FGOI_PLAIN;
}

fgo_status fgoi_decompress(const char *path, char **text, size_t *size)
{
    fgoi_text out = { NULL, 0, 0, 0 };
    size_t length;
    const char *wrong = NULL;
    switch (fgoi_compression_of(path, &length)) {
    case FGOI_PLAIN: return FGO_OK;
    case FGOI_GZIP: wrong = fgoi_gzip_inflate(*text, *size, &out); break;
    case FGOI_ZSTD: wrong = fgoi_zstd_inflate(*text, *size, &out); break;
    }
    fgoi_text_bytes(&out, "", 1); /* the NUL */
    if (!wrong && !out.failed) {
        fgoi_free(*text);
        *text = out.p;
        *size = out.size - 1;
        return FGO_OK;
    }
    const int failed = out.failed;
    fgoi_text_free(&out);
    return failed ? fgoi_fail_memory() : fgoi_fail(FGO_ERROR_IO, "%.300s: cannot be decompressed: %s", path, wrong);
}

fgo_status fgoi_compress(const char *path, fgoi_text *t)
{
    fgoi_text out = { NULL, 0, 0, 0 };
    size_t length;
    const char *wrong = NULL;
    switch (fgoi_compression_of(path, &length)) {
    case FGOI_PLAIN: return FGO_OK;
    case FGOI_GZIP: wrong = fgoi_gzip_deflate(t->p, t->size, &out); break;
    case FGOI_ZSTD: wrong = fgoi_zstd_deflate(t->p, t->size, &out); break;
    }
    if (!wrong && !out.failed) {
        fgoi_text_free(t);
        *t = out;
        return FGO_OK;
    }
    const int failed = out.failed;
    fgoi_text_free(&out);
    return failed ? fgoi_fail_memory() : fgoi_fail(FGO_ERROR_IO, "%.300s: cannot be compressed: %s", path, wrong);
}
