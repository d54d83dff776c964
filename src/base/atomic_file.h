/* SPDX-License-Identifier: BSD-3-Clause */
/* atomic_file.h -- files that appear whole or not at all. The program has a second home of this, src/app/shell/output_file.c:
 * it sees only public headers, and it writes streams, whose text need not fit into memory. */
#ifndef FGOI_ATOMIC_FILE_H
#define FGOI_ATOMIC_FILE_H
#include "error.h"
#include <stddef.h>

/* Writes `size` bytes to the file `path`. A regular file, or a new one, appears whole or not at all: the bytes go to a temporary
 * file beside it, which is flushed to the disk and renamed, with the permissions of a file that was there. Links are followed.
 * Anything else (a pipe, a device) is written directly. Returns FGO_ERROR_IO or FGO_ERROR_MEMORY on failure. To be called in the
 * C locale only (c_locale.h). */
fgo_status fgoi_atomic_file_write(const char *path, const char *bytes, size_t size);
#endif
