/* SPDX-License-Identifier: BSD-3-Clause */
/* shim.c -- counts the calls of the C library's functions, and makes one of them fail. */
#define _GNU_SOURCE /* RTLD_NEXT */
#include "shim.h"
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static atomic_int kind = FAULT_NONE;
static atomic_long count, live;
static long at;
static int error_number;

void fault_arm(fault_kind k, long failing, int error)
{
    at = failing;
    error_number = error;
    atomic_store(&count, 0);
    atomic_store(&kind, k);
}

long fault_disarm(void)
{
    atomic_store(&kind, FAULT_NONE);
    return atomic_load(&count);
}

long fault_live_blocks(void) { return atomic_load(&live); }

/* 1 if this operation, of a kind that counts as k, is the one. */
static int fails(fault_kind k)
{
    const int armed = atomic_load(&kind);
    if (armed == FAULT_INTERRUPT && k != FAULT_SHORT) {
        if (atomic_fetch_add(&count, 1) == at) raise(SIGINT);
        return 0;
    }
    return armed == (int)k && atomic_fetch_add(&count, 1) == at;
}

static int fails_file(void)
{
    if (!fails(FAULT_FILE)) return 0;
    errno = error_number;
    return 1;
}

/* ---- memory: the names behind the public ones in glibc ---- */

extern void *__libc_malloc(size_t), *__libc_calloc(size_t, size_t), *__libc_realloc(void *, size_t),
    *__libc_memalign(size_t, size_t);
extern void __libc_free(void *);

/* 1 for an allocation that libgomp asks for, which ends the process if it does not get it: nothing that can be tested.
 * Only CHOLMOD's supernodal factorization comes there (SECURITY.md). */
static int is_exempt(const void *caller)
{
    static const char *begin, *end;
    static _Thread_local int inside;
    Dl_info info;
    if (atomic_load(&kind) != FAULT_MEMORY || inside) return inside;
    if ((const char *)caller >= begin && (const char *)caller < end) return 1;
    inside = 1;
    const int found = dladdr(caller, &info) && info.dli_fname && strstr(info.dli_fname, "libgomp");
    inside = 0;
    if (found) begin = info.dli_fbase, end = begin + (1 << 20);
    return found;
}

/* In the function that a caller called. */
#define fails_memory() (!is_exempt(__builtin_return_address(0)) && fails(FAULT_MEMORY))

static void *counted(void *p)
{
    if (p) atomic_fetch_add(&live, 1);
    return p;
}

static void *refused(void)
{
    errno = ENOMEM;
    return NULL;
}

void *malloc(size_t size) { return fails_memory() ? refused() : counted(__libc_malloc(size)); }
void *calloc(size_t n, size_t size) { return fails_memory() ? refused() : counted(__libc_calloc(n, size)); }
void *memalign(size_t alignment, size_t size);
void *memalign(size_t alignment, size_t size) { return fails_memory() ? refused() : counted(__libc_memalign(alignment, size)); }
void *aligned_alloc(size_t alignment, size_t size) { return memalign(alignment, size); }
int posix_memalign(void **out, size_t alignment, size_t size)
{
    void *p = memalign(alignment, size);
    if (p) *out = p;
    return p ? 0 : ENOMEM;
}
void *realloc(void *old, size_t size)
{
    if (fails_memory()) return refused();
    void *p = __libc_realloc(old, size);
    if (!old) return counted(p);
    if (!p && !size) atomic_fetch_sub(&live, 1);
    return p;
}
void free(void *p)
{
    if (p) atomic_fetch_sub(&live, 1);
    __libc_free(p);
}

/* ---- files ---- */

static void *next(const char *name) { return dlsym(RTLD_NEXT, name); }

#define NEXT(type, name, parameters)                                                                                             \
    type(*real) parameters;                                                                                                      \
    void *symbol = next(#name);                                                                                                  \
    memcpy(&real, &symbol, sizeof real)

int open(const char *path, int flags, ...)
{
    NEXT(int, open, (const char *, int, ...));
    va_list arguments;
    va_start(arguments, flags);
    const unsigned mode = flags & O_CREAT ? va_arg(arguments, unsigned) : 0;
    va_end(arguments);
    return fails_file() ? -1 : real(path, flags, mode);
}
ssize_t read(int fd, void *p, size_t size)
{
    NEXT(ssize_t, read, (int, void *, size_t));
    if (fails_file()) return -1;
    return real(fd, p, fails(FAULT_SHORT) && size > 1 ? size / 2 : size);
}
ssize_t write(int fd, const void *p, size_t size)
{
    NEXT(ssize_t, write, (int, const void *, size_t));
    if (fails_file()) return -1;
    return real(fd, p, fails(FAULT_SHORT) && size > 1 ? size / 2 : size);
}
int close(int fd) /* closes all the same, as Linux does */
{
    NEXT(int, close, (int));
    const int failed = fails_file(), result = real(fd);
    if (failed) errno = error_number;
    return failed ? -1 : result;
}
int fsync(int fd)
{
    NEXT(int, fsync, (int));
    return fails_file() ? -1 : real(fd);
}
int fchmod(int fd, mode_t mode)
{
    NEXT(int, fchmod, (int, mode_t));
    return fails_file() ? -1 : real(fd, mode);
}
int rename(const char *from, const char *to)
{
    NEXT(int, rename, (const char *, const char *));
    return fails_file() ? -1 : real(from, to);
}
int mkstemp(char *path)
{
    NEXT(int, mkstemp, (char *));
    return fails_file() ? -1 : real(path);
}
int stat(const char *path, struct stat *out)
{
    NEXT(int, stat, (const char *, struct stat *));
    return fails_file() ? -1 : real(path, out);
}
int lstat(const char *path, struct stat *out)
{
    NEXT(int, lstat, (const char *, struct stat *));
    return fails_file() ? -1 : real(path, out);
}
int fstat(int fd, struct stat *out)
{
    NEXT(int, fstat, (int, struct stat *));
    return fails_file() ? -1 : real(fd, out);
}
int access(const char *path, int mode)
{
    NEXT(int, access, (const char *, int));
    return fails_file() ? -1 : real(path, mode);
}
char *realpath(const char *path, char *out)
{
    NEXT(char *, realpath, (const char *, char *));
    return fails_file() ? NULL : real(path, out);
}
