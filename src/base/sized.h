/* SPDX-License-Identifier: BSD-3-Clause */
/* sized.h -- structs that grow, on both sides of the binary interface; the rule is in fgopt/export.h. */
#ifndef FGOI_SIZED_H
#define FGOI_SIZED_H
#include <fgopt/status.h>
#include <stddef.h>

enum { FGOI_LARGEST_STRUCT = 4096 }; /* a larger size is garbage, and so may be the memory that it claims */

/* Sets the first `size` bytes of a caller's options to the bytes of own, which holds defaults, and its first member to `size`.
 * What the library's struct does not have becomes zero. Does nothing if `options` is NULL or no struct can have this size. */
void fgoi_sized_init(void *options, size_t size, const void *own, size_t own_size);

/* Reads a caller's options into own, which holds defaults: what the caller's struct does not have keeps its default. `options`
 * may be NULL: all defaults. `name` is the name of the struct. Returns FGO_ERROR_ARGUMENT if its size was never set,
 * FGO_ERROR_UNSUPPORTED if it is larger than own and something is set there; then own is as it was. */
fgo_status fgoi_sized_read(const char *name, const void *options, void *own, size_t own_size);

/* Writes a result into a caller's struct of `size` bytes; what own does not have becomes zero. `out` may be NULL. */
void fgoi_sized_write(void *out, size_t size, const void *own, size_t own_size);
#endif
