/* SPDX-License-Identifier: BSD-3-Clause */
/* sized.c -- structs that grow: the smaller of two sizes is copied, the rest is default, zero, or a reason to refuse. */
#include "sized.h"
#include "error.h"
#include <fgopt/version.h>
#include <string.h>

void fgoi_sized_init(void *options, size_t size, const void *own, size_t own_size)
{
    if (!options || size < sizeof size || size > FGOI_LARGEST_STRUCT) return;
    fgoi_sized_write(options, size, own, own_size);
    memcpy(options, &size, sizeof size);
}

fgo_status fgoi_sized_read(const char *name, const void *options, void *own, size_t own_size)
{
    const unsigned char *byte = options;
    size_t size;
    if (!options) return FGO_OK;
    memcpy(&size, options, sizeof size);
    if (size <= sizeof size || size > FGOI_LARGEST_STRUCT)
        return fgoi_fail(FGO_ERROR_ARGUMENT, "%s.size is %zu: begin with %s_default(), which sets it", name, size, name);
    for (size_t i = own_size; i < size; i++)
        if (byte[i])
            return fgoi_fail(FGO_ERROR_UNSUPPORTED,
                             "%s has something set that fgopt %s does not know: the program is made for a later version", name,
                             fgo_version());
    memcpy(own, options, size < own_size ? size : own_size);
    memcpy(own, &own_size, sizeof own_size);
    return FGO_OK;
}

void fgoi_sized_write(void *out, size_t size, const void *own, size_t own_size)
{
    if (!out) return;
    memcpy(out, own, size < own_size ? size : own_size);
    if (size > own_size) memset((char *)out + own_size, 0, size - own_size);
}
