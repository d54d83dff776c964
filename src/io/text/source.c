/* SPDX-License-Identifier: BSD-3-Clause */
/* source.c -- a file that is read whole, or left where it is and read in windows. */
#include "source.h"
#include "base/error.h"
#include "base/memory.h"
#include "compression.h"
#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { MARGIN = 8 };

static fgo_status fail_source(const char *path, int number)
{
    return fgoi_fail(FGO_ERROR_IO, "%.300s: cannot be read: %s", path, fgoi_errno_text(number));
}

/* Reads until the end of the file, whatever size was expected: the size of a pipe is unknown, and a file may grow. */
static fgo_status read_all(int fd, const char *path, size_t expected, char **text, size_t *size)
{
    char *buffer = NULL;
    size_t capacity = 0, used = 0;
    if (fgoi_grow(&buffer, &capacity, expected + 2, 1)) return fgoi_fail_memory(); /* 2: to see the end, and NUL */
    for (;;) {
        if (capacity - used < 2 && fgoi_grow(&buffer, &capacity, used + 65536, 1)) {
            fgoi_free(buffer);
            return fgoi_fail_memory();
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

/* Leaves the text in its file, which the source then owns. */
static fgo_status leave(int fd, const char *path, const struct stat *info, size_t window, fgoi_source *out)
{
    const size_t length = strlen(path) + 1;
    char *copy = fgoi_alloc(length, 1);
    if (!copy) {
        close(fd);
        return fgoi_fail_memory();
    }
    memcpy(copy, path, length);
    *out = (fgoi_source){ .size = (size_t)info->st_size, .path = copy, .fd = fd, .window = window, .changed = info->st_mtim };
    return FGO_OK;
}

fgo_status fgoi_source_open(const char *path, size_t kept, size_t window, fgoi_source *out)
{
    fgoi_source s = { .fd = -1 };
    struct stat info;
    size_t length;
    fgo_status status;
    if (strcmp(path, "-") == 0) {
        status = read_all(STDIN_FILENO, "stdin", 65536, &s.text, &s.size);
        if (!status) *out = s;
        return status;
    }
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0) return fail_source(path, errno);
    if (fstat(fd, &info) != 0)
        status = fail_source(path, errno);
    else if (S_ISDIR(info.st_mode))
        status = fail_source(path, EISDIR);
    else if (S_ISREG(info.st_mode) && (uintmax_t)info.st_size > kept && fgoi_compression_of(path, &length) == FGOI_PLAIN)
        return leave(fd, path, &info, window, out);
    else
        status = read_all(fd, path, info.st_size > 0 ? (size_t)info.st_size : 0, &s.text, &s.size);
    close(fd);
    if (!status) status = fgoi_decompress(path, &s.text, &s.size);
    if (status)
        fgoi_free(s.text);
    else
        *out = s;
    return status;
}

void fgoi_source_close(fgoi_source *s)
{
    if (s->path) close(s->fd);
    fgoi_free(s->path);
    fgoi_free(s->text);
}

int fgoi_source_changed(const fgoi_source *s)
{
    struct stat now;
    if (s->text) return 0;
    return fstat(s->fd, &now) != 0 || (size_t)now.st_size != s->size || now.st_mtim.tv_sec != s->changed.tv_sec ||
           now.st_mtim.tv_nsec != s->changed.tv_nsec;
}

static fgo_status load(const fgoi_source *s, fgoi_window *w, size_t begin, size_t end)
{
    size_t wanted = end - begin > s->window ? end - begin : s->window;
    if (wanted > s->size - begin) wanted = s->size - begin;
    w->begin = begin;
    w->size = 0;
    if (fgoi_grow(&w->bytes, &w->capacity, wanted + MARGIN, 1)) return fgoi_fail_memory();
    while (w->size < wanted) {
        const ssize_t got = pread(s->fd, w->bytes + w->size, wanted - w->size, (off_t)(begin + w->size));
        if (got < 0 && errno != EINTR) return fail_source(s->path, errno);
        if (got == 0) break;
        if (got > 0) w->size += (size_t)got;
    }
    memset(w->bytes + w->size, 0, MARGIN);
    if (w->size == wanted && !fgoi_source_changed(s)) return FGO_OK;
    return fgoi_fail(FGO_ERROR_IO, "%.300s: has been changed since it was opened: read it again", s->path);
}

const char *fgoi_source_bytes(const fgoi_source *s, fgoi_window *w, size_t begin, size_t end)
{
    if (s->text) return s->text + begin;
    if (begin >= w->begin && end <= w->begin + w->size) return w->bytes + (begin - w->begin);
    if (w->failed) return NULL;
    if ((w->failed = load(s, w, begin, end)) == FGO_OK) return w->bytes;
    w->size = 0;
    return NULL;
}
