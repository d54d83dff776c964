/* SPDX-License-Identifier: BSD-3-Clause */
/* source.h -- brings a whole file into memory. */
#ifndef FGOI_IO_SOURCE_H
#define FGOI_IO_SOURCE_H
#include <fgopt/status.h>
#include <stddef.h>

/* *text: *size bytes and a NUL, to be released with fgoi_free. Path "-" is stdin; a .gz or .zst
 * file is decompressed. FGO_ERROR_IO or FGO_ERROR_MEMORY. */
fgo_status fgoi_read_source(const char *path, char **text, size_t *size);

/* English text for an errno value; thread-safe, unlike strerror. In the C locale only (number.h). */
const char *fgoi_errno_text(int number);
#endif
