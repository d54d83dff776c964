/* SPDX-License-Identifier: BSD-3-Clause */
/* output_file.c -- files that appear complete or not at all. */
#include "output_file.h"
#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* Returns the name that the file has in the end: links are followed, so that a link stays a link. The caller frees the name;
 * NULL: out of memory. */
static char *resolve(const char *path)
{
    struct stat status;
    if (!lstat(path, &status) && S_ISLNK(status.st_mode)) {
        char *real = realpath(path, NULL);
        if (real) return real;
    }
    return strdup(path);
}

static int is_replaceable(const char *path)
{
    struct stat status;
    return stat(path, &status) || S_ISREG(status.st_mode);
}

/* ---- files that a signal that ends the program would leave unfinished ---- */

enum { MOST_OPEN = 4, MOST_SIGNALS = 3 };
static char *volatile unfinished[MOST_OPEN];
static const int ending[MOST_SIGNALS] = { SIGINT, SIGTERM, SIGHUP };

static void remove_unfinished(int number)
{
    for (int i = 0; i < MOST_OPEN; i++)
        if (unfinished[i]) unlink(unfinished[i]);
    signal(number, SIG_DFL);
    raise(number);
}

/* Puts the name `to` in the place of `from` among the unfinished files; NULL stands for an empty place. Signals that a command
 * catches itself stay with it, and ignored signals stay ignored. */
static void note_unfinished(const char *from, char *to)
{
    for (int i = 0; i < MOST_SIGNALS && to; i++) {
        struct sigaction now;
        if (sigaction(ending[i], NULL, &now) || now.sa_handler != SIG_DFL) continue;
        now = (struct sigaction){ .sa_handler = remove_unfinished };
        sigaction(ending[i], &now, NULL);
    }
    for (int i = 0; i < MOST_OPEN; i++) {
        if (unfinished[i] != from) continue;
        unfinished[i] = to;
        return;
    }
}

/* Opens a new file beside out->path with the permissions that a plain creation would give it. */
static int open_temporary(cli_output *out)
{
    size_t size = strlen(out->path) + sizeof ".XXXXXX";
    out->temporary = malloc(size);
    if (!out->temporary) return -1;
    snprintf(out->temporary, size, "%s.XXXXXX", out->path);
    int fd = mkstemp(out->temporary);
    if (fd < 0) {
        free(out->temporary);
        out->temporary = NULL;
        return -1;
    }
    note_unfinished(NULL, out->temporary);
    mode_t mask = umask(0);
    umask(mask);
    struct stat old;
    mode_t mode = stat(out->path, &old) ? 0666 & ~mask : old.st_mode & 07777;
    if (!fchmod(fd, mode)) out->file = fdopen(fd, "w");
    if (out->file) return 0;
    close(fd);
    return -1;
}

cli_exit cli_output_open(cli_output *out, const char *path)
{
    *out = (cli_output){ NULL, NULL, NULL };
    if (cli_is_standard(path)) {
        out->file = stdout;
        return CLI_OK;
    }
    out->path = resolve(path);
    if (out->path && is_replaceable(out->path))
        open_temporary(out);
    else if (out->path)
        out->file = fopen(out->path, "w");
    if (out->file) return CLI_OK;
    cli_fail(CLI_FAILURE, "cannot write %s: %s", path, strerror(errno));
    cli_output_discard(out);
    return CLI_FAILURE;
}

cli_exit cli_output_close(cli_output *out)
{
    cli_exit code = CLI_OK;
    errno = 0;
    int bad = fflush(out->file) || ferror(out->file);
    if (out->path) {
        if (fclose(out->file)) bad = 1;
        out->file = NULL;
        if (!bad && out->temporary && rename(out->temporary, out->path)) bad = 1;
        if (!bad) {
            note_unfinished(out->temporary, NULL);
            free(out->temporary);
            out->temporary = NULL;
        }
    }
    if (bad) {
        code = cli_fail(CLI_FAILURE, "cannot write %s: %s", out->path ? out->path : "to standard output",
                        errno ? strerror(errno) : "write error");
        clearerr(stdout); /* said once */
    }
    cli_output_discard(out);
    return code;
}

void cli_output_discard(cli_output *out)
{
    if (out->path && out->file) (void)fclose(out->file); /* what it holds is thrown away */
    if (out->temporary) {
        unlink(out->temporary);
        note_unfinished(out->temporary, NULL);
    }
    free(out->temporary);
    free(out->path);
    *out = (cli_output){ NULL, NULL, NULL };
}
