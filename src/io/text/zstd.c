/* SPDX-License-Identifier: BSD-3-Clause */
/* zstd.c -- RFC 8878 by libzstd. A file may have several frames, one after another. */
#include "compression.h"
#include <zstd.h>
#include <zstd_errors.h>

enum { CHUNK = 1 << 16, LEVEL = 3 };

/* Returns whether a call failed for lack of memory: libzstd allocates during its work. */
static int is_out_of_memory(size_t result) { return ZSTD_getErrorCode(result) == ZSTD_error_memory_allocation; }

const char *fgoi_zstd_inflate(const char *bytes, size_t size, fgoi_text *out)
{
    char chunk[CHUNK];
    ZSTD_inBuffer in = { bytes, size, 0 };
    ZSTD_DStream *z = ZSTD_createDStream();
    size_t wanted = 1; /* 0: at the end of a frame */
    int broken = 0, full = 0;
    if (!z) out->failed = 1;
    while (!out->failed && !broken && (in.pos < in.size || full)) {
        ZSTD_outBuffer to = { chunk, CHUNK, 0 };
        wanted = ZSTD_decompressStream(z, &to, &in);
        broken = ZSTD_isError(wanted) != 0;
        if (is_out_of_memory(wanted)) out->failed = 1;
        full = to.pos == to.size;
        if (!broken) fgoi_text_bytes(out, chunk, to.pos);
    }
    ZSTD_freeDStream(z);
    if (broken && !out->failed) return "it is not zstd data, or damaged";
    return wanted && !out->failed ? "the zstd data end early" : NULL;
}

const char *fgoi_zstd_deflate(const char *text, size_t size, fgoi_text *out)
{
    char chunk[CHUNK];
    ZSTD_inBuffer in = { text, size, 0 };
    ZSTD_CStream *z = ZSTD_createCStream();
    size_t left = 1;
    if (!z || ZSTD_isError(ZSTD_initCStream(z, LEVEL))) out->failed = 1;
    while (!out->failed && left) {
        ZSTD_outBuffer to = { chunk, CHUNK, 0 };
        left = ZSTD_compressStream2(z, &to, &in, ZSTD_e_end);
        if (is_out_of_memory(left)) out->failed = 1;
        if (ZSTD_isError(left)) break;
        fgoi_text_bytes(out, chunk, to.pos);
    }
    ZSTD_freeCStream(z);
    return left && !out->failed ? "libzstd failed" : NULL;
}
