/* SPDX-License-Identifier: BSD-3-Clause */
#include "source.h"
#include "compression.h"
#include "error.h"
#include "memory.h"
#include <errno.h>
#include <fcntl.h>
#include <locale.h>
#include <stdint.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

const char *fgoi_errno_text(int number) { return strerror_l(number, uselocale((locale_t)0)); }

static fgo_status fail_source(const char *path, int number)
{
    return fgoi_fail(NULL, FGO_ERROR_IO, "%.300s: cannot be read: %s", path, fgoi_errno_text(number));
}

/* Reads until the end of the file; a pipe has no size to ask for, and a file may grow. */
static fgo_status read_all(int fd, const char *path, size_t expected, char **text, size_t *size)
{
    char *buffer = NULL;
    size_t capacity = 0, used = 0;
    if (fgoi_grow(&buffer, &capacity, expected + 2, 1)) return fgoi_fail_memory(NULL); /* 2: to see the end, and NUL */
    for (;;) {
        if (capacity - used < 2 && fgoi_grow(&buffer, &capacity, used + 65536, 1)) {
            fgoi_free(buffer);
            return fgoi_fail_memory(NULL);
        }
        ssize_t got = read(fd, buffer + used, capacity - used - 1);
        if (got == 0) break;
        if (got > 0) {
            used += (size_t)got;
        } else if (errno != EINTR) {
            int number = errno;
            fgoi_free(buffer);
            return fail_source(path, number);
        }
    }
    buffer[used] = '\0';
    *text = buffer;
    *size = used;
    return FGO_OK;
}

fgo_status fgoi_read_source(const char *path, char **text, size_t *size)
{
    if (strcmp(path, "-") == 0) return read_all(STDIN_FILENO, "stdin", 65536, text, size);
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0) return fail_source(path, errno);
    struct stat info;
    fgo_status status;
    if (fstat(fd, &info) != 0)
        status = fail_source(path, errno);
    else if (S_ISDIR(info.st_mode))
        status = fail_source(path, EISDIR);
    else
        status = read_all(fd, path, info.st_size > 0 ? (size_t)info.st_size : 0, text, size);
    close(fd);
    if (status) return status;
    status = fgoi_decompress(path, text, size);
    if (status) fgoi_free(*text);
    return status;
}
