/* SPDX-License-Identifier: BSD-3-Clause */
/* gzip.c -- RFC 1952 by zlib. A file may have several members, one after another. */
#include "compression.h"
#include <string.h>
#define ZLIB_CONST /* input is const */
#include <zlib.h>

enum { CHUNK = 1 << 16, GZIP_WINDOW = 15 + 16, MEMORY = 8 }; /* + 16: a gzip header and no other */

/* Gives zlib the next piece of input, which it counts in 32 bits. */
static void feed(z_stream *z, const char **p, size_t *left)
{
    const uInt n = *left > (1u << 30) ? 1u << 30 : (uInt)*left;
    z->next_in = (z_const Bytef *)*p;
    z->avail_in = n;
    if (n) *p += n; /* NULL + 0 is not defined: an empty text has no bytes */
    *left -= n;
}

const char *fgoi_gzip_inflate(const char *bytes, size_t size, fgoi_text *out)
{
    z_stream z;
    unsigned char chunk[CHUNK];
    memset(&z, 0, sizeof z);
    if (inflateInit2(&z, GZIP_WINDOW) != Z_OK) {
        out->failed = 1;
        return NULL;
    }
    int result = Z_OK;
    while (!out->failed) {
        if (z.avail_in == 0) feed(&z, &bytes, &size);
        if (result == Z_STREAM_END) {
            if (z.avail_in == 0) break;
            inflateReset(&z);
        }
        z.next_out = chunk;
        z.avail_out = CHUNK;
        const uInt before = z.avail_in;
        result = inflate(&z, Z_NO_FLUSH);
        fgoi_text_bytes(out, (const char *)chunk, CHUNK - z.avail_out);
        if (result == Z_MEM_ERROR) out->failed = 1;
        if (result != Z_OK && result != Z_STREAM_END && result != Z_BUF_ERROR) break;
        if (result != Z_STREAM_END && z.avail_out == CHUNK && z.avail_in == before && size == 0) break; /* it ends early */
    }
    inflateEnd(&z);
    if (result == Z_STREAM_END || out->failed) return NULL;
    return result == Z_OK || result == Z_BUF_ERROR ? "the gzip data end early" : "it is not gzip data, or damaged";
}

const char *fgoi_gzip_deflate(const char *text, size_t size, fgoi_text *out)
{
    z_stream z;
    unsigned char chunk[CHUNK];
    memset(&z, 0, sizeof z);
    if (deflateInit2(&z, Z_DEFAULT_COMPRESSION, Z_DEFLATED, GZIP_WINDOW, MEMORY, Z_DEFAULT_STRATEGY) != Z_OK) {
        out->failed = 1;
        return NULL;
    }
    int result = Z_OK;
    while (!out->failed && result == Z_OK) {
        if (z.avail_in == 0) feed(&z, &text, &size);
        z.next_out = chunk;
        z.avail_out = CHUNK;
        result = deflate(&z, size ? Z_NO_FLUSH : Z_FINISH);
        fgoi_text_bytes(out, (const char *)chunk, CHUNK - z.avail_out);
    }
    deflateEnd(&z);
    return result == Z_STREAM_END || out->failed ? NULL : "zlib failed";
}
