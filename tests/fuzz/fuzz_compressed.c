/* SPDX-License-Identifier: BSD-3-Clause */
/* fuzz_compressed.c -- any bytes as a compressed file; text that came out goes in and out again unchanged. */
#include "base/memory.h"
#include "fuzz.h"
#include "io/text/compression.h"

static char *library_text(const void *data, size_t size)
{
    char *text = fgoi_alloc(size + 1, 1);
    fuzz_require(text);
    if (size) memcpy(text, data, size);
    return text;
}

static void round_trip(const char *path, const char *text, size_t size)
{
    fgoi_text t = { NULL, 0, 0, 0 };
    fgoi_text_bytes(&t, text, size);
    fuzz_require(fgoi_compress(path, &t) == FGO_OK);
    fuzz_require(fgoi_decompress(path, &t.p, &t.size) == FGO_OK);
    fuzz_require(t.size == size && memcmp(t.p, text, size) == 0);
    fgoi_free(t.p);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const char *const paths[] = { "x.gz", "x.zst" };
    for (size_t i = 0; i < sizeof paths / sizeof *paths; i++) {
        char *text = library_text(data, size);
        size_t length = size;
        if (fgoi_decompress(paths[i], &text, &length) == FGO_OK) {
            fuzz_require(text[length] == '\0');
            if (length < 1 << 16) round_trip(paths[i], text, length);
        } else {
            fuzz_require(length == size && (!size || memcmp(text, data, size) == 0));
        }
        fgoi_free(text);
    }
    return 0;
}
