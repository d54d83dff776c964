/* SPDX-License-Identifier: BSD-3-Clause */
/* text.c -- growing text, and writing it to a file or to standard output. */
#include "text.h"
#include "base/atomic_file.h"
#include "base/memory.h"
#include "number.h"
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

/* ---- text ---- */

void fgoi_text_bytes(fgoi_text *t, const char *p, size_t size)
{
    if (t->failed || (t->failed = fgoi_grow(&t->p, &t->capacity, t->size + size, 1)) != 0) return;
    if (size) memcpy(t->p + t->size, p, size);
    t->size += size;
}

void fgoi_text_string(fgoi_text *t, const char *s) { fgoi_text_bytes(t, s, strlen(s)); }

void fgoi_text_int64(fgoi_text *t, int64_t x)
{
    char digits[24];
    int length = snprintf(digits, sizeof digits, "%" PRId64, x);
    fgoi_text_bytes(t, digits, (size_t)length);
}

void fgoi_text_double(fgoi_text *t, double x)
{
    char digits[FGOI_NUMBER_SIZE];
    int length = fgoi_format_double(digits, x);
    fgoi_text_bytes(t, digits, (size_t)length);
}

void fgoi_text_free(fgoi_text *t)
{
    fgoi_free(t->p);
    *t = (fgoi_text){ NULL, 0, 0, 0 };
}

/* ---- files ---- */

static fgo_status write_stdout(const fgoi_text *t)
{
    errno = 0; /* through stdio, after what the program has printed before */
    if (fwrite(t->p, 1, t->size, stdout) == t->size && fflush(stdout) == 0) return FGO_OK;
    return fgoi_fail(FGO_ERROR_IO, "stdout: cannot be written: %s", fgoi_errno_text(errno));
}

fgo_status fgoi_write_file(const char *path, const fgoi_text *t)
{
    return strcmp(path, "-") == 0 ? write_stdout(t) : fgoi_atomic_file_write(path, t->p, t->size);
}
