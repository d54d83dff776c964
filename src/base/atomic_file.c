/* SPDX-License-Identifier: BSD-3-Clause */
/* atomic_file.c -- a temporary file beside the target, flushed to the disk and renamed into its place: POSIX promises that
 * whoever opens the name gets the old file or the new one. */
#include "atomic_file.h"
#include "memory.h"
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static fgo_status fail_write(const char *path, const char *what, int number)
{
    return fgoi_fail(FGO_ERROR_IO, "%.300s: %s: %s", path, what, fgoi_errno_text(number));
}

/* Writes all bytes to fd. Returns 0 or an errno value. */
static int write_all(int fd, const char *bytes, size_t size)
{
    for (size_t done = 0; done < size;) {
        ssize_t wrote = write(fd, bytes + done, size - done);
        if (wrote >= 0)
            done += (size_t)wrote;
        else if (errno != EINTR)
            return errno;
    }
    return 0;
}

static fgo_status write_direct(const char *path, const char *bytes, size_t size)
{
    int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
    if (fd < 0) return fail_write(path, "cannot be written", errno);
    int number = write_all(fd, bytes, size);
    if (close(fd) != 0 && !number) number = errno;
    return number ? fail_write(path, "cannot be written", number) : FGO_OK;
}

/* Creates a file with a new name in the directory of path. Writes the name to `temporary`, which has room for path and 64 bytes.
 * Returns the descriptor, or -1 with errno. */
static int create_beside(const char *path, char *temporary, size_t room)
{
    const char *slash = strrchr(path, '/');
    const int directory = slash ? (int)(slash - path) + 1 : 0;
    for (unsigned attempt = 0; attempt < 1000; attempt++) {
        snprintf(temporary, room, "%.*s.fgopt-%ld-%u", directory, path, (long)getpid(), attempt);
        int fd = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
        if (fd >= 0 || errno != EEXIST) return fd;
    }
    return -1;
}

/* Fills the temporary file and closes fd. `mode` is the mode of the file to be replaced, or -1. Returns 0 or an errno value. */
static int fill_temporary(int fd, const char *bytes, size_t size, long mode)
{
    int number = write_all(fd, bytes, size);
    if (!number && mode >= 0 && fchmod(fd, (mode_t)mode) != 0) number = errno;
    /* flushed before the rename, so that a crash of the machine cannot leave an empty file in place of the old one; file systems
     * that cannot flush say EINVAL */
    if (!number && fsync(fd) != 0 && errno != EINVAL) number = errno;
    if (close(fd) != 0 && !number) number = errno;
    return number;
}

static fgo_status write_replace(const char *path, const char *bytes, size_t size, long mode)
{
    const size_t room = strlen(path) + 64;
    char *temporary = fgoi_alloc(room, 1);
    if (!temporary) return fgoi_fail_memory();
    fgo_status status = FGO_OK;
    int fd = create_beside(path, temporary, room), number;
    if (fd < 0) {
        status = fail_write(path, "no temporary file can be made beside it", errno);
    } else {
        number = fill_temporary(fd, bytes, size, mode);
        if (!number && rename(temporary, path) != 0) number = errno;
        if (number) {
            unlink(temporary);
            status = fail_write(path, "cannot be written", number);
        }
    }
    fgoi_free(temporary);
    return status;
}

fgo_status fgoi_atomic_file_write(const char *path, const char *bytes, size_t size)
{
    struct stat info;
    if (lstat(path, &info) != 0) {
        if (errno == ENOENT) return write_replace(path, bytes, size, -1);
        return fail_write(path, "cannot be written", errno);
    }
    if (stat(path, &info) != 0 || (!S_ISREG(info.st_mode) && !S_ISDIR(info.st_mode)))
        return write_direct(path, bytes, size); /* a link to nowhere, a pipe, a device */
    if (S_ISDIR(info.st_mode)) return fail_write(path, "cannot be written", EISDIR);
    if (access(path, W_OK) != 0) return fail_write(path, "cannot be written", errno);
    char *target = realpath(path, NULL); /* the file that links lead to: links stay links */
    if (!target) return fail_write(path, "cannot be written", errno);
    fgo_status status = write_replace(target, bytes, size, (long)(info.st_mode & 07777));
    free(target); /* target is from libc, not from fgoi_alloc */
    return status;
}
