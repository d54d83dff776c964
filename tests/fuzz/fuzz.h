/* SPDX-License-Identifier: BSD-3-Clause */
/* fuzz.h -- what the fuzz targets share. A target is a file fuzz_NAME.c with one function, which clang's libFuzzer
 * feeds with inputs (preset `fuzz`) and replay.c with the kept ones (every build). It must return 0 on any input, and
 * abort where the library breaks a promise of its headers: crashes, sanitizer findings and aborts are what a fuzzer
 * sees. */
#ifndef FGOPT_TESTS_FUZZ_H
#define FGOPT_TESTS_FUZZ_H
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define fuzz_require(promise)                                                                                                    \
    do {                                                                                                                         \
        if (!(promise)) {                                                                                                        \
            fprintf(stderr, "%s:%d: broken promise: %s\n", __FILE__, __LINE__, #promise);                                        \
            abort();                                                                                                             \
        }                                                                                                                        \
    } while (0)

/* A copy of the input that ends with a NUL. */
static inline char *fuzz_text(const uint8_t *data, size_t size)
{
    char *text = malloc(size + 1);
    fuzz_require(text);
    if (size) memcpy(text, data, size);
    text[size] = '\0';
    return text;
}
#endif
