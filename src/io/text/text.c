/* SPDX-License-Identifier: BSD-3-Clause */
#include "text.h"
#include "base/memory.h"
#include "number.h"
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

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

static fgo_status fail_write(const char *path, const char *what, int number)
{
    return fgoi_fail(FGO_ERROR_IO, "%.300s: %s: %s", path, what, fgoi_errno_text(number));
}

/* 0 or an errno value. */
static int write_all(int fd, const fgoi_text *t)
{
    for (size_t done = 0; done < t->size;) {
        ssize_t wrote = write(fd, t->p + done, t->size - done);
        if (wrote >= 0)
            done += (size_t)wrote;
        else if (errno != EINTR)
            return errno;
    }
    return 0;
}

static fgo_status write_stdout(const fgoi_text *t)
{
    errno = 0; /* through stdio, behind what the program has printed before */
    if (fwrite(t->p, 1, t->size, stdout) == t->size && fflush(stdout) == 0) return FGO_OK;
    return fail_write("stdout", "cannot be written", errno);
}

static fgo_status write_direct(const char *path, const fgoi_text *t)
{
    int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
    if (fd < 0) return fail_write(path, "cannot be written", errno);
    int number = write_all(fd, t);
    if (close(fd) != 0 && !number) number = errno;
    return number ? fail_write(path, "cannot be written", number) : FGO_OK;
}

/* Creates a file of a new name in the directory of path. The name goes to `temporary`, which has room for path and 64
 * bytes. Returns the descriptor, or -1 with errno. */
static int create_beside(const char *path, char *temporary, size_t size)
{
    const char *slash = strrchr(path, '/');
    const int directory = slash ? (int)(slash - path) + 1 : 0;
    for (unsigned attempt = 0; attempt < 1000; attempt++) {
        snprintf(temporary, size, "%.*s.fgopt-%ld-%u", directory, path, (long)getpid(), attempt);
        int fd = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
        if (fd >= 0 || errno != EEXIST) return fd;
    }
    return -1;
}

/* Fills the temporary file; mode: of the file to be replaced, or -1. 0 or an errno value. Closes fd. */
static int fill_temporary(int fd, const fgoi_text *t, long mode)
{
    int number = write_all(fd, t);
    if (!number && mode >= 0 && fchmod(fd, (mode_t)mode) != 0) number = errno;
    /* before the rename, so that a crash of the machine cannot leave an empty file in place of the old one; file
     * systems that cannot do it say EINVAL */
    if (!number && fsync(fd) != 0 && errno != EINVAL) number = errno;
    if (close(fd) != 0 && !number) number = errno;
    return number;
}

static fgo_status write_replace(const char *path, const fgoi_text *t, long mode)
{
    const size_t size = strlen(path) + 64;
    char *temporary = fgoi_alloc(size, 1);
    if (!temporary) return fgoi_fail_memory();
    fgo_status status = FGO_OK;
    int fd = create_beside(path, temporary, size), number;
    if (fd < 0) {
        status = fail_write(path, "no temporary file can be made beside it", errno);
    } else {
        number = fill_temporary(fd, t, mode);
        if (!number && rename(temporary, path) != 0) number = errno;
        if (number) {
            unlink(temporary);
            status = fail_write(path, "cannot be written", number);
        }
    }
    fgoi_free(temporary);
    return status;
}

fgo_status fgoi_write_file(const char *path, const fgoi_text *t)
{
    struct stat info;
    if (strcmp(path, "-") == 0) return write_stdout(t);
    if (lstat(path, &info) != 0) {
        if (errno == ENOENT) return write_replace(path, t, -1);
        return fail_write(path, "cannot be written", errno);
    }
    if (stat(path, &info) != 0 || (!S_ISREG(info.st_mode) && !S_ISDIR(info.st_mode)))
        return write_direct(path, t); /* a link to nowhere, a pipe, a device */
    if (S_ISDIR(info.st_mode)) return fail_write(path, "cannot be written", EISDIR);
    if (access(path, W_OK) != 0) return fail_write(path, "cannot be written", errno);
    char *target = realpath(path, NULL); /* behind links: they stay links */
    if (!target) return fail_write(path, "cannot be written", errno);
    fgo_status status = write_replace(target, t, (long)(info.st_mode & 07777));
    free(target); /* from libc, not from fgoi_alloc */
    return status;
}
